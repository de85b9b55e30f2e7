"""Lessons, classes, and what is said of them."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.enums import Act
from accounts.models import User
from certificates.models import Credential
from courses.enums import AttendanceSource, AttendanceStatus, EnrollmentState, SessionKind
from courses.models import AttendanceRecord, ClassSession, Cohort, Enrollment, UnitProgress
from courses.queries.doubts import in_doubt
from courses.services.attendance import amend_attendance, lock_attendance, record_attendance
from courses.services.completion import confirm_completion
from courses.services.marks import correct_score
from courses.services.progress import complete_unit
from courses.services.sessions import cancel_session, schedule_session
from scripts.world.acts.seats import WHY
from scripts.world.history import World
from scripts.world.registry import NotNow, act


def studying(world: World, among: QuerySet[Enrollment] | None = None) -> tuple[User, Enrollment]:
    """Somebody who has a seat, with their login; often who has the goal that the act serves."""
    rows = (Enrollment.objects.all() if among is None else among).filter(person__in=sorted(world.subject))
    is_active = Q(state=EnrollmentState.ACTIVE)
    rows = rows.exclude(is_active) if world.strays(0.1) else rows.filter(is_active)
    wanting = [human.person for human in world.humans if human.goal and human.goal is world.serves]
    enrollment: Enrollment = world.busy(rows, rows.filter(person__in=[key for key in wanting if key]))
    return world.trainee(world.subject[enrollment.person_id]), enrollment


@act(weight=3)
def read_a_lesson(world: World) -> None:
    _user, enrollment = studying(world)
    version = enrollment.cohort.content_version
    unit = next((one for one in version.units if one["kind"] == "lesson"), None) if version else None
    if unit is None:
        raise NotNow
    complete_unit(enrollment_id=enrollment.pk, unit_key=UUID(unit["unit"]))


@act()
def correct_a_score(world: World) -> None:
    rows = UnitProgress.objects.filter(score__isnull=False)
    # Mostly of who has a certificate by now.
    certified = Credential.objects.live().filter(enrollment__isnull=False).values("enrollment")
    progress: UnitProgress = world.row(
        rows.filter(enrollment__in=certified) if certified and world.happens(0.5) else rows
    )
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


@act(weight=3)
def confirm_a_doubted_completion(world: World) -> None:
    completed = Enrollment.objects.filter(state=EnrollmentState.COMPLETED)
    enrollment: Enrollment = world.apt(completed, in_doubt(Enrollment.objects.all()))
    user = world.staff(Act.APPROVE_CERTIFICATES, on=enrollment)
    world.require(user, Act.APPROVE_CERTIFICATES, on=enrollment)
    confirm_completion(enrollment_id=enrollment.pk, reason=WHY, by=user)


@act(weight=2)
def plan_a_class(world: World) -> None:
    in_rooms = Cohort.objects.filter(program=world.stage.programs[-1])
    cohort: Cohort = world.row(in_rooms if world.happens(0.3) else Cohort.objects.all())
    user = world.staff(Act.SCHEDULE_CLASSES, on=cohort)
    world.require(user, Act.SCHEDULE_CLASSES, on=cohort)
    is_in_a_room = cohort.program == world.stage.programs[-1] or world.happens(0.1)
    kind = SessionKind.EXAM if is_in_a_room else SessionKind.WORKSHOP
    starts = timezone.now() + dt.timedelta(hours=world.chance.randint(1, 96))
    schedule_session(
        cohort_id=cohort.pk,
        kind=kind,
        title="ورشة",
        starts_at=starts,
        ends_at=starts + dt.timedelta(hours=2),
        by=user,
    )


@act()
def cancel_a_class(world: World) -> None:
    rows = ClassSession.objects.all()
    session: ClassSession = world.apt(rows, rows.filter(canceled_at=None, starts_at__gt=timezone.now()))
    user = world.staff(Act.SCHEDULE_CLASSES, on=session.cohort)
    world.require(user, Act.SCHEDULE_CLASSES, on=session.cohort)
    cancel_session(session_id=session.pk, reason=WHY, by=user)


@act(weight=3)
def note_who_attends(world: World) -> None:
    session = _class_to_record(world)
    user = world.staff(Act.RECORD_ATTENDANCE, on=session)
    world.require(user, Act.RECORD_ATTENDANCE, on=session)
    _wait_until(world, session.starts_at)
    enrollment: Enrollment = world.row(Enrollment.objects.filter(cohort=session.cohort_id))
    record_attendance(
        session_id=session.pk,
        enrollment_id=enrollment.pk,
        status=world.chance.choice(list(AttendanceStatus)),
        minutes=world.chance.randint(0, 120),
        source=AttendanceSource.INSTRUCTOR,
        by=user,
    )


def _wait_until(world: World, moment: dt.datetime) -> None:
    """Mostly."""
    if moment > timezone.now() and world.fits():
        world.clock.move(moment - timezone.now())


def _class_to_record(world: World) -> ClassSession:
    rows = ClassSession.objects.all()
    session: ClassSession = world.apt(
        rows, rows.exclude(kind=SessionKind.EXAM).filter(canceled_at=None, locked_at=None)
    )
    return session


@act(weight=2)
def lock_a_sheet(world: World) -> None:
    session = _class_to_record(world)
    user = world.staff(Act.RECORD_ATTENDANCE, on=session)
    world.require(user, Act.RECORD_ATTENDANCE, on=session)
    _wait_until(world, session.ends_at)
    lock_attendance(session_id=session.pk, by=user)


@act(weight=5)
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
