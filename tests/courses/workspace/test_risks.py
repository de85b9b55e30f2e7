"""Who is found at risk, and what is said of them."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils import timezone
from django.utils.translation import override

from courses.enums import AttendanceStatus, CohortState, Risk
from courses.models import Cohort, Enrollment, UnitProgress, UnitRelease
from courses.queries.workspace.risks import IDLE_DAYS, OVERDUE_DAYS
from courses.queries.workspace.trainees import Trainee, trainees_of
from courses.services.attendance import lock_attendance
from tests.factories.accounts import UserFactory
from tests.factories.courses import ClassSessionFactory, EnrollmentFactory, attend, taught_cohort


def days_ago(days: int) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=days)


@pytest.fixture
def enrollment(db: None) -> Enrollment:
    """In a cohort of two lessons that began twenty days ago and asks for 75 % of its sessions."""
    cohort = taught_cohort(attendance=75)
    Cohort.objects.filter(pk=cohort.pk).update(
        starts_on=timezone.localdate() - dt.timedelta(days=20), state=CohortState.RUNNING
    )
    cohort.refresh_from_db()
    return EnrollmentFactory(cohort=cohort, enrolled_at=days_ago(20))


def opened(enrollment: Enrollment, at: dt.datetime, **facts: object) -> UnitProgress:
    unit = enrollment.cohort.content_version.units[0]["unit"]
    return UnitProgress.objects.create(
        enrollment=enrollment, unit_key=UUID(unit), opened_at=at, updated_at=at, allowed_at=at, **facts
    )


def only(cohort: Cohort) -> Trainee:
    [trainee] = trainees_of(cohort)
    return trainee


def test_who_did_nothing_for_a_week_is_at_risk_from_the_seventh_day(enrollment: Enrollment):
    progress = opened(enrollment, days_ago(IDLE_DAYS))
    idle = only(enrollment.cohort)
    UnitProgress.objects.filter(pk=progress.pk).update(opened_at=days_ago(IDLE_DAYS - 1))
    active = only(enrollment.cohort)

    assert (idle.risks, active.risks) == ({Risk.IDLE}, frozenset())


def test_who_never_came_is_idle_since_they_could_begin(enrollment: Enrollment):
    with override("en"):
        trainee = only(enrollment.cohort)

    assert (trainee.last_seen, [str(reason) for reason in trainee.reasons]) == (
        None,
        ["nothing for 20 days"],
    )


def test_attending_a_session_is_being_seen_and_being_absent_is_not(enrollment: Enrollment):
    attend(enrollment, AttendanceStatus.ABSENT)
    absent = only(enrollment.cohort).last_seen
    record = attend(enrollment, AttendanceStatus.LATE)

    assert (absent, only(enrollment.cohort).last_seen) == (None, record.session.starts_at)


def test_attendance_below_what_is_asked_is_told_apart_from_attendance_out_of_reach(enrollment: Enrollment):
    opened(enrollment, timezone.now())
    attend(enrollment, AttendanceStatus.ABSENT)
    lost = only(enrollment.cohort).risks
    for days in (1, 2, 3):
        ClassSessionFactory(cohort=enrollment.cohort, starts_at=timezone.now() + dt.timedelta(days=days))

    assert (lost, only(enrollment.cohort).risks) == ({Risk.UNREACHABLE}, {Risk.ATTENDANCE})


def test_a_class_of_which_nothing_is_recorded_yet_can_still_have_been_attended(enrollment: Enrollment):
    opened(enrollment, timezone.now())
    attend(enrollment, AttendanceStatus.PRESENT, starts_at=days_ago(3))
    open_sheet = ClassSessionFactory(cohort=enrollment.cohort, starts_at=days_ago(2))
    unfilled = only(enrollment.cohort)
    lock_attendance(session_id=open_sheet.pk, by=UserFactory())
    locked = only(enrollment.cohort)

    assert (unfilled.risks, locked.risks) == (frozenset(), {Risk.UNREACHABLE})
    assert unfilled.evidence.attendance == locked.evidence.attendance
    assert locked.evidence.attendance.held == 2


@pytest.mark.parametrize(
    ("scores", "passed", "found"),
    [([40], False, set()), ([40, 50], False, {Risk.FAILED}), ([40, 50, 70], True, set())],
)
def test_a_test_failed_twice_and_not_passed_since(
    enrollment: Enrollment, scores: list[int], passed: bool, found: set[Risk]
):
    marks = [Decimal(score) for score in scores]

    opened(enrollment, timezone.now(), scores=marks, score=max(marks), passed=passed)

    assert only(enrollment.cohort).risks == found


def test_a_unit_is_overdue_a_week_after_it_opened(enrollment: Enrollment):
    opened(enrollment, timezone.now())
    unit = enrollment.cohort.content_version.units[1]["unit"]
    release = UnitRelease.objects.create(
        cohort=enrollment.cohort, unit_key=UUID(unit), opens_at=days_ago(OVERDUE_DAYS)
    )
    enrollment.cohort.has_releases = True
    overdue = only(enrollment.cohort).risks
    UnitRelease.objects.filter(pk=release.pk).update(opens_at=days_ago(OVERDUE_DAYS - 1))

    assert (overdue, only(enrollment.cohort).risks) == ({Risk.OVERDUE}, frozenset())


def test_no_one_is_at_risk_before_the_cohort_begins_or_after_it_is_closed(enrollment: Enrollment):
    cohort = enrollment.cohort
    cohort.state = CohortState.CLOSED
    closed = only(cohort).risks
    cohort.state, cohort.starts_on = CohortState.OPEN, timezone.localdate() + dt.timedelta(days=1)

    assert (closed, only(cohort).risks) == (frozenset(), frozenset())
