"""A closed cohort that certificates are based on stays closed."""

import pytest

from accounts.enums import RoleName
from accounts.models import User
from certificates.errors import CohortHasCertificates
from certificates.services.deciding import reject
from courses.enums import CohortState
from courses.models import Cohort
from courses.services.closing import reopen_cohort
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.certificates import approved, proposed
from tests.factories.courses import EnrollmentFactory, closed, taught_cohort

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(db: None) -> User:
    return UserFactory()


@pytest.fixture
def cohort(db: None) -> Cohort:
    return EnrollmentFactory(cohort=taught_cohort(lessons=1)).cohort


def reopen(cohort: Cohort, clerk: User) -> str:
    return reopen_cohort(cohort_id=cohort.pk, reason="أُغلقت خطأ", by=clerk).state


def test_a_proposal_that_waits_keeps_its_cohort_closed_until_it_is_rejected(cohort: Cohort, clerk: User):
    closed(cohort, by=clerk)
    proposal = proposed(cohort)

    with pytest.raises(CohortHasCertificates):
        reopen(cohort, clerk)
    cohort.refresh_from_db()
    assert cohort.state == CohortState.CLOSED
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=cohort.center).user
    reject(proposal_id=proposal.pk, reason="خطأ في القائمة", by=officer)

    assert reopen(cohort, clerk) == CohortState.OPEN


def test_a_certificate_keeps_its_cohort_closed(cohort: Cohort, clerk: User):
    closed(cohort, by=clerk)
    approved(proposed(cohort))

    with pytest.raises(CohortHasCertificates):
        reopen(cohort, clerk)


def test_what_was_proposed_before_the_closing_does_not_rest_on_it(cohort: Cohort, clerk: User):
    proposed(cohort)
    closed(cohort, by=clerk)

    assert reopen(cohort, clerk) == CohortState.OPEN
