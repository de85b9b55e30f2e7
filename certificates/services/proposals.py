"""Four eyes: a center proposes, another person decides."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may
from certificates.enums import ProposalState
from certificates.errors import (
    AlreadyDecided,
    AlreadyProposed,
    NoLongerEligible,
    NotAllowedHere,
    NothingToPropose,
    OwnRecord,
    ReasonMissing,
    SamePerson,
    TemplateNotPublished,
    TrainerOfTheCohort,
)
from certificates.models import Candidate, CertificateTemplate, Credential, Proposal, ProposalRow
from certificates.queries import candidates_of
from certificates.services.issuing import issue
from courses.enums import EnrollmentState
from courses.models import Cohort, Eligibility, Enrollment


@transaction.atomic
def note_candidate(*, enrollment: Enrollment, eligibility: Eligibility) -> Candidate:
    """Remember that an enrollment may be proposed. Called twice, it writes once."""
    candidate, _created = Candidate.objects.get_or_create(
        enrollment=enrollment, defaults={"eligibility": eligibility, "noted_at": timezone.now()}
    )
    return candidate


@transaction.atomic
def propose(
    *, cohort_id: int, template_id: int, by: User, enrollment_ids: Collection[int] | None = None
) -> Proposal:
    """Propose certificates for the candidates of a cohort, or for those of them named in `enrollment_ids`."""
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("center").get(pk=cohort_id)
    if not may(by, Act.PROPOSE_CERTIFICATES, on=cohort):
        raise NotAllowedHere(center=cohort.center)
    template = CertificateTemplate.objects.get(pk=template_id)
    if not template.live:
        raise TemplateNotPublished(template=template)
    if cohort.proposals.filter(state=ProposalState.PROPOSED).exists():
        raise AlreadyProposed(cohort=cohort)
    candidates = candidates_of(cohort)
    if enrollment_ids is not None:
        candidates = candidates.filter(enrollment__in=enrollment_ids)
    if not candidates:
        raise NothingToPropose(cohort=cohort)
    proposal = Proposal.objects.create(
        cohort=cohort, template=template, proposed_by=by, proposed_at=timezone.now()
    )
    ProposalRow.objects.bulk_create(
        ProposalRow(
            proposal=proposal, enrollment_id=candidate.enrollment_id, eligibility_id=candidate.eligibility_id
        )
        for candidate in candidates
    )
    log(proposal, "certificates.propose", user=by, data={"people": len(candidates)})
    return proposal


def _lock_undecided(proposal_id: int, *, by: User) -> Proposal:
    """Lock a proposal and make sure that `by` may decide it now."""
    proposal = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("cohort__center", "cohort__program", "template", "decided_by")
        .get(pk=proposal_id)
    )
    if not may(by, Act.APPROVE_CERTIFICATES, on=proposal):
        raise NotAllowedHere(center=proposal.cohort.center)
    if proposal.state != ProposalState.PROPOSED:
        raise AlreadyDecided(by=proposal.decided_by)
    if proposal.proposed_by_id == by.pk:
        raise SamePerson
    if proposal.cohort.trainers.filter(pk=by.pk).exists():
        raise TrainerOfTheCohort
    if by.person_id and proposal.rows.filter(enrollment__person=by.person_id).exists():
        raise OwnRecord
    return proposal


def _decide(proposal: Proposal, state: ProposalState, *, by: User, reason: str = "") -> None:
    proposal.state = state
    proposal.decided_by = by
    proposal.decided_at = timezone.now()
    proposal.reason = reason
    proposal.save(update_fields=["state", "decided_by", "decided_at", "reason"])


@transaction.atomic
def approve(*, proposal_id: int, by: User) -> list[Credential]:
    """Issue a certificate for every row of a proposal: all of them or none."""
    proposal = _lock_undecided(proposal_id, by=by)
    rows = list(proposal.rows.select_related("enrollment__person", "eligibility__rule"))
    for row in rows:
        if row.enrollment.state != EnrollmentState.COMPLETED:
            raise NoLongerEligible(person=row.enrollment.person)
    _decide(proposal, ProposalState.APPROVED, by=by)
    credentials = issue(proposal=proposal, rows=rows, by=by)
    log(proposal, "certificates.approve", user=by, data={"numbers": [one.number for one in credentials]})
    return credentials


@transaction.atomic
def reject(*, proposal_id: int, reason: str, by: User) -> Proposal:
    """Send a proposal back with a reason. Its people stay candidates."""
    if not reason.strip():
        raise ReasonMissing
    proposal = _lock_undecided(proposal_id, by=by)
    _decide(proposal, ProposalState.REJECTED, by=by, reason=reason.strip())
    log(proposal, "certificates.reject", user=by, data={"reason": proposal.reason})
    return proposal
