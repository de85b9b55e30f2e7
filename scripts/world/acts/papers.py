"""Certificates: proposed, decided, corrected, suspended, revoked."""

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.enums import Act, DocumentKind
from certificates.enums import (
    COPY_REASONS,
    REVOCATION_REASONS,
    SUSPENSION_REASONS,
    CredentialState,
    DoubtCause,
    ProceedingState,
    ProposalState,
    Reason,
    Status,
)
from certificates.models import Artifact, Credential, CredentialType, Proceeding, Proposal, StatusEvent
from certificates.queries.doubts import doubts_of
from certificates.queries.printouts import is_drawn
from certificates.services.collecting import hand_out
from certificates.services.deciding import approve, reject
from certificates.services.doubts import lift_doubt
from certificates.services.proceedings import (
    HEARD_FOR,
    decide_revocation,
    drop_revocation,
    propose_revocation,
)
from certificates.services.proposing import propose, propose_correction, propose_on_prerequisite
from certificates.services.statuses import confirm_suspension, issue_copy, reinstate, suspend
from certificates.services.withdrawing import withdraw_proposal
from courses.enums import EnrollmentState
from courses.models import Cohort, Enrollment
from scripts.world.acts.seats import WHY
from scripts.world.history import World
from scripts.world.registry import NotNow, act


def _type(code: str) -> CredentialType:
    return CredentialType.objects.get(code=code)


@act(weight=6)
def propose_certificates(world: World) -> None:
    enrolled = Enrollment.objects.all()
    if world.happens(0.85):
        enrolled = enrolled.filter(state=EnrollmentState.COMPLETED)
    cohort: Cohort = world.row(Cohort.objects.filter(enrollments__in=enrolled).distinct())
    user = world.staff(Act.PROPOSE_CERTIFICATES, on=cohort)
    type_ = _type(world.pick(("completion", "skill-level", "skill-level")))
    proposal = propose(cohort_id=cohort.pk, type_id=type_.pk, template_id=world.stage.template.pk, by=user)
    world.did("proposal", proposal.pk, "proposes")


@act(weight=9)
def approve_certificates(world: World) -> None:
    proposal: Proposal = world.row(Proposal.objects.filter(state=ProposalState.PROPOSED))
    user = world.staff(Act.APPROVE_CERTIFICATES, on=proposal)
    issued = approve(proposal_id=proposal.pk, by=user, confirmed_at=timezone.now())
    world.did("proposal", proposal.pk, "approves")
    for credential in issued:
        human = world.subject.get(credential.holder_id)
        before = credential.supersedes_id
        cohort = world.issued_in.get(before) if before else proposal.cohort_id
        if cohort:
            world.issued_in[credential.pk] = cohort
        if proposal.correction == Reason.FACTS_CORRECTED and before in world.named:
            # It changes no name.
            world.named[credential.pk] = world.named[before]
        elif human and human.person == credential.holder_id:
            world.named[credential.pk] = human.name
        if proposal.correction == Reason.NAME_CORRECTED and before in world.lifted:
            # It changes nothing else, and what an officer let stay stays.
            world.lifted.add(credential.pk)


def _waiting(world: World) -> Proposal:
    proposal: Proposal = world.apt(
        Proposal.objects.all(), Proposal.objects.filter(state=ProposalState.PROPOSED)
    )
    return proposal


@act(weight=0.8)
def reject_certificates(world: World) -> None:
    proposal = _waiting(world)
    reject(proposal_id=proposal.pk, reason=WHY, by=world.staff(Act.APPROVE_CERTIFICATES, on=proposal))


@act(weight=1.2)
def take_a_proposal_back(world: World) -> None:
    proposal = _waiting(world)
    withdraw_proposal(
        proposal_id=proposal.pk, reason=WHY, by=world.staff(Act.PROPOSE_CERTIFICATES, on=proposal)
    )


@act(weight=2.5)
def propose_licenses(world: World) -> None:
    rows = Credential.objects.filter(type__code="skill-level")
    basis: Credential = world.apt(rows, rows.filter(state=CredentialState.IN_FORCE))
    user = world.staff(Act.PROPOSE_CERTIFICATES, on=basis)
    proposal = propose_on_prerequisite(
        type_id=_type("licence").pk, prerequisite_ids=[basis.pk], template_id=world.stage.template.pk, by=user
    )
    world.did("proposal", proposal.pk, "proposes")


def _is_another(world: World, key: int, name: str) -> bool:
    """Whether the holder of a certificate has another name by now than it says."""
    human = world.subject.get(Credential.objects.only("holder").get(pk=key).holder_id)
    return human is not None and human.name != name


@act(weight=5)
def propose_a_corrected_certificate(world: World) -> None:
    rows = Credential.objects.all()
    wrong = [key for key, name in world.named.items() if _is_another(world, key, name)]
    credential: Credential = world.apt(rows, rows.filter(pk__in=wrong, state=CredentialState.IN_FORCE))
    user = world.staff(Act.PROPOSE_CERTIFICATES, on=credential)
    is_wrong = credential.pk in wrong and world.fits()
    proposal = propose_correction(
        credential_id=credential.pk,
        reason=Reason.NAME_CORRECTED
        if is_wrong
        else world.pick((Reason.NAME_CORRECTED, Reason.FACTS_CORRECTED)),
        template_id=world.stage.template.pk,
        by=user,
    )
    world.did("proposal", proposal.pk, "proposes")


