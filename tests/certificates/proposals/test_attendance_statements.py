"""A statement of attendance certifies what has happened: the cohort is closed, and no later day is named."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Center
from certificates import errors
from certificates.models import Credential, Proposal
from courses.clauses import Clauses
from courses.enums import CohortState, EnrollmentState
from courses.models import Cohort, Enrollment
from tests.factories.certificates import approved, completed_enrollment, credential_type, proposed_for
from tests.factories.courses import CohortFactory, closed

TODAY = timezone.localdate()


@pytest.fixture
def running(center: Center) -> Cohort:
    """A cohort of today and the month to come, one of whose people met every clause already."""
    cohort = CohortFactory(
        center=center, state=CohortState.RUNNING, starts_on=TODAY, ends_on=TODAY + dt.timedelta(days=30)
    )
    credential_type("attendance", completed=False, asks=Clauses(attendance=75))
    return cohort


def test_attendance_is_not_certified_for_a_cohort_that_still_runs(running: Cohort):
    completed_enrollment(running)

    with pytest.raises(errors.CohortStillRuns):
        proposed_for(running, type_code="attendance")

    assert not Proposal.objects.exists()


def test_a_completion_certificate_does_not_wait_for_the_cohort(running: Cohort):
    completed_enrollment(running)

    assert approved(proposed_for(running))


def test_a_cohort_closed_early_was_attended_until_it_was_closed(running: Cohort):
    # Attended, and did not complete.
    enrollment = completed_enrollment(running)
    Enrollment.objects.filter(pk=enrollment.pk).update(state=EnrollmentState.ACTIVE, completed_at=None)
    closed(running)

    (statement,) = approved(proposed_for(running, type_code="attendance"))

    assert (statement.claims["ends_on"], statement.claims["completed_on"]) == (TODAY.isoformat(),) * 2


def test_a_statement_certifies_the_hours_that_were_attended_not_those_of_the_program(running: Cohort):
    # 515 minutes, of a program of many more hours.
    completed_enrollment(running, minutes=515)
    closed(running)

    (statement,) = approved(proposed_for(running, type_code="attendance"))

    assert (statement.claims["hours"], statement.claims["attended_hours"]) == (None, 8)


def test_a_proposal_from_before_is_not_approved_while_the_cohort_runs(running: Cohort):
    completed_enrollment(running)
    closed(running)
    proposal = proposed_for(running, type_code="attendance")
    Cohort.objects.filter(pk=running.pk).update(state=CohortState.RUNNING, closed_at=None, close_reason="")

    with pytest.raises(errors.CohortStillRuns):
        approved(proposal)

    assert not Credential.objects.exists()
