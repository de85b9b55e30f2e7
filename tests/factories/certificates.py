"""Templates, proposals and issued certificates."""

import datetime as dt

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.enums import RoleName
from accounts.models import Center, User
from certificates.enums import (
    BundleKind,
    ClientScope,
    CredentialKind,
    FeeFor,
    FileKind,
    Reason,
    Status,
)
from certificates.models import (
    ApiClient,
    Artifact,
    Bundle,
    CertificateTemplate,
    Credential,
    CredentialType,
    Fee,
    IssuingRule,
    Proceeding,
    ProofJob,
    Proposal,
    RenderJob,
    Term,
    Webhook,
    WebhookDelivery,
)
from certificates.services.bundles import make_bundle, request_bundle
from certificates.services.clients import make_client
from certificates.services.deciding import approve
from certificates.services.designs import install_designs
from certificates.services.proceedings import decide_revocation, propose_revocation
from certificates.services.proposing import propose, propose_correction
from certificates.services.rendering import render_certificate, render_certificates
from certificates.services.statuses import Change
from certificates.services.webhooks import subscribe
from courses.clauses import Clauses, Score
from courses.enums import EnrollmentState
from courses.models import Cohort, CompletionRule, Eligibility, Enrollment
from courses.services.completion import USUAL
from jobs.enums import JobState
from tests.certificates.designs import SIGNATORY
from tests.database_owner import trigger_disabled
from tests.factories.accounts import MembershipFactory, staff_member
from tests.factories.courses import CohortFactory, EnrollmentFactory
from tests.factories.jobs import job_of, put
from tests.factories.rows import Visit, public, row_of, visit
from tests.factories.signing_keys import with_demo_keys


class CertificateTemplateFactory(DjangoModelFactory):
    class Meta:
        model = CertificateTemplate

    name = factory.Sequence(lambda n: f"شهادة {n}")
    kinds = list(CredentialKind.values)
    signatory_ar = "أ. نادية محمود حسن"
    signatory_en = "Nadia Mahmoud Hassan"
    signatory_title_ar = "مدير عام التدريب المهني"
    signatory_title_en = "Director General of Vocational Training"
    live = True


def completed_enrollment(
    cohort: Cohort, *, score: str = "80.00", minutes: int | None = None, **fields: object
) -> Enrollment:
    """An enrollment that met its rule, with so many minutes in classes."""
    enrollment = EnrollmentFactory(
        cohort=cohort, state=EnrollmentState.COMPLETED, completed_at=timezone.now(), **fields
    )
    rule, _created = CompletionRule.objects.get_or_create(
        program=cohort.program, version=1, defaults={"clauses": USUAL.as_list()}
    )
    Eligibility.objects.create(
        enrollment=enrollment,
        rule=rule,
        met=True,
        evidence={
            "units": {"done": 6, "required": 6, "missing": []},
            "attendance": {"percent": 92, "required": 75},
            "score": {"percent": score, "required": 60},
            "hours": {"minutes": minutes, "required": 0},
        },
        evaluated_at=timezone.now(),
    )
    return enrollment


def credential_type(code: str = "completion", asks: Clauses | None = None, **rule: object) -> CredentialType:
    """A kind that the migrations wrote, by its code; with a rule of its own where one is given or it has none."""
    type_ = CredentialType.objects.get(code=code)
    version = type_.rules.count()
    if asks or rule or not version:
        usual = Clauses(score=Score(60)) if type_.kind == CredentialKind.SKILL_LEVEL else Clauses()
        clauses = (asks or usual).as_list()
        IssuingRule.objects.create(type=type_, version=version + 1, clauses=clauses, **rule)
    return type_


def type_printed_by(template: CertificateTemplate) -> CredentialType:
    """The first kind that a template can print, for everyone who completed the program."""
    return credential_type(template.kinds[0].replace("_", "-"), completed=True)


def proposed(cohort: Cohort, *, people: int = 1, type_code: str = "completion") -> Proposal:
    """A proposal waiting for a decision, made by a manager of the cohort's center."""
    for _number in range(people):
        completed_enrollment(cohort)
    return proposed_for(cohort, type_code=type_code)


def proposed_for(cohort: Cohort, *, type_code: str = "completion", by: User | None = None) -> Proposal:
    """A proposal for those of the cohort without a certificate, on a site that can seal what is approved; by a new manager or `by`."""
    with_demo_keys()
    by = by or MembershipFactory(role=RoleName.CENTER_MANAGER, center=cohort.center).user
    return propose(
        cohort_id=cohort.pk,
        type_id=credential_type(type_code).pk,
        template_id=CertificateTemplateFactory().pk,
        by=by,
    )


