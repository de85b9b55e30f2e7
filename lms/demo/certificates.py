"""Certificates in every state: waiting for a decision, in force, revoked."""

from django.db import transaction
from django.utils import timezone

from accounts.enums import RoleName
from certificates.enums import Reason
from certificates.models import CertificateTemplate, CredentialType
from certificates.services import approve, install_designs, propose, revoke
from courses.models import Cohort
from lms.demo.people import Cast

_SIGNATORY = {
    "signatory_ar": "د. سوسن عبد العزيز راشد",
    "signatory_en": "Dr. Sawsan Abdelaziz Rashed",
    "signatory_title_ar": "رئيس الإدارة المركزية للتدريب المهني",
    "signatory_title_en": "Head of the Central Department of Vocational Training",
}


@transaction.atomic
def certificate_template(cast: Cast) -> CertificateTemplate:
    """The built-in design of the demo's certificates; it and the others are installed, signed and published once."""
    install_designs(by=cast.admin)
    for template in CertificateTemplate.objects.exclude(built_in="").filter(live=False):
        for field, value in _SIGNATORY.items():
            setattr(template, field, value)
        template.save_revision(user=cast.admin).publish(user=cast.admin)
    return CertificateTemplate.objects.get(built_in="completion-2")


@transaction.atomic
def build_certificates(cast: Cast, *, approved: Cohort, waiting: Cohort) -> None:
    """Propose for both cohorts; approve the one, and revoke the last of its certificates."""
    template = certificate_template(cast)
    for cohort in (approved, waiting):
        if cohort.proposals.exists():
            continue
        code = cohort.center.code
        manager = cast.working_at(RoleName.CENTER_MANAGER, code)
        completion = CredentialType.objects.get(code="completion")
        proposal = propose(cohort_id=cohort.pk, type_id=completion.pk, template_id=template.pk, by=manager)
        if cohort == approved:
            *_in_force, last = approve(proposal_id=proposal.pk, by=cast.officer, confirmed_at=timezone.now())
            revoke(
                credential_id=last.pk,
                reason=Reason.ISSUED_IN_ERROR,
                note="صدر الاسم الرابع مخالفا لبطاقة الرقم القومي",
                by=cast.officer,
            )
