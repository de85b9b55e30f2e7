"""A center takes a proposal back on which no one has decided."""

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may
from certificates.enums import ProposalState, RowState
from certificates.errors import DecidedMeanwhile, NotAllowedHere, ReasonMissing, TakenBackAlready
from certificates.models import Proposal


@transaction.atomic
def withdraw_proposal(*, proposal_id: int, reason: str, by: User) -> Proposal:
    """Take a proposal back: no certificate is issued on it, and its people may be proposed again.

    By who proposed it, and by anyone else who proposes at the center: it was made in the name of the center. It leaves the work of those
    who decide. Raises `NotAllowedHere`, `ReasonMissing`, `DecidedMeanwhile`, `TakenBackAlready`.
    """
    reason = reason.strip()
    # A decision takes the same lock.
    proposal = (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("center", "decided_by")
        .get(pk=proposal_id)
    )
    if not may(by, Act.PROPOSE_CERTIFICATES, on=proposal):
        raise NotAllowedHere(center=proposal.center)
    if proposal.state == ProposalState.WITHDRAWN:
        raise TakenBackAlready(by=proposal.decided_by)
    if proposal.state != ProposalState.PROPOSED:
        raise DecidedMeanwhile(by=proposal.decided_by)
    if not reason:
        raise ReasonMissing
    # The rows first: those of a proposal that is over stay as they are.
    proposal.rows.filter(state=RowState.ELIGIBLE).update(state=RowState.WITHDRAWN, note=reason)
    proposal.state, proposal.reason = ProposalState.WITHDRAWN, reason
    proposal.decided_by, proposal.decided_at = by, timezone.now()
    proposal.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    log(proposal, "certificates.withdraw", user=by, data={"reason": reason})
    return proposal