def approved(proposal: Proposal) -> list[Credential]:
    """The certificates of a proposal that an officer of its center approves now."""
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=proposal.center).user
    return approve(proposal_id=proposal.pk, by=officer, confirmed_at=timezone.now())


def issued_for(cohort: Cohort, *, type_code: str = "completion") -> Credential:
    """A certificate in force for the first of the cohort without one."""
    return approved(proposed_for(cohort, type_code=type_code))[0]


def corrected(credential: Credential, *, by: User) -> Credential:
    """The certificate that takes the place of one whose holder's name was corrected."""
    template = CertificateTemplateFactory()
    return approved(
        propose_correction(
            credential_id=credential.pk, reason=Reason.NAME_CORRECTED, template_id=template.pk, by=by
        )
    )[0]


def revoke(*, credential_id: int, reason: Reason, note: str, by: User, cascade: bool = True) -> Change:
    """The outcome of a revocation that another officer proposed and that `by` decides after the holder was heard."""
    credential = Credential.objects.select_related("center").get(pk=credential_id)
    proceeding = propose_revocation(
        credential_id=credential_id, reason=reason, note=note, by=registrar_of(credential), cascade=cascade
    )
    return decided(proceeding, by=by)


def decided(proceeding: Proceeding, *, by: User) -> Change:
    """What becomes of it on the first day after its holder was heard."""
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Proceeding.objects.filter(pk=proceeding.pk).update(heard_until=yesterday)
    return decide_revocation(credential_id=proceeding.credential_id, note="", by=by)


def drawn(credential: Credential) -> Artifact:
    """The file of a certificate's original, drawn now."""
    with_demo_keys()
    job = credential.render_jobs.get(kind=FileKind.CERTIFICATE, copy=None)
    artifact = render_certificate(job_id=job.pk)
    assert artifact is not None
    return artifact


def issued(cohort: Cohort | None = None, **enrollment: object) -> Credential:
    """A certificate in force of one new person."""
    cohort = cohort or CohortFactory()
    completed_enrollment(cohort, **enrollment)
    return issued_for(cohort)


def differing_in(center: Center) -> Credential:
    """One that says other hours than the facts of its cohort, as earlier versions read them from the page of the day it was issued."""
    credential = issued(CohortFactory(center=center))
    with trigger_disabled("certificates_credential", "credential_only_ends"):
        Credential.objects.filter(pk=credential.pk).update(claims={**credential.claims, "hours": 900})
    credential.refresh_from_db()
    return credential


def built_in_template(name: str) -> CertificateTemplate:
    """A built-in design that somebody signs, in use."""
    install_designs()
    template = CertificateTemplate.objects.get(built_in__startswith=f"{name}-")
    for field, text in SIGNATORY.items():
        setattr(template, field, text)
    template.live = True
    template.save()
    return template


def with_card(center: Center, **enrollment: object) -> Credential:
    """A certificate in force with its page and its card, both rendered."""
    with_demo_keys()
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort, **enrollment)
    proposal = propose(
        cohort_id=cohort.pk,
        type_id=credential_type("skill-level", identity_document=False).pk,
        template_id=built_in_template("skill_level").pk,
        by=MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user,
    )
    (credential,) = approved(proposal)
    render_certificates(job_ids=list(credential.render_jobs.values_list("pk", flat=True)))
    return credential


def moved(credential: Credential, last_day: dt.date) -> Credential:
    """The same certificate with another last day, written with its trigger disabled."""
    with trigger_disabled("certificates_credential", "credential_only_ends"):
        length = credential.valid_until - credential.valid_from
        begins = min(last_day - length, credential.issued_on)
        Credential.objects.filter(pk=credential.pk).update(valid_from=begins, valid_until=last_day)
    credential.refresh_from_db()
    return credential


# --- For the walking tests ---------------------------------------------------------------------------------------


@row_of(Proposal)
def proposal_in(center: Center) -> Proposal:
    return proposed(CohortFactory(center=center))


@job_of(RenderJob)
def drawing_to_be_made(center: Center) -> RenderJob:
    job: RenderJob = credential_in(center).render_jobs.get()
    return job


