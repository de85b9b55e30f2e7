"""Certificates in force of people whose test is marked again are counted, listed, and stay until the officer decides."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import Center, SiteNotice, User
from accounts.models.notices import PersonalNotice
from assessment.enums import KeyRule
from assessment.errors import OwnCertificate
from assessment.models import AttemptCorrection, CorrectionReview, ScoreNotice
from assessment.services.regrades import start_regrade, work_on_regrade
from assessment.services.score_notices import send_score_notices
from assessment.services.touched import review_touched
from assessment.work.touched import TouchedCertificates
from certificates.enums import CredentialState
from courses.enums import EnrollmentState
from courses.queries.doubts import completions_in_doubt
from tests.factories.accounts import CenterFactory, MembershipFactory, staff_member
from tests.factories.assessment import options_of
from tests.factories.certificates import issued_for
from tests.factories.regrades import counted, marked_attempt, officer, regraded

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

    preview = counted(attempt.versions[1], KeyRule.KEY, key=key, by=officer())
    run = start_regrade(regrade_id=preview.pk, by=by)
    work_on_regrade(regrade_id=run.pk)

    attempt.enrollment.refresh_from_db()
    credential.refresh_from_db()
    assert (preview.documented, preview.lines.get().has_document) == (1, True)
    assert AttemptCorrection.objects.get().has_document
    assert credential.state == CredentialState.IN_FORCE
    assert attempt.enrollment.state == EnrollmentState.COMPLETED
    assert list(completions_in_doubt(certifier)) == [attempt.enrollment]
    assert list(TouchedCertificates().rows(certifier)) == [attempt.enrollment]


def test_the_officer_of_the_center_looks_at_it_once_and_no_other_center_sees_it(
    client: Client, center: Center, demo_keys: object
):
    attempt = marked_attempt(center)
    credential = issued_for(attempt.enrollment.cohort)
    certifier, stranger = (
        staff_member(RoleName.CERTIFYING_OFFICER, where) for where in (center, CenterFactory())
    )
    regraded(attempt.versions[0], KeyRule.EVERYBODY, by=officer())
    address = reverse("touched_certificate", args=[attempt.enrollment_id])
    client.force_login(certifier)

    page = client.get(address)
    refused = client.post(address, {"reason": " "})
    done = client.post(address, {"reason": "تبقى الشهادة"})
    again = client.post(address, {"reason": "تبقى الشهادة"})
    client.force_login(stranger)

    review = CorrectionReview.objects.get()
    assert str(credential.number) in page.text
    assert (refused.status_code, done.status_code, again.status_code) == (200, 302, 200)
    assert (review.by, review.reason) == (certifier, "تبقى الشهادة")
    assert not TouchedCertificates().rows(certifier).exists()
    assert not TouchedCertificates().rows(stranger).exists()
    assert client.get(address).status_code == 404
    with pytest.raises(DatabaseError), transaction.atomic():
        CorrectionReview.objects.update(reason="")


def test_no_one_looks_at_a_certificate_of_their_own(center: Center, demo_keys: object):
    attempt = marked_attempt(center)
    issued_for(attempt.enrollment.cohort)
    regraded(attempt.versions[0], KeyRule.EVERYBODY, by=officer())
    certifier = User.objects.get(person=attempt.enrollment.person)
    MembershipFactory(user=certifier, role=RoleName.CERTIFYING_OFFICER, center=center)

    with pytest.raises(OwnCertificate):
        review_touched(enrollment_id=attempt.enrollment_id, reason="stays", by=certifier)

    assert not CorrectionReview.objects.exists()


def test_one_message_says_what_changed_and_that_the_certificate_stays(center: Center, demo_keys: object):
    attempt = marked_attempt(center)
    issued_for(attempt.enrollment.cohort)
    told_before = {model: model.objects.count() for model in PersonalNotice.__subclasses__()}

    regraded(attempt.versions[0], KeyRule.EVERYBODY, by=officer())
    send_score_notices()

    written = {
        model: model.objects.count() - before
        for model, before in told_before.items()
        if model.objects.count() != before
    }
    assert written == {ScoreNotice: 1}
    assert "شهادتك باقية" in str(SiteNotice.objects.values().get(person=attempt.enrollment.person))


def test_what_changes_no_score_touches_no_certificate(center: Center, demo_keys: object):
    attempt = marked_attempt(center)
    issued_for(attempt.enrollment.cohort)
    regraded(attempt.versions[1], KeyRule.EVERYBODY, by=officer())

    certifier = staff_member(RoleName.CERTIFYING_OFFICER, center)
    assert not TouchedCertificates().rows(certifier).exists()
