"""Tests: begun, answered on one device or another, handed in, read, and what is decided about their results."""

import datetime as dt
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.enums import Act
from accounts.models import User
from assessment.enums import AttemptAct, AttemptState
from assessment.errors import SaveRefused
from assessment.models import Attempt, AttemptDecision, Sitting
from assessment.queries.attempts import attempts_of
from assessment.queries.questions import stored_questions
from assessment.services.attempts import start_attempt, submit_attempt
from assessment.services.closing import close_expired_attempts
from assessment.services.decisions import declare_void, hold_result, release_result
from assessment.services.late import count_late_answers, leave_late_answers
from assessment.services.saving import Change, save_answers, save_changes, take_over
from courses.models import Enrollment
from scripts.world.acts.learning import studying
from scripts.world.acts.seats import WHY
from scripts.world.browser import open_page
from scripts.world.history import World
from scripts.world.people import Goal, Human
from scripts.world.registry import NotNow, Refused, act
from tests.factories.assessment import SECRET_WHY


def running_sittings() -> QuerySet[Sitting]:
    rows = Sitting.objects.filter(released_at__isnull=False, ended_at=None, class_session__canceled_at=None)
    return rows.filter(class_session__ends_at__gt=timezone.now())


@act(weight=4, serves=Goal.KEY)
def start_a_test(world: World) -> None:
    """In a room with the code that is on its board, mostly."""
    sitting = running_sittings().order_by("pk").first()
    seats = Enrollment.objects.all()
    if sitting is not None and world.happens(0.7):
        seats = seats.filter(cohort=sitting.class_session.cohort_id)
    elif sitting is None and world.happens(0.85):
        seats = seats.exclude(cohort__program=world.stage.programs[-1])
    user, enrollment = studying(world, seats)
    begin(world, user, enrollment, code=sitting.code if sitting and world.happens(0.85) else "000000")


def begin(world: World, user: User, enrollment: Enrollment, *, code: str) -> None:
    """An attempt on a new device."""
    key = world.stage.quiz_keys[world.stage.programs.index(enrollment.cohort.program)]
    before = set(Attempt.objects.filter(enrollment=enrollment).values_list("pk", flat=True))
    device = f"device {world.chance.randrange(10**6)}"
    attempt = start_attempt(enrollment_id=enrollment.pk, unit_key=key, by=user, holder=device, code=code)
    if attempt.pk in before or world.actor is None:
        return
    world.devices[attempt.pk] = device, attempt.epoch
    if ("key", key) in world.actor.knows:
        world.cheats.append(f"{world.actor} starts attempt {attempt.pk} of a test after reading its keys")
    elif (enrollment.cohort_id, key) in world.read_in:
        world.cheats.append(
            f"{world.actor} starts attempt {attempt.pk} of a test whose keys their cohort has read"
        )
    taken = Attempt.objects.filter(enrollment__person=user.person_id, quiz_key=key).count()
    if taken > world.stage.attempts:
        world.cheats.append(
            f"{world.actor} begins attempt {taken} of a test that allows {world.stage.attempts}"
        )


def _answer(world: World, attempt: Attempt, slot: int) -> Any:
    """Right where the trainee knows the key, else by lot."""
    question = stored_questions(attempt.versions)[slot]
    options = question.content.get("options")
    is_right = world.happens(0.75)
    if options is None:
        return is_right
    right = [one["id"] for one in options if one.get("is_right")] or [one["id"] for one in options][:1]
    return right[0] if is_right else world.pick([one["id"] for one in options])


@act(weight=4, serves=Goal.KEY)
def answer_and_submit(world: World) -> None:
    """From the page of the device on which it was opened. Who only wants to read the right answers leaves all out."""
    user, attempt = _attempt_on_a_page(world)
    human = world.subject[attempt.enrollment.person_id]
    is_read = ("key", attempt.quiz_key) in human.knows
    slots = () if human.goal is Goal.KEY and not is_read else range(len(attempt.versions))
    responses = {slot: _answer(world, attempt, slot) for slot in slots}
    save_answers(attempt_id=attempt.pk, responses=responses, epoch=_epoch(world, attempt))
    submit_attempt(attempt_id=attempt.pk, responses=responses, by=user)


@act()
def save_an_answer(world: World) -> None:
    _user, attempt = _attempt_on_a_page(world)
    slot = world.chance.randrange(len(attempt.versions))
    responses = {slot: _answer(world, attempt, slot)}
    save_answers(attempt_id=attempt.pk, responses=responses, epoch=_epoch(world, attempt))


@act()
def go_on_on_another_device(world: World) -> None:
    """The page on the first one stays open there; sometimes its person returns to it."""
    user, attempt = _attempt_on_a_page(world)
    device = f"device {world.chance.randrange(10**6)}"
    taken = take_over(attempt_id=attempt.pk, holder=device, by=user)
    if world.happens(0.5):
        world.devices[attempt.pk] = device, taken.epoch


