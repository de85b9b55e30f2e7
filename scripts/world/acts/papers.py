"""Certificates: proposed, decided, corrected, suspended, revoked."""

from typing import Any

from django.utils import timezone

from accounts.enums import Act
from certificates.enums import COPY_REASONS, REVOCATION_REASONS, SUSPENSION_REASONS, ProposalState, Reason
from certificates.models import Credential, CredentialType, Proposal
from certificates.services.deciding import approve, reject
from certificates.services.proceedings import decide_revocation, propose_revocation
from certificates.services.proposing import propose, propose_correction, propose_on_prerequisite
from certificates.services.statuses import issue_copy, reinstate, suspend
from certificates.services.withdrawing import withdraw_proposal
from courses.enums import EnrollmentState
from courses.models import Cohort, Enrollment
from scripts.world.acts.seats import WHY
from scripts.world.history import World
from scripts.world.registry import act


def _type(code: str) -> CredentialType:
    return CredentialType.objects.get(code=code)


@act(weight=3)
def propose_certificates(world: World) -> None:
    enrolled = Enrollment.objects.all()
    if world.happens(0.85):
        enrolled = enrolled.filter(state=EnrollmentState.COMPLETED)
    cohort: Cohort = world.row(Cohort.objects.filter(enrollments__in=enrolled).distinct())
    user = world.staff(Act.PROPOSE_CERTIFICATES, on=cohort)
    type_ = _type(world.pick(("completion", "skill-level", "skill-level")))
    proposal = propose(cohort_id=cohort.pk, type_id=type_.pk, template_id=world.stage.template.pk, by=user)
    world.did("proposal", proposal.pk, "proposes")


@act(weight=3)
def approve_certificates(world: World) -> None:
    proposal: Proposal = world.row(Proposal.objects.filter(state=ProposalState.PROPOSED))
    user = world.staff(Act.APPROVE_CERTIFICATES, on=proposal)
    issued = approve(proposal_id=proposal.pk, by=user, confirmed_at=timezone.now())
    world.did("proposal", proposal.pk, "approves")
    for credential in issued:
        human = world.subject.get(credential.holder_id)
        if human:
            world.named[credential.pk] = human.name


@act(weight=0.4)
def reject_certificates(world: World) -> None:
    proposal: Proposal = world.row(Proposal.objects.all())
    reject(proposal_id=proposal.pk, reason=WHY, by=world.staff(Act.APPROVE_CERTIFICATES, on=proposal))


@act(weight=0.4)
def take_a_proposal_back(world: World) -> None:
    proposal: Proposal = world.row(Proposal.objects.all())
    withdraw_proposal(
        proposal_id=proposal.pk, reason=WHY, by=world.staff(Act.PROPOSE_CERTIFICATES, on=proposal)
    )


@act(weight=1.5)
def propose_licenses(world: World) -> None:
    basis: Credential = world.row(Credential.objects.filter(type__code="skill-level"))
    user = world.staff(Act.PROPOSE_CERTIFICATES, on=basis)
    proposal = propose_on_prerequisite(
        type_id=_type("licence").pk, prerequisite_ids=[basis.pk], template_id=world.stage.template.pk, by=user
    )
    world.did("proposal", proposal.pk, "proposes")


@act()
def propose_a_corrected_certificate(world: World) -> None:
    credential: Credential = world.row(Credential.objects.all())
    user = world.staff(Act.PROPOSE_CERTIFICATES, on=credential)
    proposal = propose_correction(
        credential_id=credential.pk,
        reason=Reason.NAME_CORRECTED,
        template_id=world.stage.template.pk,
        by=user,
    )
    world.did("proposal", proposal.pk, "proposes")


def _decide(world: World, change: Any, **facts: Any) -> None:
    credential: Credential = world.row(Credential.objects.all())
    user = world.staff(Act.REVOKE_CERTIFICATES, on=credential)
    change(credential_id=credential.pk, note=WHY, by=user, **facts)


@act(weight=0.6)
def propose_to_revoke(world: World) -> None:
    _decide(world, propose_revocation, reason=world.pick(REVOCATION_REASONS))


@act(weight=0.6)
def revoke_a_certificate(world: World) -> None:
    _decide(world, decide_revocation)


@act(weight=0.8)
def suspend_a_certificate(world: World) -> None:
    _decide(world, suspend, reason=world.pick(SUSPENSION_REASONS))


@act(weight=0.8)
def reinstate_a_certificate(world: World) -> None:
    _decide(world, reinstate)


@act(weight=0.8)
def issue_a_numbered_copy(world: World) -> None:
    credential: Credential = world.row(Credential.objects.all())
    user = world.staff(Act.APPROVE_CERTIFICATES, on=credential)
    issue_copy(credential_id=credential.pk, reason=world.pick(COPY_REASONS), by=user)
