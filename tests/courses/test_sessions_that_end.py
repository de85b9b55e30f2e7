"""A class counts once it is over; who was marked present before is evaluated again when it ends."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from courses.clauses import Clauses
from courses.enums import AttendanceSource, AttendanceStatus, EnrollmentState, SessionKind
from courses.models import ClassSession, Cohort, Enrollment
from courses.queries.evidence import evidence_of
from courses.services.attendance import amend_attendance, evaluate_ended_sessions, record_attendance
from courses.services.sessions import reschedule_session
from live.services.sessions import end_room
from tests.factories.accounts import UserFactory
from tests.factories.courses import EnrollmentFactory, attend, taught_cohort
from tests.factories.live import OpenLiveSessionFactory


@pytest.fixture
def clerk(db: None) -> User:
    return UserFactory()


def enrolled(asks: Clauses) -> Enrollment:
    cohort = taught_cohort(lessons=1, asks=asks)
    Cohort.objects.filter(pk=cohort.pk).update(starts_on=cohort.starts_on - dt.timedelta(days=1))
    return EnrollmentFactory(cohort=cohort)


def now_running() -> dict[str, dt.datetime]:
    """The times of a class of three hours that has gone on for one."""
    now = timezone.now()
    return {"starts_at": now - dt.timedelta(hours=1), "ends_at": now + dt.timedelta(hours=2)}


def end(session: ClassSession) -> None:
    """As time does."""
    earlier = dt.timedelta(hours=3)
    ClassSession.objects.filter(pk=session.pk).update(
        starts_at=session.starts_at - earlier, ends_at=session.ends_at - earlier
    )


def state_of(enrollment: Enrollment) -> str:
    enrollment.refresh_from_db()
    return enrollment.state


@pytest.mark.parametrize("asks", [Clauses(hours=3), Clauses(attendance=75)])
def test_a_class_that_goes_on_completes_no_one_before_it_ends(db: None, asks: Clauses):
    enrollment = enrolled(asks)

    record = attend(enrollment, AttendanceStatus.PRESENT, **now_running())
    evaluate_ended_sessions()
    before = state_of(enrollment)
    end(record.session)
    evaluate_ended_sessions()

    assert (before, state_of(enrollment)) == (EnrollmentState.ACTIVE, EnrollmentState.COMPLETED)


def test_the_end_of_a_class_costs_as_much_for_four_people_as_for_two(db: None):
    def ended(people: int) -> list[Enrollment]:
        first = enrolled(Clauses(hours=3))
        record = attend(first, AttendanceStatus.PRESENT, **now_running())
        others = [EnrollmentFactory(cohort=first.cohort) for _ in range(people - 1)]
        for other in others:
            record_attendance(
                session_id=record.session_id,
                enrollment_id=other.pk,
                status=AttendanceStatus.PRESENT,
                source=AttendanceSource.INSTRUCTOR,
                minutes=0,
                by=UserFactory(),
            )
        end(record.session)
        return [first, *others]

    # Rows that a process asks for once, such as content types, are asked for here.
    ended(1)
    evaluate_ended_sessions()
    costs = []
    for people in (2, 4):
        those = ended(people)
        with CaptureQueriesContext(connection) as asked:
            evaluate_ended_sessions()
        costs.append(len(asked))
        assert {state_of(one) for one in those} == {EnrollmentState.COMPLETED}

    assert costs[0] == costs[1]


def test_a_class_that_goes_on_is_still_to_come_for_the_evidence(db: None):
    enrollment = enrolled(Clauses(hours=3, attendance=75))
    attend(enrollment, AttendanceStatus.PRESENT)

    attend(enrollment, AttendanceStatus.PRESENT, **now_running())

    evidence = evidence_of(enrollment, enrollment.cohort.completion_rule)
    assert evidence.hours.minutes == 45
    assert (evidence.attendance.attended, evidence.attendance.held, evidence.attendance.upcoming) == (1, 1, 1)


def test_a_class_that_moved_to_a_later_day_counts_on_that_day(clerk: User):
    enrollment = enrolled(Clauses(hours=2))
    record = attend(enrollment, AttendanceStatus.PRESENT)

    session = reschedule_session(
        session_id=record.session_id, kind=SessionKind.CLASS, title="حصة", by=clerk, **now_running()
    )
    amend_attendance(
        record_id=record.pk, status=AttendanceStatus.LATE, minutes=0, by=clerk, reason="تأخر عن الحصة"
    )
    before = state_of(enrollment)
    end(session)
    evaluate_ended_sessions()

    assert (before, state_of(enrollment)) == (EnrollmentState.ACTIVE, EnrollmentState.COMPLETED)


def test_a_live_class_that_was_ended_early_is_over(clerk: User):
    enrollment = enrolled(Clauses(hours=3))
    record = attend(enrollment, AttendanceStatus.PRESENT, **now_running())
    room = OpenLiveSessionFactory(class_session=record.session)

    end_room(session_id=room.pk, by=clerk, reason="انقطاع التيار")
    evaluate_ended_sessions()

    assert state_of(enrollment) == EnrollmentState.COMPLETED