def _decide(world: World, change: Any, **facts: Any) -> Any:
    credential: Credential = world.row(Credential.objects.all())
    user = world.staff(Act.REVOKE_CERTIFICATES, on=credential)
    return change(credential_id=credential.pk, note=WHY, by=user, **facts)


@act(weight=1.2)
def propose_to_revoke(world: World) -> None:
    proceeding = _decide(world, propose_revocation, reason=world.pick(REVOCATION_REASONS))
    world.did("proceeding", proceeding.pk, "proposes")


@act(weight=3)
def revoke_a_certificate(world: World) -> None:
    """As another one proposed, after its holder was heard: the clock goes on until then, mostly."""
    examined: Proceeding = world.apt(
        Proceeding.objects.all(), Proceeding.objects.filter(state=ProceedingState.OPEN)
    )
    credential = examined.credential
    user = world.staff(Act.REVOKE_CERTIFICATES, on=credential)
    if examined.state == ProceedingState.OPEN and world.happens(0.8):
        world.clock.move(HEARD_FOR + dt.timedelta(days=1))
    decide_revocation(credential_id=credential.pk, note=WHY, by=user)
    world.did("proceeding", examined.pk, "revokes")


@act(weight=1.5)
def drop_a_revocation(world: World) -> None:
    credential: Credential = world.row(Credential.objects.filter(proceedings__isnull=False).distinct())
    drop_revocation(
        credential_id=credential.pk, note=WHY, by=world.staff(Act.REVOKE_CERTIFICATES, on=credential)
    )


@act(weight=2.2)
def confirm_a_suspension(world: World) -> None:
    suspended = StatusEvent.objects.filter(status=Status.SUSPENDED)
    ever = Credential.objects.filter(events__in=suspended).distinct()
    by_one = ever.filter(state=CredentialState.SUSPENDED, events__until__isnull=False)
    credential: Credential = world.apt(ever, by_one)
    user = world.staff(Act.REVOKE_CERTIFICATES, on=credential)
    confirm_suspension(credential_id=credential.pk, note=WHY, by=user)
    world.did(
        "suspension", suspended.filter(credential=credential, until__isnull=False).latest("pk").pk, "confirms"
    )


@act(weight=10)
def lift_a_doubt(world: World) -> None:
    """An officer looked at one cause, and the certificate stays."""
    rows = Credential.objects.live()
    if not rows.exists():
        raise NotNow
    named = {
        key: [(one.cause, one.about) for one in doubts if one.credential.pk == key and one.is_confirmed_here]
        for key, doubts in doubts_of(rows.order_by("pk")[:40]).items()
    }
    named = {key: causes for key, causes in named.items() if causes}
    if not named and world.happens(0.9):
        raise NotNow
    credential: Credential = world.apt(rows, rows.filter(pk__in=named))
    cause, about = world.pick(named[credential.pk]) if credential.pk in named else (DoubtCause.FACTS, "")
    user = world.staff(Act.APPROVE_CERTIFICATES, on=credential)
    lift_doubt(credential_id=credential.pk, cause=cause, about=about, reason=WHY, by=user)
    world.lifted.add(credential.pk)


@act(weight=0.8)
def suspend_a_certificate(world: World) -> None:
    change = _decide(world, suspend, reason=world.pick(SUSPENSION_REASONS))
    event = change.credential.events.filter(status=Status.SUSPENDED).latest("pk")
    world.did("suspension", event.pk, "suspends")


@act(weight=1.2)
def reinstate_a_certificate(world: World) -> None:
    rows = Credential.objects.all()
    credential: Credential = world.apt(rows, rows.filter(state=CredentialState.SUSPENDED))
    user = world.staff(Act.REVOKE_CERTIFICATES, on=credential)
    world.lifted.add(reinstate(credential_id=credential.pk, note=WHY, by=user).credential.pk)


@act(weight=1.2)
def issue_a_numbered_copy(world: World) -> None:
    credential: Credential = world.row(Credential.objects.all())
    user = world.staff(Act.APPROVE_CERTIFICATES, on=credential)
    issue_copy(credential_id=credential.pk, reason=world.pick(COPY_REASONS), by=user)


@act(weight=1.5)
def hand_a_certificate_out(world: World) -> None:
    """To its holder at the desk. The machine that draws its file is not started: the file is there."""
    rows = Credential.objects.all()
    waiting = rows.filter(state=CredentialState.IN_FORCE).exclude(printouts__isnull=False)
    credential: Credential = world.apt(rows, waiting)
    user = world.staff(Act.HAND_OUT_CERTIFICATES, on=credential)
    if not is_drawn(credential, None):
        Artifact.objects.create(
            credential=credential,
            path=f"{credential.pk}.pdf",
            sha256=f"{credential.pk:064}",
            size=1,
            rendered_at=timezone.now(),
        )
    hand_out(
        credential_id=credential.pk,
        copy_number=None,
        document_kind=DocumentKind.NATIONAL_ID,
        representative=None,
        by=user,
    )
