"""Certificates in force of people whose test is marked again are counted, listed, and stay until the officer decides."""

import pytest

from accounts.enums import RoleName
from accounts.models import Center
from assessment.enums import KeyRule
from assessment.models import AttemptCorrection
from assessment.services.regrades import start_regrade, work_on_regrade
from certificates.enums import CredentialState
from courses.enums import EnrollmentState
from courses.queries.doubts import completions_in_doubt
from tests.factories.accounts import staff_member
from tests.factories.assessment import options_of
from tests.factories.certificates import issued_for
from tests.factories.regrades import counted, marked_attempt, officer

pytestmark = pytest.mark.django_db


def test_a_certificate_that_a_corrected_key_touches_is_listed_and_stays_in_force(
    center: Center, demo_keys: object
):
    attempt = marked_attempt(center)
    credential = issued_for(attempt.enrollment.cohort)
    certifier = staff_member(RoleName.CERTIFYING_OFFICER, center)
    by = officer()
    third, fourth = options_of(attempt)[1][2:]
    key = {"weights": {third: "1/2", fourth: "1/2"}}

    preview = counted(attempt.versions[1], KeyRule.KEY, key=key, by=by)
    run = start_regrade(regrade_id=preview.pk, by=by)
    work_on_regrade(regrade_id=run.pk)

    attempt.enrollment.refresh_from_db()
    credential.refresh_from_db()
    assert (preview.documented, preview.lines.get().has_document) == (1, True)
    assert AttemptCorrection.objects.get().has_document
    assert credential.state == CredentialState.IN_FORCE
    assert attempt.enrollment.state == EnrollmentState.COMPLETED
    assert list(completions_in_doubt(certifier)) == [attempt.enrollment]
