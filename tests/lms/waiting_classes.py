"""Work about classes, attendance and videos."""

import datetime as dt

from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, User
from courses.enums import AttendanceStatus
from courses.models import AttendanceRecord, ClassSession, MarkObjection
from courses.services.attendance import lock_attendance
from courses.services.mark_objections import answer_mark_objection
from live.enums import LiveState
from live.models import AttendanceObjection, LiveSession
from media_pipeline.enums import VideoState
from tests.factories.accounts import UserFactory
from tests.factories.courses import ClassSessionFactory, EnrollmentFactory
from tests.factories.live import LiveSessionFactory
from tests.factories.media_pipeline import VideoFactory, published_video
from tests.lms.waiting_registry import Finish, days, running, waits


@waits("today", RoleName.INSTRUCTOR)
def class_of_today(center: Center, user: User) -> Finish:
    # One after the other, within a second: an instructor gives one class at a time, and the day may end soon.
    begins = timezone.now() + dt.timedelta(milliseconds=10 * ClassSession.objects.count())
    facts = {"starts_at": begins, "ends_at": begins + dt.timedelta(milliseconds=5), "cohort": running(center)}
    session = ClassSessionFactory(instructor=user, **facts)
    ClassSessionFactory(**facts)
    return lambda: ClassSession.objects.filter(pk=session.pk).update(locked_at=begins)


@waits("open-sheets", RoleName.REGISTRAR)
def open_sheet(center: Center, user: User) -> Finish:
    session = ClassSessionFactory(cohort=running(center), starts_at=timezone.now() - days(2))
    EnrollmentFactory(cohort=session.cohort)
    return lambda: lock_attendance(session_id=session.pk, by=user)


@waits("old-sheets", RoleName.AUDITOR)
def old_sheet(center: Center, user: User) -> Finish:
    session = ClassSessionFactory(cohort=running(center), starts_at=timezone.now() - days(9))
    EnrollmentFactory(cohort=session.cohort)
    return lambda: lock_attendance(session_id=session.pk, by=user)


@waits("objections", RoleName.INSTRUCTOR)
def objection(center: Center, user: User) -> Finish:
    own, of_colleague = running(center), running(center)
    own.instructors.add(user)
    made = [
        AttendanceObjection.objects.create(
            session=LiveSessionFactory(class_session__cohort=cohort),
            enrollment=EnrollmentFactory(),
            reason="كنت حاضرًا",
            made_by=UserFactory(),
            made_at=timezone.now(),
        )
        for cohort in (own, of_colleague)
    ]
    return lambda: AttendanceObjection.objects.filter(pk=made[0].pk).update(
        is_granted=True, answer="نعم", answered_by=user, answered_at=timezone.now()
    )


@waits("mark-objections", RoleName.INSTRUCTOR)
def objection_to_mark(center: Center, user: User) -> Finish:
    own, of_colleague = running(center), running(center)
    own.instructors.add(user)
    made = [
        MarkObjection.objects.create(
            record=AttendanceRecord.objects.create(
                session=ClassSessionFactory(cohort=cohort),
                enrollment=EnrollmentFactory(cohort=cohort),
                status=AttendanceStatus.ABSENT,
                recorded_at=timezone.now(),
            ),
            reason="كنت هناك",
            made_by=UserFactory(),
            made_at=timezone.now(),
        )
        for cohort in (own, of_colleague)
    ]
    return lambda: answer_mark_objection(objection_id=made[0].pk, by=user, is_granted=False, answer="لا دليل")


@waits("live-now", RoleName.INSPECTOR)
def live_now(center: Center, user: User) -> Finish:
    session = LiveSessionFactory(
        class_session__cohort=running(center), state=LiveState.OPEN, opened_at=timezone.now()
    )
    rows = LiveSession.objects.filter(pk=session.pk)
    return lambda: rows.update(state=LiveState.ENDED, ended_at=timezone.now())


@waits("failed-videos", RoleName.INSTRUCTOR)
def failed_video(center: Center, user: User) -> Finish:
    failed = VideoFactory(center=center, uploaded_by=user, state=VideoState.FAILED)
    VideoFactory(center=center, state=VideoState.FAILED)
    return lambda: type(failed).objects.filter(pk=failed.pk).update(state=VideoState.PROCESSING)


@waits("captions", RoleName.INSTRUCTOR)
def without_captions(center: Center, user: User) -> Finish:
    video = published_video(center=center, uploaded_by=user)
    published_video(center=center)
    return lambda: type(video).objects.filter(pk=video.pk).update(state=VideoState.PROCESSING)
