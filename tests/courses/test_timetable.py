"""Weekly timetables of cohorts."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.enums import AttendanceStatus, CohortState
from courses.models import ClassSession, Cohort
from courses.queries.timetable import WeeklyHours, weeks_of
from courses.queries.waiting import with_low_attendance
from live.enums import LiveState
from tests.factories.courses import (
    ClassSessionFactory,
    CohortFactory,
    EnrollmentFactory,
    attend,
    taught_cohort,
)
from tests.factories.live import LiveSessionFactory

SUNDAY, TUESDAY = 6, 1


@pytest.fixture
def cohort(db: None) -> Cohort:
    return CohortFactory()


def meet(cohort: Cohort, day: dt.date, hour: int, **facts: object) -> ClassSession:
    begins = timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))
    return ClassSessionFactory(
        cohort=cohort, starts_at=begins, ends_at=begins + dt.timedelta(hours=3), **facts
    )


def coming(weekday: int) -> dt.date:
    """Such a day of the next week."""
    day = timezone.localdate() + dt.timedelta(days=7)
    return day + dt.timedelta(days=(weekday - day.weekday()) % 7)


def test_days_with_the_same_hours_are_grouped_from_saturday_on(cohort: Cohort):
    for week in range(3):
        for weekday in (TUESDAY, SUNDAY):
            meet(cohort, coming(weekday) + dt.timedelta(weeks=week), 16)

    hours = weeks_of([cohort])[cohort.pk].hours

    assert hours == [WeeklyHours((SUNDAY, TUESDAY), dt.time(16), dt.time(19))]
    assert [str(name) for name in hours[0].day_names] == ["الأحد", "الثلاثاء"]


def test_a_timetable_without_weekly_hours_shows_its_next_session(cohort: Cohort):
    past = meet(cohort, timezone.localdate() - dt.timedelta(days=9), 8)
    canceled = meet(cohort, timezone.localdate() + dt.timedelta(days=1), 8, canceled_at=timezone.now())
    following = meet(cohort, timezone.localdate() + dt.timedelta(days=3), 10)
    meet(cohort, timezone.localdate() + dt.timedelta(days=4), 12)

    week = weeks_of([cohort])[cohort.pk]

    assert week.hours == []
    assert week.next_session == following
    assert week.next_session not in (past, canceled)


def test_a_class_that_was_ended_before_its_planned_end_is_not_the_next(cohort: Cohort):
    now = timezone.now()
    ended = ClassSessionFactory(cohort=cohort, starts_at=now, ends_at=now + dt.timedelta(hours=1))
    LiveSessionFactory(class_session=ended, state=LiveState.ENDED, ended_at=now)
    following = meet(cohort, timezone.localdate() + dt.timedelta(days=3), 10)

    assert weeks_of([cohort])[cohort.pk].next_session == following


def test_a_single_visit_at_another_hour_does_not_blur_the_week(cohort: Cohort):
    for week in range(3):
        meet(cohort, coming(SUNDAY) + dt.timedelta(weeks=week), 16)
    meet(cohort, coming(TUESDAY), 10)

    assert weeks_of([cohort])[cohort.pk].hours == [WeeklyHours((SUNDAY,), dt.time(16), dt.time(19))]


def test_a_cohort_without_sessions_is_left_out_and_many_cost_one_query(cohort: Cohort):
    other = CohortFactory()
    meet(other, coming(SUNDAY), 16)

    with CaptureQueriesContext(connection) as asked:
        weeks = weeks_of([cohort, other])

    assert (list(weeks), len(asked)) == ([other.pk], 1)


@pytest.mark.django_db
def test_a_class_that_goes_on_is_not_yet_missed_by_anybody():
    now, hour = timezone.now(), dt.timedelta(hours=1)
    cohort = taught_cohort(attendance=75)
    Cohort.objects.filter(pk=cohort.pk).update(state=CohortState.RUNNING)
    enrollment = EnrollmentFactory(cohort=cohort)
    attend(enrollment, AttendanceStatus.PRESENT, starts_at=now - 5 * hour, ends_at=now - 4 * hour)
    attend(enrollment, AttendanceStatus.PRESENT, starts_at=now - hour, ends_at=now + hour)
    healthy = list(with_low_attendance())
    attend(enrollment, AttendanceStatus.ABSENT, starts_at=now - 9 * hour, ends_at=now - 8 * hour)

    assert (healthy, list(with_low_attendance())) == ([], [cohort])
