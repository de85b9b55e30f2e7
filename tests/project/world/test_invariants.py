"""Each invariant of `make world` is silent on the stage, and says so where a row is spoiled or a rule is taken away."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from django.db.models import F
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from wagtail.log_actions import log

from accounts.enums import RoleName
from accounts.models import Center, Membership, Person, User
from accounts.services.phones import normalize_phone
from accounts.services.recoveries import ask_for_password_of_staff
from accounts.sms import SmsGateway
from accounts.work import PasswordRequests
from assessment.models import Attempt, LateDecision, Sitting
from assessment.services.attempts import start_attempt
from certificates.enums import SUSPENSION_REASONS, CredentialState
from certificates.models import Credential, Notice
from certificates.services.proposing import propose_on_prerequisite
from certificates.services.statuses import suspend
from courses.enums import EnrollmentState, SeatNoticeKind, SessionKind, WaitingState
from courses.models import Cohort, Enrollment, UnitProgress, WaitingEntry
from courses.services import imported_enrollments
from courses.services.progress import complete_unit
from courses.services.seats import tell
from lms.celery import app
from scripts.world import canaries, history, invariants, rights, stage
from scripts.world.acts import attempts, people, seats
from scripts.world.clock import Clock
from scripts.world.history import World
from scripts.world.people import Goal
from scripts.world.registry import INVARIANTS, Invariant
from tests.database_owner import run_as_owner, trigger_disabled
from tests.factories.accounts import MembershipFactory, deputy_for, staff_member
from tests.factories.assessment import SECRET_WHY
from tests.factories.certificates import approved, credential_type, issued_for
from tests.factories.courses import ClassSessionFactory, EnrollmentFactory, held_seat_in
from tests.kept_rows import kept_rows

pytestmark = pytest.mark.django_db

type Spoil = Callable[[World, pytest.MonkeyPatch], object]
SPOILS: dict[str, Spoil] = {}


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[stage.Made]:
    """The stage, with a skill-level certificate and a license on it."""
    with kept_rows(django_db_blocker):
        built = stage.build()
        basis = issued_for(built.cohorts[0], type_code="skill-level")
        approved(
            propose_on_prerequisite(
                type_id=credential_type("licence").pk,
                prerequisite_ids=[basis.pk],
                template_id=built.template.pk,
                by=MembershipFactory(role=RoleName.CENTER_MANAGER, center=basis.center).user,
            )
        )
        yield built


@pytest.fixture
def world(made: stage.Made, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    # A world receives the messages for workers from then on.
    monkeypatch.setattr(app, "send_task", app.send_task)
    monkeypatch.setattr(SmsGateway, "send", SmsGateway.send)
    # Each does what they may.
    monkeypatch.setattr(history, "ASTRAY", 0)
    monkeypatch.setattr(canaries, "READERS", 1)
    clock = Clock()
    entered = World(1, clock, made)
    stage.people_enter(entered, made)
    yield entered
    clock.stop()


@pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda one: one.find.__name__)
def test_an_invariant_is_silent_until_it_does_not_hold(
    invariant: Invariant, world: World, monkeypatch: pytest.MonkeyPatch
):
    before = list(invariant.find(world))

    SPOILS[invariant.find.__name__](world, monkeypatch)

    assert before == []
    assert list(invariant.find(world)) != []


def spoils(invariant: Callable[[World], Iterator[str]]) -> Callable[[Spoil], Spoil]:
    def declare(spoil: Spoil) -> Spoil:
        SPOILS[invariant.__name__] = spoil
        return spoil

    return declare


def _basis() -> Credential:
    return Credential.objects.get(type__code="skill-level")


@spoils(invariants.no_takeovers)
def _(world: World, _monkeypatch: pytest.MonkeyPatch) -> None:
    thief, victim = world.humans[0], world.humans[-1]
    thief.goal = Goal.LOGIN
    world.learn_login(thief, User.objects.get(pk=min(victim.logins)))


@spoils(invariants.no_oracles)
def _(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists tell who is registered anywhere, as they once did."""
    monkeypatch.setattr(imported_enrollments, "centers_where", lambda *_args: Center.objects.all())
    here = User.objects.get(memberships__role=RoleName.REGISTRAR, memberships__center=world.stage.centers[0])
    clerk = world.owner[here.pk]
    clerk.goal = Goal.LOGIN
    clerk.target = next(one for one in world.humans if one.home == world.stage.centers[1].pk)
    world.humans = [clerk, clerk.target]
    people.check_a_list_of_numbers(world)


