"""Prerequisite certificates for tests."""

from accounts.models import Center
from certificates.models import Credential
from tests.factories.certificates import approved, completed_enrollment, proposed_for
from tests.factories.courses import CohortFactory


def held(center: Center, *, people: int = 1, **enrollment: object) -> list[Credential]:
    """Skill-level certificates in force of the people of one new cohort."""
    cohort = CohortFactory(center=center)
    for _number in range(people):
        completed_enrollment(cohort, **enrollment)
    return approved(proposed_for(cohort, type_code="skill-level"))
