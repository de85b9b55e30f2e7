"""Templates, proposals and issued certificates."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.enums import RoleName
from accounts.models import Center
from certificates.models import CertificateTemplate, Credential, Proposal
from certificates.services import approve, note_candidate, propose, render_certificate
from courses.enums import EnrollmentState
from courses.models import Cohort, CompletionRule, Eligibility, Enrollment
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import CohortFactory, EnrollmentFactory
from tests.factories.rows import Visit, public, row_of, visit


class CertificateTemplateFactory(DjangoModelFactory):
    class Meta:
        model = CertificateTemplate

    name = factory.Sequence(lambda n: f"شهادة {n}")
    signatory_ar = "أ. نادية محمود حسن"
    signatory_en = "Nadia Mahmoud Hassan"
    signatory_title_ar = "مدير عام التدريب المهني"
    signatory_title_en = "Director General of Vocational Training"
    live = True


def completed_enrollment(cohort: Cohort, **fields: object) -> Enrollment:
    """An enrollment that met its rule and is a candidate for a certificate."""
    enrollment = EnrollmentFactory(
        cohort=cohort, state=EnrollmentState.COMPLETED, completed_at=timezone.now(), **fields
    )
    rule, _created = CompletionRule.objects.get_or_create(program=cohort.program, version=1)
    eligibility = Eligibility.objects.create(
        enrollment=enrollment,
        rule=rule,
        met=True,
        evidence={
            "units": {"done": 6, "required": 6, "missing": []},
            "attendance": {"percent": 92, "required": 75},
            "score": {"percent": 80, "required": 60},
        },
        evaluated_at=timezone.now(),
    )
    note_candidate(enrollment=enrollment, eligibility=eligibility)
    return enrollment


def proposed(cohort: Cohort, *, people: int = 1) -> Proposal:
    """A proposal waiting for a decision, made by a manager of the cohort's center."""
    for _number in range(people):
        completed_enrollment(cohort)
    manager = MembershipFactory(role=RoleName.CENTER_MANAGER, center=cohort.center).user
    return propose(cohort_id=cohort.pk, template_id=CertificateTemplateFactory().pk, by=manager)


def issued_for(cohort: Cohort) -> Credential:
    """A certificate in force for the cohort's waiting candidate."""
    manager = MembershipFactory(role=RoleName.CENTER_MANAGER, center=cohort.center).user
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=cohort.center).user
    proposal = propose(cohort_id=cohort.pk, template_id=CertificateTemplateFactory().pk, by=manager)
    return approve(proposal_id=proposal.pk, by=officer)[0]


def issued(cohort: Cohort | None = None, **enrollment: object) -> Credential:
    """A certificate in force of one new person."""
    cohort = cohort or CohortFactory()
    completed_enrollment(cohort, **enrollment)
    return issued_for(cohort)


# --- For the walking tests ---------------------------------------------------------------------------------------


@row_of(Proposal)
def proposal_in(center: Center) -> Proposal:
    return proposed(CohortFactory(center=center))


@row_of(Credential)
def credential_in(center: Center) -> Credential:
    return issued(CohortFactory(center=center))


@visit("certificates:download")
def own_certificate(center: Center) -> Visit:
    credential = credential_in(center)
    render_certificate(job_id=credential.render_job.pk)
    manager = MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user
    return Visit(user=manager, kwargs={"public_id": credential.public_id})


public("certificates:verify", "Anyone may verify a certificate by its code.")
public("scanned_certificate", "What the QR code holds leads on to the public page.")