@spoils(invariants.no_cheats)
def _(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not one that is taken in a room.
    seat = Enrollment.objects.filter(cohort=world.stage.cohorts[0]).latest("pk")
    monkeypatch.setattr(world, "row", lambda _rows: seat)
    for human in world.humans:
        human.knows |= {("key", key) for key in world.stage.quiz_keys}
    attempts.start_a_test(world)


@spoils(invariants.two_hands)
def _(world: World, _monkeypatch: pytest.MonkeyPatch) -> None:
    world.actor = world.humans[0]
    world.did("proposal", 1, "proposes")
    world.did("proposal", 1, "approves")


@spoils(invariants.undone_gives_back)
def _(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cohort is opened again, and who failed by its end stays failed."""
    monkeypatch.setattr(seats, "reopen_cohort", lambda **_facts: None)
    for seat in Enrollment.objects.filter(state=EnrollmentState.ACTIVE):
        world.closed[seat.cohort_id] = {seat.pk: EnrollmentState.ACTIVE}, {seat.pk: EnrollmentState.FAILED}
    Enrollment.objects.filter(state=EnrollmentState.ACTIVE).update(state=EnrollmentState.FAILED)
    monkeypatch.setattr(world, "row", lambda _rows: Cohort.objects.get(pk=max(world.closed)))
    seats.reopen_a_cohort(world)


@spoils(invariants.seats_are_rows)
def _(world: World, _monkeypatch: pytest.MonkeyPatch) -> None:
    Cohort.objects.filter(pk=world.stage.cohorts[0].pk).update(seats_taken=F("seats_taken") + 1)


@spoils(invariants.offers_are_kept)
def _(world: World, _monkeypatch: pytest.MonkeyPatch) -> None:
    """An offer is over, and its seat is kept."""
    hold = held_seat_in(world.stage.centers[0])
    WaitingEntry.objects.create(
        cohort=hold.cohort, person=hold.person, hold=hold, state=WaitingState.LAPSED, since=timezone.now()
    )


@spoils(invariants.nothing_left_behind)
def _(world: World, _monkeypatch: pytest.MonkeyPatch) -> None:
    seat = Enrollment.objects.filter(state=EnrollmentState.ACTIVE).first()
    kept = Person.objects.exclude(pk=seat.person_id).first()
    Person.objects.filter(pk=seat.person_id).update(merged_into=kept)


@spoils(invariants.one_seat_in_a_program)
def _(world: World, _monkeypatch: pytest.MonkeyPatch) -> None:
    seat = Enrollment.objects.filter(state=EnrollmentState.ACTIVE, cohort=world.stage.cohorts[0]).first()
    EnrollmentFactory(person=seat.person, cohort=world.stage.cohorts[2])


@spoils(invariants.units_follow_tests)
def _(world: World, _monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = Attempt.objects.filter(passed=True).first()
    facts = {"is_counted": True, "through_at": timezone.now(), "answers": 1, "reason": "late"}
    LateDecision.objects.create(attempt=attempt, by=staff_member(RoleName.MINISTRY_OFFICER), **facts)
    Enrollment.objects.filter(pk=attempt.enrollment_id).update(
        state=EnrollmentState.ACTIVE, completed_at=None
    )
    units = UnitProgress.objects.filter(enrollment=attempt.enrollment_id, unit_key=attempt.quiz_key)
    with trigger_disabled("courses_unitprogress"):
        units.update(passed=False)


@spoils(invariants.claims_follow)
def _(world: World, _monkeypatch: pytest.MonkeyPatch) -> None:
    with trigger_disabled("certificates_credential"):
        Credential.objects.filter(pk=_basis().pk).update(claims={**_basis().claims, "hours": 999})


@spoils(invariants.doubt_travels)
def _(_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The basis is revoked, and no page says it of the license."""
    with trigger_disabled("certificates_credential"):
        Credential.objects.filter(pk=_basis().pk).update(state=CredentialState.REVOKED)
    monkeypatch.setattr(invariants, "doubts_of", lambda _credentials: {})


@spoils(invariants.one_paper_each)
def _(_world: World, _monkeypatch: pytest.MonkeyPatch) -> None:
    run_as_owner("DROP INDEX credential_live_once_per_type")
    with trigger_disabled("certificates_credential"):
        Credential.objects.update(enrollment=_basis().enrollment, type=_basis().type)


@spoils(invariants.numbers_are_gapless)
def _(_world: World, _monkeypatch: pytest.MonkeyPatch) -> None:
    with trigger_disabled("certificates_credential"):
        Credential.objects.filter(pk=_basis().pk).update(number=_basis().number.replace("000001", "000009"))


@spoils(invariants.told_once)
def _(_world: World, _monkeypatch: pytest.MonkeyPatch) -> None:
    officer = staff_member(RoleName.CERTIFYING_OFFICER)
    suspend(credential_id=_basis().pk, reason=SUSPENSION_REASONS[0], note="why", by=officer)
    Notice.objects.exclude(event=None).delete()


@spoils(invariants.tells_once)
def _(world: World, _monkeypatch: pytest.MonkeyPatch) -> None:
    seat = Enrollment.objects.filter(state=EnrollmentState.ACTIVE).first()
    for kind in (SeatNoticeKind.LAPSED, SeatNoticeKind.LIST_CLOSED):
        tell(seat.person_id, seat.cohort, kind)


@spoils(invariants.erased_is_gone)
def _(world: World, _monkeypatch: pytest.MonkeyPatch) -> None:
    human = world.humans[-1]
    human.person = None
    world.erased.append(human)


@spoils(invariants.waits_on_a_home)
def _(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = User.objects.filter(pk__in=world.owner, memberships__role=RoleName.MINISTRY_OFFICER).first()
    manager = User.objects.filter(pk__in=world.owner, memberships__role=RoleName.CENTER_MANAGER).first()
    ask_for_password_of_staff(user_id=manager.pk, reason="lost", by=officer)
    monkeypatch.setattr(PasswordRequests, "rows", lambda *_args: [])


@spoils(invariants.once_in_a_sitting)
def _(world: World, _monkeypatch: pytest.MonkeyPatch) -> None:
    cohort = world.stage.cohorts[-1]
    day = ClassSessionFactory(cohort=cohort, kind=SessionKind.EXAM)
    sitting = Sitting.objects.create(class_session=day, quiz_key=world.stage.quiz_keys[-1], title="exam")
    twice = Attempt.objects.filter(enrollment=Attempt.objects.latest("pk").enrollment)
    assert twice.count() == 1
    copy = Attempt.objects.latest("pk")
    copy.pk, copy.number, copy.public_id = None, 2, uuid4()
    copy.save(force_insert=True)
    with trigger_disabled("assessment_attempt"):
        twice.update(sitting=sitting)


@spoils(invariants.people_are_counted_once)
def _(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = invariants.trainees_of
    monkeypatch.setattr(invariants, "trainees_of", lambda cohort: 2 * counted(cohort))


@spoils(rights.acts_at_home)
def _(world: World, _monkeypatch: pytest.MonkeyPatch) -> None:
    """A manager plans a class of another center."""
    here, there, *_others = world.stage.centers
    managers = Membership.objects.filter(role=RoleName.CENTER_MANAGER, user__in=world.owner)
    seat = Enrollment.objects.filter(cohort__center=there).first()
    log(seat, "courses.enrollment.withdraw", user=managers.get(center=here).user)


@spoils(rights.deputies_are_colleagues)
def _(world: World, _monkeypatch: pytest.MonkeyPatch) -> None:
    """A role is lent to somebody who works nowhere."""
    lender = Membership.objects.filter(role=RoleName.CENTER_MANAGER, user__in=world.owner).first()
    deputy_for(lender, User.objects.get(pk=min(world.humans[-1].logins)))


@spoils(rights.keys_stay_hidden)
def _(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page shows them although another one of the cohort answers the test."""
    attempt = Attempt.objects.filter(passed=True).latest("pk")
    other = Enrollment.objects.filter(cohort=attempt.enrollment.cohort).exclude(pk=attempt.enrollment_id)[0]
    for unit in other.cohort.content_version.units:
        if unit["kind"] == "lesson":
            complete_unit(enrollment_id=other.pk, unit_key=UUID(unit["unit"]))
    start_attempt(enrollment_id=other.pk, unit_key=attempt.quiz_key, by=other.person.user)
    monkeypatch.setattr(world, "row", lambda _rows: attempt)
    monkeypatch.setattr(attempts, "open_page", lambda *_args: SECRET_WHY)
    attempts.read_the_result(world)


@spoils(canaries.nothing_beyond_right_on_lists)
def _(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    human, officer = world.humans[-1], User.objects.filter(memberships__role=RoleName.MINISTRY_OFFICER)
    world.humans = [human, world.owner[officer.filter(pk__in=world.owner)[0].pk]]
    Person.objects.filter(pk=human.person).update(full_name_ar=human.number)
    monkeypatch.setattr(canaries, "LISTS", ("person", "person"))
    monkeypatch.setattr(canaries, "FORMATS", ("csv",))


@spoils(canaries.own_data_are_own)
def _(world: World, _monkeypatch: pytest.MonkeyPatch) -> None:
    for human in world.humans:
        Person.objects.filter(pk=human.person).update(full_name_en=world.humans[0].number)


@spoils(canaries.messages_are_about_their_reader)
def _(world: World, _monkeypatch: pytest.MonkeyPatch) -> None:
    trainees = [human for human in world.humans if human.home]
    world.mailbox.sent.append((normalize_phone(trainees[0].phone), f"{trainees[1].name} has a seat"))
