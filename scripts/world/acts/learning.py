"""Lessons, classes and tests."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.enums import Act
from accounts.models import User
from assessment.enums import AttemptAct, AttemptState
from assessment.errors import SaveRefused
from assessment.models import Attempt, AttemptDecision
from assessment.queries.exams import are_keys_out
from assessment.queries.questions import stored_questions
from assessment.services.attempts import start_attempt, submit_attempt
from assessment.services.closing import close_expired_attempts
from assessment.services.decisions import declare_void, hold_result, release_result
from assessment.services.late import count_late_answers, leave_late_answers
from assessment.services.saving import Change, save_answers, save_changes
from courses.enums import AttendanceSource, AttendanceStatus, EnrollmentState, SessionKind
from courses.models import AttendanceRecord, ClassSession, Cohort, Enrollment, UnitProgress
from courses.queries.doubts import in_doubt
from courses.services.attendance import amend_attendance, lock_attendance, record_attendance
from courses.services.completion import confirm_completion
from courses.services.marks import correct_score
from courses.services.progress import complete_unit
from courses.services.sessions import cancel_session, schedule_session
from scripts.world.acts.seats import WHY
from scripts.world.history import APT, World
from scripts.world.registry import NotNow, Refused, act


def _studying(world: World) -> tuple[User, Enrollment]:
    """Somebody who has a seat, with their login."""
    rows = Enrollment.objects.filter(person__in=sorted(world.subject))
    if not world.happens(0.1):
        rows = rows.filter(state=EnrollmentState.ACTIVE)
    enrollment: Enrollment = world.row(rows)
    return world.trainee(world.subject[enrollment.person_id]), enrollment


@act(weight=3)
def read_a_lesson(world: World) -> None:
    _user, enrollment = _studying(world)
    version = enrollment.cohort.content_version
    unit = next((one for one in version.units if one["kind"] == "lesson"), None) if version else None
    if unit is None:
        raise NotNow
    complete_unit(enrollment_id=enrollment.pk, unit_key=UUID(unit["unit"]))


@act(weight=4)
def start_a_test(world: World) -> None:
    user, enrollment = _studying(world)
    keys = world.stage.quiz_keys
    key = keys[world.stage.programs.index(enrollment.cohort.program)]
    before = set(Attempt.objects.filter(enrollment=enrollment).values_list("pk", flat=True))
    attempt = start_attempt(enrollment_id=enrollment.pk, unit_key=key, by=user)
    if attempt.pk in before or world.actor is None:
        return
    if ("key", key) in world.actor.knows:
        world.cheats.append(f"{world.actor} starts attempt {attempt.pk} of a test after reading its keys")
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


@act(weight=4)
def answer_and_submit(world: World) -> None:
    attempt = _own_attempt(world)
    responses = {slot: _answer(world, attempt, slot) for slot in range(len(attempt.versions))}
    submit_attempt(attempt_id=attempt.pk, responses=responses, by=world.trainee(_human_of(world, attempt)))


@act()
def save_an_answer(world: World) -> None:
    attempt = _own_attempt(world)
    slot = world.chance.randrange(len(attempt.versions))
    save_answers(attempt_id=attempt.pk, responses={slot: _answer(world, attempt, slot)})


@act(weight=3, is_event=True)
def lose_the_line(world: World) -> None:
    """The time of an attempt ends while its device has no line; what waited on it arrives late."""
    attempt = _own_attempt(world)
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


def _own_attempt(world: World) -> Attempt:
    attempt: Attempt = world.apt(Attempt.objects.all(), Attempt.objects.filter(state=AttemptState.OPEN))
    world.trainee(_human_of(world, attempt))
    return attempt


def _human_of(world: World, attempt: Attempt) -> Any:
    human = world.subject.get(attempt.enrollment.person_id)
    if human is None:
        raise NotNow
    return human


@act()
def count_what_was_late(world: World) -> None:
    _decide_late(world, count_late_answers)


@act(weight=0.5)
def leave_what_was_late(world: World) -> None:
    _decide_late(world, leave_late_answers)


def _decide_late(world: World, decide: Any) -> None:
    rows = Attempt.objects.filter(late_responses__isnull=False, late_decisions__isnull=True).distinct()
    attempt: Attempt = world.apt(Attempt.objects.all(), rows)
    user = world.staff(Act.ASSESS, on=attempt)
    world.require(user, Act.ASSESS, on=attempt)
    decide(attempt_id=attempt.pk, reason=WHY, by=user)


@act()
def read_the_result(world: World) -> None:
    """The keys with it, where the page shows them."""
    attempt: Attempt = world.apt(Attempt.objects.all(), Attempt.objects.filter(state=AttemptState.MARKED))
    if attempt.state != AttemptState.MARKED:
        raise Refused
    human = _human_of(world, attempt)
    world.trainee(human)
    if are_keys_out(attempt):
        human.knows.add(("key", attempt.quiz_key))


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


@act(weight=1.3)
def declare_a_result_void(world: World) -> None:
    decision = _decide_result(world, declare_void, state=AttemptState.MARKED)
    held = decision.attempt.decisions.filter(act=AttemptAct.HELD).latest("pk")
    world.did("result", held.pk, "declares void")


@act()
def correct_a_score(world: World) -> None:
    progress: UnitProgress = world.row(UnitProgress.objects.filter(score__isnull=False))
    user = world.staff(Act.ASSESS, on=progress.enrollment)
    world.require(user, Act.ASSESS, on=progress.enrollment)
    score = world.chance.choice((20, 40, 80, 100))
    correct_score(
        enrollment_id=progress.enrollment_id,
        unit_key=progress.unit_key,
        score=Decimal(score),
        passed=score >= 60,
        reason=WHY,
        by=user,
    )


@act()
def confirm_a_doubted_completion(world: World) -> None:
    completed = Enrollment.objects.filter(state=EnrollmentState.COMPLETED)
    enrollment: Enrollment = world.apt(completed, in_doubt(Enrollment.objects.all()))
    user = world.staff(Act.APPROVE_CERTIFICATES, on=enrollment)
    world.require(user, Act.APPROVE_CERTIFICATES, on=enrollment)
    confirm_completion(enrollment_id=enrollment.pk, reason=WHY, by=user)


@act(weight=2)
def plan_a_class(world: World) -> None:
    cohort: Cohort = world.row(Cohort.objects.all())
    user = world.staff(Act.SCHEDULE_CLASSES, on=cohort)
    world.require(user, Act.SCHEDULE_CLASSES, on=cohort)
    starts = timezone.now() + dt.timedelta(hours=world.chance.randint(1, 96))
    schedule_session(
        cohort_id=cohort.pk,
        kind=SessionKind.WORKSHOP,
        title="ورشة",
        starts_at=starts,
        ends_at=starts + dt.timedelta(hours=2),
        by=user,
    )


@act()
def cancel_a_class(world: World) -> None:
    session: ClassSession = world.row(ClassSession.objects.all())
    user = world.staff(Act.SCHEDULE_CLASSES, on=session.cohort)
    world.require(user, Act.SCHEDULE_CLASSES, on=session.cohort)
    cancel_session(session_id=session.pk, reason=WHY, by=user)


@act(weight=2)
def note_who_attends(world: World) -> None:
    session = _class_to_record(world)
    user = world.staff(Act.RECORD_ATTENDANCE, on=session)
    world.require(user, Act.RECORD_ATTENDANCE, on=session)
    if session.starts_at > timezone.now() and world.happens(APT):
        # They wait for it.
        world.clock.move(session.starts_at - timezone.now())
    enrollment: Enrollment = world.row(Enrollment.objects.filter(cohort=session.cohort_id))
    record_attendance(
        session_id=session.pk,
        enrollment_id=enrollment.pk,
        status=world.chance.choice(list(AttendanceStatus)),
        minutes=world.chance.randint(0, 120),
        source=AttendanceSource.INSTRUCTOR,
        by=user,
    )


def _class_to_record(world: World) -> ClassSession:
    rows = ClassSession.objects.all()
    session: ClassSession = world.apt(rows, rows.filter(canceled_at=None, locked_at=None))
    return session


@act()
def lock_a_sheet(world: World) -> None:
    session = _class_to_record(world)
    user = world.staff(Act.RECORD_ATTENDANCE, on=session)
    world.require(user, Act.RECORD_ATTENDANCE, on=session)
    lock_attendance(session_id=session.pk, by=user)


@act()
def amend_a_mark(world: World) -> None:
    rows = AttendanceRecord.objects.filter(session__locked_at__isnull=False)
    record: AttendanceRecord = world.apt(AttendanceRecord.objects.all(), rows)
    user = world.staff(Act.RECORD_ATTENDANCE, on=record.session)
    world.require(user, Act.RECORD_ATTENDANCE, on=record.session)
    amend_attendance(
        record_id=record.pk,
        status=AttendanceStatus.PRESENT,
        minutes=world.chance.randint(0, 120),
        reason=WHY,
        by=user,
    )
