"""What holds after each act, in the machine's own words. Each reads the tables, and compares with what the machine knows."""

from collections.abc import Iterator

from django.db.models import Count, F, Q
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessment.enums import AttemptState
from assessment.models import Attempt
from certificates.enums import CredentialKind, CredentialState
from certificates.models import Credential
from certificates.queries.doubts import doubts_of
from courses.enums import EnrollmentState
from courses.models import Cohort, Enrollment, ScoreCorrection, SeatHold, UnitProgress
from courses.queries.doubts import is_in_doubt
from scripts.world.history import World
from scripts.world.registry import invariant


@invariant("No one logs in as somebody else.")
def no_takeovers(world: World) -> Iterator[str]:
    yield from world.takeovers
    world.takeovers.clear()


@invariant("No door tells a known number from an unknown one without the card.")
def no_oracles(world: World) -> Iterator[str]:
    yield from world.oracles
    world.oracles.clear()


@invariant("No one takes a test whose keys they read, or more often than it allows.")
def no_cheats(world: World) -> Iterator[str]:
    yield from world.cheats
    world.cheats.clear()


@invariant("No act that needs two was done by one person.")
def two_hands(world: World) -> Iterator[str]:
    for (label, key), deeds in world.hands.items():
        humans = list(deeds.values())
        if len(humans) > 1 and len(set(map(id, humans))) == 1:
            yield f"{label} {key}: {' and '.join(sorted(deeds))} by {humans[0]}"
    for pair in [pair for pair, deeds in world.hands.items() if len(deeds) > 1]:
        del world.hands[pair]


@invariant("Seats taken and held are the rows that take and hold them, and never more than there are.")
def seats_are_rows(world: World) -> Iterator[str]:
    taking = Q(
        enrollments__state__in=(EnrollmentState.ACTIVE, EnrollmentState.COMPLETED, EnrollmentState.FAILED)
    )
    rows = Cohort.objects.annotate(rows=Count("enrollments", filter=taking)).exclude(rows=F("seats_taken"))
    for cohort in rows:
        yield f"cohort {cohort.code}: {cohort.seats_taken} taken, {cohort.rows} enrollments"
    holding = Count("holds", filter=Q(holds__in=SeatHold.objects.filter(ended_at=None)))
    for cohort in Cohort.objects.annotate(rows=holding).exclude(rows=F("seats_held")):
        yield f"cohort {cohort.code}: {cohort.seats_held} held, {cohort.rows} holds"


@invariant("A person studies in one cohort of a program at a time.")
def one_seat_in_a_program(_world: World) -> Iterator[str]:
    rows = (
        Enrollment.objects.filter(state=EnrollmentState.ACTIVE).order_by().values("person", "cohort__program")
    )
    for row in rows.annotate(seats=Count("pk")).filter(seats__gt=1):
        yield f"person {row['person']} has {row['seats']} seats in program {row['cohort__program']}"


@invariant("A unit says what its passed test says.")
def units_follow_tests(_world: World) -> Iterator[str]:
    passed = Attempt.objects.filter(
        state=AttemptState.MARKED, passed=True, enrollment__state=EnrollmentState.ACTIVE
    )
    corrected = ScoreCorrection.objects.values("progress")
    for attempt in passed:
        unit = UnitProgress.objects.filter(
            enrollment=attempt.enrollment_id, unit_key=attempt.quiz_key
        ).first()
        if unit is None or unit.passed or not attempt.late_decisions.exists():
            continue
        if not corrected.filter(progress=unit.pk).exists():
            yield f"attempt {attempt.pk} is passed, its unit is not"


@invariant("Each claim of a paper in force is what was so on the day, or the paper is in doubt.")
def claims_follow(world: World) -> Iterator[str]:
    rows = Credential.objects.filter(state=CredentialState.IN_FORCE).select_related(
        "enrollment", "type", "proposal"
    )
    for credential in rows:
        if credential.enrollment_id and credential.type.kind != CredentialKind.LICENSE:
            said = world.said.get(_cohort_of_issue(credential), {})
            for name, fact in said.items():
                if credential.claims.get(name) != fact:
                    yield f"{credential.number}: {name} is {credential.claims.get(name)!r}, the page said {fact!r}"
        named = world.named.get(credential.pk)
        if named is not None and credential.claims["name_ar"] != named:
            yield f"{credential.number}: another name"


def _cohort_of_issue(credential: Credential) -> int:
    return (credential.proposal and credential.proposal.cohort_id) or 0


@invariant("A paper on a basis that is gone or in doubt is in doubt itself.")
def doubt_travels(_world: World) -> Iterator[str]:
    rows = Credential.objects.filter(state=CredentialState.IN_FORCE, claims__has_key="basis")
    for credential in rows:
        basis = (
            Credential.objects.filter(number=credential.claims["basis"]).select_related("enrollment").first()
        )
        if basis is None:
            continue
        if basis.state in (CredentialState.REVOKED, CredentialState.SUSPENDED):
            yield f"{credential.number} is in force on {basis.number}, which is {basis.state}"
        elif basis.enrollment and is_in_doubt(basis.enrollment) and not says_doubt(credential):
            yield f"{credential.number} shows no doubt, though {basis.number} is in doubt"


def says_doubt(credential: Credential) -> bool:
    """Whether the product says that this paper is in doubt."""
    return bool(doubts_of([credential]).get(credential.pk))


@invariant("Who holds two papers in force of one kind and cohort holds one too many.")
def one_paper_each(_world: World) -> Iterator[str]:
    rows = Credential.objects.filter(state=CredentialState.IN_FORCE, enrollment__isnull=False).order_by()
    for row in rows.values("enrollment", "type").annotate(papers=Count("pk")).filter(papers__gt=1):
        yield f"enrollment {row['enrollment']} has {row['papers']} of type {row['type']}"


@invariant("Numbers of certificates have no gap and no double.", is_late=True)
def numbers_are_gapless(_world: World) -> Iterator[str]:
    seen: dict[str, list[int]] = {}
    for number in Credential.objects.values_list("number", flat=True):
        series, place = number.rstrip("0123456789"), number[-6:]
        seen.setdefault(series, []).append(int(place))
    for series, places in seen.items():
        if sorted(places) != list(range(1, len(places) + 1)):
            yield f"series {series}: {sorted(places)}"


LISTS = (
    "person",
    "enrollment",
    "cohort",
    "credentials",
    "proposals",
    "user",
    "imports",
    "membership",
    "audit",
    "classsession",
)


@invariant("No page of lists shows a whole number of a card.", is_late=True)
def no_number_on_lists(world: World) -> Iterator[str]:
    """As five random readers see them."""
    numbers = {human.number: human for human in world.humans}
    readers = sorted({key for human in world.humans for key in human.logins})
    rows = list(
        User.objects.filter(pk__in=readers, is_active=True, memberships__isnull=False)
        .distinct()
        .order_by("pk")
    )
    for reader in world.chance.sample(rows, min(5, len(rows))):
        browser = Client(SERVER_NAME="localhost")
        browser.force_login(reader)
        for name in world.chance.sample(LISTS, 3):
            page = browser.get(reverse(f"{name}:index"))
            if page.status_code not in (200, 302, 404):
                yield f"{name} answers {page.status_code} to login {reader.pk}"
            elif page.status_code == 200:
                shown = [human for number, human in numbers.items() if number.encode() in page.content]
                yield from (
                    f"the list of {name} shows the number of {human} to login {reader.pk}" for human in shown
                )


def reached_a_paper() -> bool:
    return Credential.objects.exists()
