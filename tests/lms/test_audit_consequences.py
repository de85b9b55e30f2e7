"""The audit of consequences lists what the code of before left wrong, exactly that, and changes nothing."""

import datetime as dt
import io
import json
from decimal import Decimal
from uuid import UUID

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import DocumentKind, RoleName
from accounts.models import AuditEntry, Center, IdentityDocument, User
from accounts.services.identity_documents import encrypt_number
from assessment.models import LateDecision
from certificates.models import Credential
from certificates.services.proposing import propose_on_prerequisite
from courses.models import Cohort, Enrollment, UnitProgress
from courses.services.completion import complete_if_eligible
from courses.services.marks import correct_score
from courses.services.progress import record_score
from tests.database_owner import trigger_disabled
from tests.factories.accounts import PersonFactory, UserFactory, staff_member
from tests.factories.certificates import (
    CertificateTemplateFactory,
    approved,
    credential_type,
    issued,
    issued_for,
)
from tests.factories.courses import EnrollmentFactory, taught_cohort
from tests.factories.regrades import marked_attempt

pytestmark = pytest.mark.django_db


def audited() -> tuple[list[str], dict[str, int]]:
    output = io.StringIO()
    call_command("audit_consequences", stdout=output)
    *lines, last = output.getvalue().splitlines()
    return lines, json.loads(last)


def doubted_license(center: Center) -> tuple[Credential, Credential]:
    """A license that was issued on a skill level whose test was corrected, as nothing refused before."""
    skill_type = credential_type("skill-level", identity_document=False)
    license_type = credential_type("licence", completed=False, prerequisite=skill_type)
    cohort = taught_cohort(lessons=1, score=60, center=center)
    enrollment = EnrollmentFactory(cohort=cohort)
    (unit,) = cohort.content_version.units
    record_score(enrollment_id=enrollment.pk, unit_key=UUID(unit["unit"]), score=Decimal(100), passed=True)
    complete_if_eligible(enrollment_id=enrollment.pk)
    skill = issued_for(cohort, type_code="skill-level")
    proposal = propose_on_prerequisite(
        type_id=license_type.pk,
        prerequisite_ids=[skill.pk],
        template_id=CertificateTemplateFactory().pk,
        by=staff_member(RoleName.CENTER_MANAGER, center),
    )
    (license_,) = approved(proposal)
    correct_score(
        enrollment_id=enrollment.pk,
        unit_key=UUID(unit["unit"]),
        score=Decimal(40),
        passed=False,
        reason="ورقة شخص آخر",
        by=staff_member(RoleName.ASSESSOR, center),
    )
    return skill, license_


def differing_paper() -> Credential:
    """One that says the hours to which the page of the program was changed after its cohort began."""
    credential = issued()
    program = credential.enrollment.cohort.program
    program.save_revision().publish()
    Cohort.objects.filter(program=program).update(starts_on=timezone.localdate())
    with trigger_disabled("certificates_credential", "credential_only_ends"):
        Credential.objects.filter(pk=credential.pk).update(claims={**credential.claims, "hours": 900})
    return credential


def document_with_unfit_digit() -> IdentityDocument:
    number = "29001010100111"
    return IdentityDocument.objects.create(
        person=PersonFactory(),
        kind=DocumentKind.NATIONAL_ID,
        number_encrypted=encrypt_number(number),
        number_hmac="0" * 64,
        last4=number[-4:],
    )


def minor_without_guardian() -> Enrollment:
    born = timezone.localdate() - dt.timedelta(days=16 * 365)
    enrollment: Enrollment = EnrollmentFactory(person=PersonFactory(birth_date=born))
    return enrollment


def login_of_one_hand(center: Center) -> User:
    by, login = UserFactory(), staff_member(RoleName.REGISTRAR, center)
    log(login, "accounts.login.create", user=by)
    role = login.memberships.get()
    log(role, "accounts.membership.give", user=by, data={"login": login.pk, "role": str(role.role)})
    return login


def unit_left_failed(center: Center) -> UnitProgress:
    """Two late answers counted, the attempt passed, and the unit kept the score of before."""
    attempt = marked_attempt(center)
    with trigger_disabled("assessment_attempt"):
        attempt.__class__.objects.filter(pk=attempt.pk).update(passed=True)
    LateDecision.objects.create(
        attempt=attempt,
        is_counted=True,
        through_at=timezone.now(),
        answers=2,
        reason="انقطع الاتصال",
        by=UserFactory(),
    )
    progress = attempt.enrollment.progress.get(unit_key=attempt.quiz_key)
    UnitProgress.objects.filter(pk=progress.pk).update(passed=False)
    return progress


def test_it_lists_one_of_each_and_nothing_else(center: Center):
    clean = audited()
    skill, license_ = doubted_license(center)
    differing, document = differing_paper(), document_with_unfit_digit()
    minor, login, progress = minor_without_guardian(), login_of_one_hand(center), unit_left_failed(center)
    trail = AuditEntry.objects.count()

    lines, totals = audited()

    assert clean[0] == []
    assert lines == [
        f"differing_paper: {differing.number} (hours)",
        f"paper_in_doubt: {skill.number} (completion {skill.number}, rule {skill.number})",
        f"paper_in_doubt: {license_.number} (completion {skill.number}, rule {skill.number})",
        f"unfit_check_digit: document {document.pk} of person {document.person_id}",
        f"minor_without_guardian: person {minor.person_id}",
        f"login_of_one_hand: login {login.pk}",
        f"unit_left_failed: unit {progress.unit_key} of enrollment {progress.enrollment_id}",
    ]
    assert totals == {
        "differing_paper": 1,
        "paper_in_doubt": 2,
        "unfit_check_digit": 1,
        "minor_without_guardian": 1,
        "login_of_one_hand": 1,
        "unit_left_failed": 1,
    }
    assert AuditEntry.objects.count() == trail
