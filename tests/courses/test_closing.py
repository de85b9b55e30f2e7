"""Closing a cohort is an act of its own: its outcome is known before, and it can be undone."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.models import User
from courses.enums import AttendanceStatus, CohortState, EnrollmentState
from courses.errors import CohortClosed, CohortNotClosed, OutcomeChanged, ReasonMissing
from courses.models import Cohort, Enrollment
from courses.queries.closing import outcomes_of_closing
from courses.services.closing import close_cohort, reopen_cohort
from courses.services.cohorts import change_cohort, start_cohort
from courses.services.enrollments import enroll
from tests.factories.accounts import UserFactory
from tests.factories.courses import (
    ClassSessionFactory,
    EnrollmentFactory,
    attend,
    closed,
    finish_units,
    taught_cohort,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(db: None) -> User:
    return UserFactory()


@pytest.fixture
def cohort(db: None) -> Cohort:
    return taught_cohort(lessons=1)


def nearly_complete(cohort: Cohort) -> Enrollment:
    """Meets the rule except for a future session that is then removed: nothing has evaluated it since."""
    enrollment = EnrollmentFactory(cohort=cohort)
    finish_units(enrollment)
    to_come = ClassSessionFactory(cohort=cohort, starts_at=timezone.now() + dt.timedelta(days=1))
    attend(enrollment, AttendanceStatus.PRESENT)
    to_come.delete()
    return enrollment


def state_of(enrollment: Enrollment) -> str:
    enrollment.refresh_from_db()
    return enrollment.state


def test_the_outcome_names_who_would_complete_and_what_the_others_miss():
    cohort = taught_cohort(lessons=1, attendance=90)
    diligent, idle = nearly_complete(cohort), EnrollmentFactory(cohort=cohort)

    outcome = {row.enrollment: row for row in outcomes_of_closing(cohort)}

    assert (outcome[diligent].completes, outcome[idle].completes) == (True, False)
    assert len(outcome[idle].missing) == 2
    # Looking changes nothing.
    assert (state_of(diligent), state_of(idle)) == (EnrollmentState.ACTIVE, EnrollmentState.ACTIVE)


def test_no_person_ends_as_not_completed_who_was_not_named(cohort: Cohort, clerk: User):
    known = EnrollmentFactory(cohort=cohort)
    late = EnrollmentFactory(cohort=cohort)

    with pytest.raises(OutcomeChanged):
        close_cohort(cohort_id=cohort.pk, reason="انتهى التدريب", failing={known.pk}, by=clerk)

    cohort.refresh_from_db()
    assert (cohort.state, state_of(known), state_of(late)) == (CohortState.OPEN, "active", "active")


def test_closing_needs_a_reason_and_keeps_it(cohort: Cohort, clerk: User):
    idle = EnrollmentFactory(cohort=cohort)

    with pytest.raises(ReasonMissing):
        close_cohort(cohort_id=cohort.pk, reason=" ", failing={idle.pk}, by=clerk)
    close_cohort(cohort_id=cohort.pk, reason="انتهى التدريب", failing={idle.pk}, by=clerk)

    entry = ModelLogEntry.objects.get(action="courses.cohort.close")
    assert entry.data == {"reason": "انتهى التدريب", "completed": 0, "failed": 1}


@pytest.mark.parametrize("is_started", [True, False])
def test_reopening_gives_back_what_closing_took(cohort: Cohort, clerk: User, is_started: bool):
    idle, diligent = (EnrollmentFactory(cohort=cohort) for _ in range(2))
    finish_units(diligent)
    if is_started:
        start_cohort(cohort_id=cohort.pk, by=clerk)
    closed(cohort, by=clerk)

    reopened = reopen_cohort(cohort_id=cohort.pk, reason="أُغلقت خطأ", by=clerk)

    assert reopened.state == (CohortState.RUNNING if is_started else CohortState.OPEN)
    assert (state_of(idle), state_of(diligent)) == (EnrollmentState.ACTIVE, EnrollmentState.COMPLETED)
    assert ModelLogEntry.objects.get(action="courses.cohort.reopen").data["reason"] == "أُغلقت خطأ"
    # It is open to everything again, to closing, too.
    change_cohort(cohort_id=cohort.pk, seats=20, by=clerk)
    assert closed(cohort, by=clerk).state == CohortState.CLOSED


def test_only_a_closed_cohort_is_reopened_and_only_with_a_reason(cohort: Cohort, clerk: User):
    with pytest.raises(CohortNotClosed):
        reopen_cohort(cohort_id=cohort.pk, reason="سبب", by=clerk)
    closed(cohort, by=clerk)
    with pytest.raises(ReasonMissing):
        reopen_cohort(cohort_id=cohort.pk, reason="", by=clerk)


def test_a_person_who_learns_in_another_cohort_by_now_is_not_taken_back(cohort: Cohort, clerk: User):
    idle = EnrollmentFactory(cohort=cohort)
    closed(cohort, by=clerk)
    second = taught_cohort(lessons=1)
    Cohort.objects.filter(pk=second.pk).update(program=cohort.program)
    elsewhere = enroll(person_id=idle.person_id, cohort_id=second.pk, by=clerk)

    reopen_cohort(cohort_id=cohort.pk, reason="أُغلقت خطأ", by=clerk)

    assert (state_of(idle), state_of(elsewhere)) == (EnrollmentState.FAILED, EnrollmentState.ACTIVE)


@pytest.mark.django_db(transaction=True)
def test_a_cohort_that_two_close_at_once_is_closed_once():
    clerk, cohort = UserFactory(), taught_cohort(lessons=1)
    failing = {EnrollmentFactory(cohort=cohort).pk}

    def close(_turn: int) -> bool:
        try:
            close_cohort(cohort_id=cohort.pk, reason="انتهى", failing=failing, by=clerk)
        except CohortClosed:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(3) as clerks:
        did = list(clerks.map(close, range(3)))

    assert sorted(did) == [False, False, True]


def test_sessions_to_come_do_not_hide_that_attendance_is_short(clerk: User):
    cohort = taught_cohort(lessons=1, attendance=50)
    enrollment = EnrollmentFactory(cohort=cohort)
    for day in (1, 2, 3):
        ClassSessionFactory(cohort=cohort, starts_at=timezone.now() + dt.timedelta(days=day))
    finish_units(enrollment)
    attend(enrollment, AttendanceStatus.PRESENT)

    (row,) = outcomes_of_closing(cohort)

    assert (row.completes, len(row.missing)) == (False, 1)