@job_of(Bundle)
def bundle_to_be_made(center: Center) -> Bundle:
    credential = credential_in(center)
    return Bundle.objects.create(
        proposal=credential.proposal, kind=BundleKind.ZIP, requested_by=credential.proposed_by
    )


@job_of(ProofJob)
def proof_to_be_made(center: Center) -> ProofJob:
    return ProofJob.objects.create(credential=credential_in(center))


@row_of(Credential)
def credential_in(center: Center) -> Credential:
    return issued(CohortFactory(center=center))


@visit("certificates:download")
def own_certificate(center: Center) -> Visit:
    credential = credential_in(center)
    drawn(credential)
    manager = MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user
    return Visit(user=manager, kwargs={"public_id": credential.public_id})


@visit("certificates:bundle")
def bundle_of_the_center(center: Center) -> Visit:
    credential = credential_in(center)
    drawn(credential)
    manager = MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user
    bundle = request_bundle(proposal_id=credential.proposal_id, kind=BundleKind.ZIP, by=manager)
    make_bundle(bundle_id=bundle.pk)
    return Visit(user=manager, kwargs={"public_id": bundle.public_id})


public("certificates:verify", "Anyone may verify a certificate by its code.")
public("certificates:badge", "Anyone who has the code may show the state on a page of their own.")
public("offline_verifier:page", "The page has no personal data.")
public("offline_verifier:manifest", "The manifest has no personal data.")
public(
    "wagtailsnippets_certificates_certificatetemplate:delete",
    "Templates are the ministry's alone: tests/certificates/designer/test_access.py.",
)
public("scanned_certificate", "What the QR code holds leads on to the public page.")
public("scanned_offline_certificate", "What the QR code holds leads on to the public page.")


@row_of(CredentialType)
def type_of_the_ministry(center: Center) -> CredentialType:
    number = CredentialType.objects.count()
    letters = "".join(chr(ord("A") + int(digit)) for digit in str(number))
    return CredentialType.objects.create(
        code=f"type-{number}",
        kind=CredentialKind.ATTENDANCE,
        name_ar="إفادة",
        name_en="Statement",
        number_prefix=f"{letters}-",
    )


@row_of(IssuingRule)
def rule_of_the_ministry(center: Center) -> IssuingRule:
    return IssuingRule.objects.create(type=type_of_the_ministry(center), version=1)


@row_of(Term)
def term_of_the_ministry(center: Center) -> Term:
    return Term.objects.create(type=type_of_the_ministry(center), months=36, since=timezone.localdate())


@row_of(Fee)
def fee_of_the_ministry(center: Center) -> Fee:
    return Fee.objects.create(
        type=type_of_the_ministry(center), due_for=FeeFor.COPY, amount=50, since=timezone.localdate()
    )


# --- For programs ------------------------------------------------------------------------------------------------

public("status_list", "External verifiers fetch it; it has no personal data.")
public("achievement", "What a certificate means is public.")


def registrar_of(credential: Credential) -> User:
    """An officer who may revoke, suspend and reinstate the certificate."""
    return MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=credential.center).user


def officer_of_the_ministry() -> User:
    """Somebody who sets the ministry's rules: may make API clients and webhooks."""
    return staff_member(RoleName.MINISTRY_OFFICER)


@row_of(ApiClient)
def client_of_the_ministry(center: Center) -> ApiClient:
    number = ApiClient.objects.count()
    return make_client(name=f"Portal {number}", scopes=[ClientScope.VERIFY], by=None)[0]


@row_of(Webhook)
def webhook_of_the_ministry(center: Center) -> Webhook:
    number = Webhook.objects.count()
    return subscribe(
        name=f"Portal {number}",
        url="https://hooks.example.org/mihna",
        about=[Status.ISSUED, Status.REVOKED],
        by=officer_of_the_ministry(),
    )[0]


@row_of(WebhookDelivery)
def delivery_of_the_ministry(center: Center) -> WebhookDelivery:
    webhook = webhook_of_the_ministry(center)
    credential_in(center)
    delivery = webhook.deliveries.get()
    put(webhook.deliveries, JobState.FAILED)
    delivery.refresh_from_db()
    return delivery


@job_of(WebhookDelivery)
def delivery_to_be_sent(center: Center) -> WebhookDelivery:
    delivery = delivery_of_the_ministry(center)
    put(WebhookDelivery.objects.filter(pk=delivery.pk), JobState.WAITING)
    delivery.refresh_from_db()
    return delivery
