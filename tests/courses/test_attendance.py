"""Attendance: recorded once it can be, kept as history, locked, then only amended."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.models import User
from courses.clauses import Clauses
from courses.enums import AttendanceSource, AttendanceStatus, EnrollmentState, SessionKind
from courses.errors import (
    AttendanceAmended,
    AttendanceLocked,
    CohortClosed,
    EnrollmentNotActive,
    MinutesOutOfRange,
    ReasonMissing,
    SessionClash,
    SessionNotOver,
    SessionNotStarted,
    SessionOfAnotherCohort,
    SessionOutsideCohort,
    SessionTimesReversed,
)
from courses.models import AttendanceRecord, ClassSession, Cohort, CompletionRule, Enrollment, Venue
from courses.services.attendance import amend_attendance, lock_attendance, record_attendance
from courses.services.sessions import reschedule_session, schedule_session
from tests.factories.accounts import UserFactory
from tests.factories.courses import ClassSessionFactory, CohortFactory, EnrollmentFactory, closed

PRESENT, LATE, ABSENT = AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.ABSENT


@pytest.fixture
def instructor(db: None) -> User:
    return UserFactory()


@pytest.fixture
def enrollment(db: None) -> Enrollment:
    return EnrollmentFactory()


@pytest.fixture
def session(enrollment: Enrollment) -> ClassSession:
    return ClassSessionFactory(cohort=enrollment.cohort)


def record(session: ClassSession, enrollment: Enrollment, **facts: Any) -> AttendanceRecord:
    given = {"status": PRESENT, "minutes": 45, "source": AttendanceSource.INSTRUCTOR, **facts}
    return record_attendance(session_id=session.pk, enrollment_id=enrollment.pk, **given)


def test_recording_again_amends_and_keeps_the_former_row(
    session: ClassSession, enrollment: Enrollment, instructor: User
):
    first = record(session, enrollment, status=ABSENT, minutes=0, by=instructor)
    second = record(session, enrollment, status=LATE, minutes=30, by=instructor)

    first.refresh_from_db()
    assert (first.is_current, second.is_current, second.amends) == (False, True, first)
    assert AttendanceRecord.objects.count() == 2


def test_recording_the_same_facts_again_changes_nothing(
    session: ClassSession, enrollment: Enrollment, instructor: User
):
    first = record(session, enrollment, by=instructor)
    second = record(session, enrollment, by=instructor)

    assert first == second
    assert AttendanceRecord.objects.count() == 1


def test_an_automatic_record_never_overrides_a_manual_one(
    session: ClassSession, enrollment: Enrollment, instructor: User
):
    counted = record(session, enrollment, minutes=12, source=AttendanceSource.LIVE)
    judged = record(session, enrollment, status=LATE, minutes=12, by=instructor)
    after = record(session, enrollment, minutes=14, source=AttendanceSource.LIVE)

    assert judged.amends == counted
    assert after == judged


def test_a_session_that_has_not_started_takes_no_attendance(enrollment: Enrollment):
    session = ClassSessionFactory(
        cohort=enrollment.cohort, starts_at=timezone.now() + dt.timedelta(minutes=5)
    )

    with pytest.raises(SessionNotStarted):
        record(session, enrollment)

    assert not AttendanceRecord.objects.exists()


def test_a_trainee_of_another_cohort_is_refused_by_the_service_and_the_database(session: ClassSession):
    stranger = EnrollmentFactory()

    with pytest.raises(SessionOfAnotherCohort):
        record(session, stranger)
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceRecord.objects.create(
            session=session, enrollment=stranger, status=PRESENT, recorded_at=timezone.now()
        )


def test_someone_who_withdrew_is_not_recorded(session: ClassSession, enrollment: Enrollment):
    Enrollment.objects.update(state=EnrollmentState.WITHDRAWN)

    with pytest.raises(EnrollmentNotActive):
        record(session, enrollment)


def test_the_trail_has_the_mark_that_another_one_replaced(
    session: ClassSession, enrollment: Enrollment, instructor: User
):
    record(session, enrollment, status=PRESENT, by=instructor)
    record(session, enrollment, status=ABSENT, minutes=0, by=instructor)

    entries = ModelLogEntry.objects.filter(action="courses.attendance.record").order_by("pk")
    assert [entry.data.get("from") for entry in entries] == [None, PRESENT]


@pytest.mark.parametrize("minutes", [-1, 46])
def test_minutes_do_not_exceed_the_session(session: ClassSession, enrollment: Enrollment, minutes: int):
    with pytest.raises(MinutesOutOfRange, match="45"):
        record(session, enrollment, minutes=minutes)


def test_a_locked_session_takes_only_amendments_with_a_reason(
    session: ClassSession, enrollment: Enrollment, instructor: User
):
    first = record(session, enrollment, status=ABSENT, minutes=0, by=instructor)
    lock_attendance(session_id=session.pk, by=instructor)

    with pytest.raises(AttendanceLocked):
        record(session, enrollment, by=instructor)
    with pytest.raises(ReasonMissing):
        amend_attendance(record_id=first.pk, status=PRESENT, minutes=45, by=instructor, reason=" ")
    amended = amend_attendance(
        record_id=first.pk, status=PRESENT, minutes=45, by=instructor, reason="كان في الورشة"
    )

    assert (amended.amends, amended.reason, amended.is_current) == (first, "كان في الورشة", True)


def test_a_mark_corrected_after_the_end_completes_as_a_corrected_score_does(
    session: ClassSession, enrollment: Enrollment, instructor: User
):
    cohort = session.cohort
    cohort.completion_rule = CompletionRule.objects.create(
        program=cohort.program, version=1, clauses=Clauses(attendance=75).as_list()
    )
    cohort.save()
    wrong = record(session, enrollment, status=AttendanceStatus.ABSENT, minutes=0)
    closed(cohort)
    enrollment.refresh_from_db()
    ended = enrollment.state

    amend_attendance(
        record_id=wrong.pk, status=AttendanceStatus.PRESENT, minutes=45, reason="كان حاضرًا", by=instructor
    )

    enrollment.refresh_from_db()
    assert (ended, enrollment.state) == (EnrollmentState.FAILED, EnrollmentState.COMPLETED)


def test_only_the_newest_record_is_amended(session: ClassSession, enrollment: Enrollment, instructor: User):
    first = record(session, enrollment, by=instructor)
    record(session, enrollment, status=LATE, by=instructor)

    with pytest.raises(AttendanceAmended):
        amend_attendance(record_id=first.pk, status=ABSENT, minutes=0, by=instructor, reason="reason")


def test_a_session_still_going_on_is_not_locked(enrollment: Enrollment, instructor: User):
    session = ClassSessionFactory(
        cohort=enrollment.cohort, starts_at=timezone.now() - dt.timedelta(minutes=5)
    )

    with pytest.raises(SessionNotOver):
        lock_attendance(session_id=session.pk, by=instructor)


def test_locking_again_keeps_the_first_time(session: ClassSession, instructor: User):
    first = lock_attendance(session_id=session.pk, by=instructor)
    again = lock_attendance(session_id=session.pk, by=instructor)

    assert first.locked_at == again.locked_at is not None


def test_the_database_itself_keeps_attendance_as_written(
    session: ClassSession, enrollment: Enrollment, instructor: User
):
    record(session, enrollment, by=instructor)
    lock_attendance(session_id=session.pk, by=instructor)

    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceRecord.objects.update(minutes=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceRecord.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceRecord.objects.create(
            session=session,
            enrollment=enrollment,
            status=ABSENT,
            is_current=False,
            recorded_at=timezone.now(),
        )


def test_a_session_is_scheduled_and_a_clash_is_an_error(instructor: User):
    cohort = CohortFactory()
    venue = Venue.objects.create(center=cohort.center, name="ورشة 1")
    noon = timezone.now().replace(microsecond=0) + dt.timedelta(days=1)
    hour = dt.timedelta(hours=1)
    plan = {"cohort_id": cohort.pk, "kind": SessionKind.WORKSHOP, "title": "تدريب عملي", "by": instructor}

    first = schedule_session(**plan, starts_at=noon, ends_at=noon + hour, venue_id=venue.pk)
    after = schedule_session(**plan, starts_at=noon + hour, ends_at=noon + 2 * hour, venue_id=venue.pk)
    with pytest.raises(SessionClash):
        schedule_session(
            **plan,
            starts_at=noon + hour / 2,
            ends_at=noon + 2 * hour,
            venue_id=venue.pk,
            instructor_id=instructor.pk,
        )
    with pytest.raises(SessionTimesReversed):
        schedule_session(**plan, starts_at=noon, ends_at=noon)

    assert list(cohort.sessions.all()) == [first, after]


@pytest.mark.parametrize(("bound", "beyond"), [("starts_on", -1), ("ends_on", 1)])
def test_a_session_is_on_a_day_of_its_cohort(instructor: User, bound: str, beyond: int):
    cohort = CohortFactory()
    hour = dt.timedelta(hours=1)
    plan = {"kind": SessionKind.WORKSHOP, "title": "تدريب عملي", "by": instructor}
    last = timezone.make_aware(dt.datetime.combine(getattr(cohort, bound), dt.time(23)))
    too_far = last + dt.timedelta(days=beyond)

    session = schedule_session(cohort_id=cohort.pk, **plan, starts_at=last, ends_at=last + hour)
    with pytest.raises(SessionOutsideCohort):
        schedule_session(cohort_id=cohort.pk, **plan, starts_at=too_far, ends_at=too_far + hour)
    with pytest.raises(SessionOutsideCohort):
        reschedule_session(session_id=session.pk, **plan, starts_at=too_far, ends_at=too_far + hour)

    session.refresh_from_db()
    assert (cohort.sessions.count(), session.starts_at) == (1, last)


def test_a_session_outside_of_the_days_of_its_cohort_may_be_named_again_but_not_moved(instructor: User):
    """The days of a cohort may have changed after its sessions were planned."""
    session = ClassSessionFactory()
    Cohort.objects.update(
        starts_on=timezone.localdate() + dt.timedelta(days=9),
        ends_on=timezone.localdate() + dt.timedelta(days=9),
    )

    reschedule_session(
        session_id=session.pk,
        kind=SessionKind.CLASS,
        title="قياس",
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        by=instructor,
    )

    session.refresh_from_db()
    assert session.title == "قياس"


def test_the_trail_of_a_changed_session_has_what_changed_before_and_after(instructor: User):
    session = ClassSessionFactory()
    venue = Venue.objects.create(center=session.cohort.center, name="ورشة ٢")
    later = session.ends_at + dt.timedelta(minutes=30)

    reschedule_session(
        session_id=session.pk,
        kind=SessionKind.CLASS,
        title="قياس",
        starts_at=session.starts_at,
        ends_at=later,
        venue_id=venue.pk,
        by=instructor,
    )

    entry = ModelLogEntry.objects.get(action="courses.session.reschedule")
    assert entry.data == {
        "changes": {
            "title": {"before": session.title, "after": "قياس"},
            "ends_at": {"before": session.ends_at.isoformat(), "after": later.isoformat()},
            "venue": {"before": None, "after": "ورشة ٢"},
        }
    }


def test_a_session_that_is_saved_as_it_was_is_not_in_the_trail(instructor: User):
    session = ClassSessionFactory()

    reschedule_session(
        session_id=session.pk,
        kind=SessionKind(session.kind),
        title=session.title,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        venue_id=session.venue_id,
        instructor_id=session.instructor_id,
        by=instructor,
    )

    assert not ModelLogEntry.objects.filter(action="courses.session.reschedule").exists()


def test_a_closed_cohort_gets_no_more_sessions(instructor: User):
    cohort = CohortFactory(state="closed")
    now = timezone.now()

    with pytest.raises(CohortClosed):
        schedule_session(
            cohort_id=cohort.pk,
            kind=SessionKind.CLASS,
            title="x",
            starts_at=now,
            ends_at=now + dt.timedelta(hours=1),
            by=instructor,
        )