def _epoch(world: World, attempt: Attempt) -> int:
    return world.devices.get(attempt.pk, ("", attempt.epoch))[1]


@act(weight=3, is_event=True)
def lose_the_line(world: World) -> None:
    """The time of an attempt ends while its device has no line; what waited on it arrives late. No one decides that, and no one can refuse it."""
    _user, attempt = _attempt_on_a_page(world)
    if attempt.state != AttemptState.OPEN:
        raise NotNow
    world.clock.move(dt.timedelta(minutes=world.chance.randint(31, 90)))
    close_expired_attempts()
    attempt.refresh_from_db()
    slots = range(len(attempt.versions))
    changes = [Change(seq=900 + slot, slot=slot, response=_answer(world, attempt, slot)) for slot in slots]
    try:
        save_changes(
            attempt=attempt,
            epoch=attempt.epoch,
            holder=attempt.holder,
            changes=changes[: world.chance.randint(1, 3)],
        )
    except SaveRefused:
        # What is late is kept apart.
        return


def _attempt_on_a_page(world: World) -> tuple[User, Attempt]:
    """An attempt, mostly an open one, on the page of its person; sometimes somebody else has its address. Raises `Refused`."""
    attempt: Attempt = world.apt(Attempt.objects.all(), Attempt.objects.filter(state=AttemptState.OPEN))
    return _reader_of(world, attempt), attempt


def _reader_of(world: World, attempt: Attempt) -> User:
    human = human_of(world, attempt)
    user = world.trainee(human if not world.strays(0.1) else world.pick(world.humans))
    # What its page reads.
    if not attempts_of(user).filter(pk=attempt.pk).exists():
        raise Refused
    return user


def human_of(world: World, attempt: Attempt) -> Human:
    human = world.subject.get(attempt.enrollment.person_id)
    if human is None:
        raise NotNow
    return human


@act()
def count_what_was_late(world: World) -> None:
    _decide_late(world, count_late_answers)


@act(weight=1)
def leave_what_was_late(world: World) -> None:
    _decide_late(world, leave_late_answers)


def _decide_late(world: World, decide: Any) -> None:
    rows = Attempt.objects.filter(late_responses__isnull=False, late_decisions__isnull=True).distinct()
    attempt: Attempt = world.apt(Attempt.objects.all(), rows)
    user = world.staff(Act.ASSESS, on=attempt)
    world.require(user, Act.ASSESS, on=attempt)
    decide(attempt_id=attempt.pk, reason=WHY, by=user)


@act(weight=1.5, serves=Goal.KEY)
def read_the_result(world: World) -> None:
    """The right answers with it, where its page shows them."""
    ended = Attempt.objects.exclude(state=AttemptState.OPEN)
    curious = [human.person for human in world.humans if human.goal is Goal.KEY and human.person]
    attempt: Attempt = world.apt(ended, ended.filter(enrollment__person__in=curious))
    human = human_of(world, attempt)
    reader = human if not world.strays(0.2) else world.pick(world.humans)
    page = open_page(world.trainee(reader), "assessment:attempt", attempt.public_id)
    if SECRET_WHY in page:
        in_it = Attempt.objects.filter(
            enrollment__cohort=attempt.enrollment.cohort_id, state=AttemptState.OPEN
        )
        world.leaks += [
            f"{reader} reads the keys of attempt {attempt.pk} while attempt {one.pk} goes on"
            for one in in_it.filter(quiz_key=attempt.quiz_key)
        ]
        reader.knows.add(("key", attempt.quiz_key))
        world.read_in.add((attempt.enrollment.cohort_id, attempt.quiz_key))


def _decide_result(world: World, decide: Any, *, state: AttemptState | None = None) -> AttemptDecision:
    attempts = Attempt.objects.filter(state=state) if state else Attempt.objects.all()
    newest = AttemptDecision.objects.filter(attempt=OuterRef("pk")).order_by("-pk").values("act")[:1]
    held = attempts.alias(newest=Subquery(newest)).filter(newest=AttemptAct.HELD)
    attempt: Attempt = world.row(attempts) if decide is hold_result else world.apt(attempts, held)
    user = world.staff(Act.RECORD_ATTENDANCE, on=attempt)
    world.require(user, Act.RECORD_ATTENDANCE, on=attempt)
    decision: AttemptDecision = decide(attempt_id=attempt.pk, reason=WHY, by=user)
    return decision


@act()
def hold_a_result(world: World) -> None:
    decision = _decide_result(world, hold_result)
    world.did("result", decision.pk, "holds")


@act(weight=0.7)
def release_a_result(world: World) -> None:
    _decide_result(world, release_result)


@act(weight=2)
def declare_a_result_void(world: World) -> None:
    decision = _decide_result(world, declare_void, state=AttemptState.MARKED)
    held = decision.attempt.decisions.filter(act=AttemptAct.HELD).latest("pk")
    world.did("result", held.pk, "declares void")
