"""What holds after each act, in the machine's own words. Each reads the tables, and compares with what the machine knows."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from wagtail import hooks

from accounts.enums import RecoveryState
from accounts.errors import DomainError
from accounts.models import PasswordRecovery, Person, RoleRequest, User
from accounts.models.notices import PersonalNotice
from accounts.scoping.work import Work
from accounts.services.identity_documents import find_by_national_id
from accounts.services.recoveries import give_password
from accounts.services.role_requests import give_asked_role
from assessment.enums import AttemptState
from assessment.models import Attempt
from certificates.enums import (
    CredentialKind,
    CredentialState,
    ProceedingState,
    ProposalState,
    RowState,
    Status,
)
from certificates.models import Credential, Notice, Proposal, StatusEvent
from certificates.queries.doubts import doubts_of
from certificates.services.deciding import approve
from certificates.services.proceedings import decide_revocation
from courses.enums import EnrollmentState, FactsState, HoldState, WaitingState
from courses.models import (
    Cohort,
    CohortFacts,
    ConfirmedCompletion,
    Eligibility,
    Enrollment,
    ScoreCorrection,
    SeatHold,
    UnitProgress,
    WaitingEntry,
)
from courses.queries.doubts import is_in_doubt
from courses.queries.workspace.figures import figures_of
from courses.queries.workspace.trainees import trainees_of
from courses.services.facts import decide_correction
from courses.services.seats import ON_THE_LIST
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


@invariant("What takes an act back gives back what was.")
def undone_gives_back(world: World) -> Iterator[str]:
    yield from world.kept
    world.kept.clear()


@invariant("Seats taken and held are the rows that take and hold them.", Cohort, Enrollment, SeatHold)
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


@invariant(
    "A seat that is offered is kept for whom it is offered to, for as long as it is offered.",
    SeatHold,
    WaitingEntry,
)
def offers_are_kept(_world: World) -> Iterator[str]:
    offers = Q(state=WaitingState.OFFERED) | Q(hold__state=HoldState.HELD)
    for entry in WaitingEntry.objects.filter(offers).select_related("hold"):
        hold = entry.hold
        if hold is None or (entry.state == WaitingState.OFFERED) != (hold.state == HoldState.HELD):
            yield f"entry {entry.pk} is {entry.state}, its seat {hold and hold.state}"
        elif (hold.person_id, hold.cohort_id) != (entry.person_id, entry.cohort_id):
            yield f"entry {entry.pk} is of record {entry.person_id}, its seat is kept for {hold.person_id}"


@invariant(
    "Nothing that goes on is of a record that was merged into another one.",
    Person,
    Enrollment,
    SeatHold,
    WaitingEntry,
)
def nothing_left_behind(_world: World) -> Iterator[str]:
    merged = Person.everyone.exclude(merged_into=None).values("pk")
    for rows in (
        Enrollment.objects.filter(state=EnrollmentState.ACTIVE),
        SeatHold.objects.filter(state=HoldState.HELD),
        WaitingEntry.objects.filter(state__in=ON_THE_LIST),
        User.objects.filter(is_active=True),
    ):
        for row in rows.filter(person__in=merged):
            yield f"{row._meta.label} {row.pk} is of merged record {row.person_id}"


@invariant("A person studies in one cohort of a program at a time.", Enrollment)
def one_seat_in_a_program(_world: World) -> Iterator[str]:
    rows = (
        Enrollment.objects.filter(state=EnrollmentState.ACTIVE).order_by().values("person", "cohort__program")
    )
    for row in rows.annotate(seats=Count("pk")).filter(seats__gt=1):
        yield f"person {row['person']} has {row['seats']} seats in program {row['cohort__program']}"


@invariant("A unit says what its passed test says.", Attempt, UnitProgress, ScoreCorrection)
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


@invariant("No one takes a test twice in one sitting.", Attempt)
def once_in_a_sitting(_world: World) -> Iterator[str]:
    rows = Attempt.objects.filter(sitting__isnull=False).order_by().values("sitting", "enrollment__person")
    for row in rows.annotate(attempts=Count("pk")).filter(attempts__gt=1):
        yield f"person {row['enrollment__person']} has {row['attempts']} attempts in sitting {row['sitting']}"


@invariant("People are counted once.", is_late=True)
def people_are_counted_once(_world: World) -> Iterator[str]:
    taking = (EnrollmentState.ACTIVE, EnrollmentState.COMPLETED, EnrollmentState.FAILED)
    for cohort in Cohort.objects.order_by("pk"):
        there = set(cohort.enrollments.filter(state__in=taking).values_list("person", flat=True))
        shown = figures_of(trainees_of(cohort)).people
        if shown != len(there):
            yield f"cohort {cohort.code} says {shown} people, and {len(there)} have a seat"


@invariant(
    "Each claim of a paper in force is what was so on the day, or the paper is in doubt.",
    Credential,
    CohortFacts,
)
def claims_follow(world: World) -> Iterator[str]:
    rows = Credential.objects.filter(state=CredentialState.IN_FORCE).select_related(
        "enrollment", "type", "proposal"
    )
    for credential in rows:
        if credential.enrollment_id and credential.type.kind != CredentialKind.LICENSE:
            said = world.said.get(world.issued_in.get(credential.pk) or _cohort_of_issue(credential), {})
            wrong = {name: fact for name, fact in said.items() if credential.claims.get(name) != fact}
            if wrong and credential.pk not in world.lifted and not says_doubt(credential):
                claims = {name: credential.claims.get(name) for name in wrong}
                yield f"{credential.number} says {claims}, and {wrong} was so"
        named = world.named.get(credential.pk)
        if named is not None and credential.claims["name_ar"] != named:
            yield f"{credential.number}: another name"


def _cohort_of_issue(credential: Credential) -> int:
    return (credential.proposal and credential.proposal.cohort_id) or 0


@invariant(
    "A paper on a basis that is gone or in doubt is in doubt itself.",
    Credential,
    Eligibility,
    ConfirmedCompletion,
    Enrollment,
)
def doubt_travels(world: World) -> Iterator[str]:
    rows = Credential.objects.filter(state=CredentialState.IN_FORCE, claims__has_key="basis")
    for credential in rows:
        basis = (
            Credential.objects.filter(number=credential.claims["basis"]).select_related("enrollment").first()
        )
        if basis is None:
            continue
        if basis.state in (CredentialState.REVOKED, CredentialState.SUSPENDED):
            if credential.pk not in world.lifted and not says_doubt(credential):
                yield f"{credential.number} is in force on {basis.number}, which is {basis.state}"
        elif basis.enrollment and is_in_doubt(basis.enrollment) and not says_doubt(credential):
            yield f"{credential.number} shows no doubt, though {basis.number} is in doubt"


def says_doubt(credential: Credential) -> bool:
    """Whether the product says that this paper is in doubt."""
    return bool(doubts_of([credential]).get(credential.pk))


@invariant("No one holds two papers in force of one kind and cohort.", Credential)
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


@invariant("The holder is told once of each change of a paper.", StatusEvent, Notice)
def told_once(_world: World) -> Iterator[str]:
    told = (Status.SUSPENDED, Status.REINSTATED, Status.REVOKED)
    notices = Counter(Notice.objects.exclude(event=None).values_list("event", flat=True))
    for event in StatusEvent.objects.filter(status__in=told):
        if notices[event.pk] != 1:
            yield f"event {event.pk} ({event.status}) of paper {event.credential_id} is told {notices[event.pk]} times"


def _kinds_of_notices() -> list[Any]:
    """Those about a row; the others say what happens to a person."""
    kinds: list[Any] = [model for model in apps.get_models() if issubclass(model, PersonalNotice)]
    return [model for model in kinds if not model.center_path.startswith(model.person_path)]


@invariant("One act tells a person one thing of a row.", *_kinds_of_notices())
def tells_once(world: World) -> Iterator[str]:
    for model in _kinds_of_notices():
        # The row that it is about is that from which it has its center.
        person, row = (f"{path.split('__')[0]}_id" for path in (model.person_path, model.center_path))
        told = Counter((getattr(one, person), getattr(one, row)) for one in world.rows_since(model))
        for (person, subject), times in told.items():
            if times > 1:
                yield f"{model._meta.label}: {times} to {person} of {row} {subject}"


@invariant("Who was erased has no name, no number and no login.", is_late=True)
def erased_is_gone(world: World) -> Iterator[str]:
    # Who came again is on record again.
    for human in (one for one in world.erased if one.person is None):
        if find_by_national_id(human.number) is not None:
            yield f"the number of {human} is on record"
        if User.objects.filter(phone=f"+2{human.phone}").exists():
            yield f"a login has the phone of {human}"


@dataclass(frozen=True)
class Unfinished:
    """Rows of a kind that wait, the work of the home page that has them, and the act that ends the waiting."""

    work: str
    rows: Callable[[], QuerySet[Any]]
    decide: Callable[[Any, User], object]


UNFINISHED = (
    Unfinished(
        "password-requests",
        lambda: PasswordRecovery.objects.filter(state=RecoveryState.ASKED, user__is_active=True),
        lambda row, by: give_password(recovery_id=row.pk, by=by),
    ),
    Unfinished(
        "role-requests",
        lambda: RoleRequest.objects.filter(state=RecoveryState.ASKED),
        lambda row, by: give_asked_role(request_id=row.pk, by=by),
    ),
    Unfinished(
        "proposals",
        lambda: Proposal.objects.filter(
            state=ProposalState.PROPOSED, rows__state=RowState.ELIGIBLE
        ).distinct(),
        lambda row, by: approve(proposal_id=row.pk, by=by, confirmed_at=timezone.now()),
    ),
    Unfinished(
        "facts-to-decide",
        lambda: CohortFacts.objects.filter(state=FactsState.WAITING),
        lambda row, by: decide_correction(facts_id=row.pk, is_accepted=True, by=by),
    ),
    Unfinished(
        "revocations",
        lambda: Credential.objects.filter(proceedings__state=ProceedingState.OPEN),
        lambda row, by: decide_revocation(credential_id=row.pk, note="", by=by),
    ),
)


@invariant("What is unfinished waits on the home page of somebody who may do it.", is_late=True)
def waits_on_a_home(world: World) -> Iterator[str]:
    works: dict[str, Work] = {}
    for hook in hooks.get_hooks("register_work"):
        works |= {work.name: work() for work in hook()}
    logins = list(
        User.objects.filter(pk__in=sorted(world.owner), is_active=True, memberships__isnull=False).distinct()
    )
    for kind in UNFINISHED:
        rows = list(kind.rows())
        if not rows:
            continue
        work = works[kind.work]
        shown = {row.pk for user in logins if work.is_for(user) for row in work.rows(user)}
        for row in rows:
            if row.pk not in shown:
                able = [user.pk for user in logins if _may(kind, row, user)]
                if able:
                    yield f"{kind.work} {row.pk} is on no home page, and logins {able} may decide it"


def _may(kind: Unfinished, row: Any, user: User) -> bool:
    """Whether the service lets this login decide. What it writes is taken back."""
    try:
        with transaction.atomic():
            kind.decide(row, User.objects.get(pk=user.pk))
            transaction.set_rollback(True)
    except DomainError:
        return False
    return True


def reached_a_paper() -> bool:
    return Credential.objects.exists()
