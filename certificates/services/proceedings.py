"""Revocation by two people: one proposes it, the holder is heard, another one decides."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping.hands import is_of_one_hand
from accounts.services.formatting import format_date
from certificates.enums import LIVE_STATES, REVOCATION_REASONS, NoticeKind, ProceedingState, Reason
from certificates.errors import (
    AlreadyEnded,
    BeingExamined,
    NotExamined,
    OwnDecision,
    ReasonDoesNotFit,
    ReasonMissing,
    StillBeingHeard,
)
from certificates.models import Credential, Proceeding
from certificates.services.notices import create_proceeding_notice
from certificates.services.statuses import Change, end_by_revocation, locked_for_decision

# How long the holder may answer before the decision.
HEARD_FOR = dt.timedelta(days=14)


@transaction.atomic
def propose_revocation(
    *, credential_id: int, reason: Reason, note: str, by: User, cascade: bool = True
) -> Proceeding:
    """Propose to revoke a certificate; it stays as it is until another officer decides. Its holder is told, and may answer first.

    The reason is public from the decision on. Raises AlreadyEnded, BeingExamined, NotAllowedHere, OwnRecord, ReasonDoesNotFit.
    """
    credential = locked_for_decision(credential_id, by=by)
    if credential.state not in LIVE_STATES:
        raise AlreadyEnded(number=credential.number, state=credential.get_state_display())
    if reason not in REVOCATION_REASONS:
        raise ReasonDoesNotFit
    if credential.proceedings.filter(state=ProceedingState.OPEN).exists():
        raise BeingExamined(number=credential.number)
    proceeding = Proceeding.objects.create(
        credential=credential,
        reason=reason,
        note=note.strip(),
        cascade=cascade,
        opened_by=by,
        opened_at=timezone.now(),
        heard_until=timezone.localdate() + HEARD_FOR,
    )
    log(credential, "certificates.propose_revocation", user=by, data={"reason": reason, "note": note.strip()})
    create_proceeding_notice(NoticeKind.EXAMINED, proceeding)
    return proceeding


@transaction.atomic
def decide_revocation(*, credential_id: int, note: str, by: User) -> Change:
    """Revoke a certificate as another officer proposed, after its holder was heard.

    Raises AlreadyEnded, NotAllowedHere, NotExamined, OwnDecision, OwnRecord, StillBeingHeard.
    """
    credential, proceeding = _locked_proceeding(credential_id, by=by)
    if is_of_one_hand(by, {proceeding.opened_by_id}, Act.REVOKE_CERTIFICATES, on=proceeding.opened_at):
        raise OwnDecision
    if timezone.localdate() <= proceeding.heard_until:
        raise StillBeingHeard(number=credential.number, day=format_date(proceeding.heard_until))
    if credential.state not in LIVE_STATES:
        raise AlreadyEnded(number=credential.number, state=credential.get_state_display())
    _decide(proceeding, ProceedingState.REVOKED, note=note, by=by)
    return end_by_revocation(
        credential,
        reason=Reason(proceeding.reason),
        note=note or proceeding.note,
        by=by,
        cascade=proceeding.cascade,
    )


@transaction.atomic
def drop_revocation(*, credential_id: int, note: str, by: User) -> Proceeding:
    """Decide not to revoke a certificate; who proposed it may take it back so. A suspension goes on until it lapses or is ended.

    Raises NotAllowedHere, NotExamined, OwnRecord, ReasonMissing.
    """
    credential, proceeding = _locked_proceeding(credential_id, by=by)
    if not note.strip():
        raise ReasonMissing
    _decide(proceeding, ProceedingState.DROPPED, note=note, by=by)
    log(credential, "certificates.drop_revocation", user=by, data={"reason": note.strip()})
    create_proceeding_notice(NoticeKind.DROPPED, proceeding)
    return proceeding


def _locked_proceeding(credential_id: int, *, by: User) -> tuple[Credential, Proceeding]:
    credential = locked_for_decision(credential_id, by=by)
    proceeding = credential.proceedings.filter(state=ProceedingState.OPEN).first()
    if proceeding is None:
        raise NotExamined(number=credential.number)
    return credential, proceeding


def _decide(proceeding: Proceeding, state: ProceedingState, *, note: str, by: User) -> None:
    proceeding.state = state
    proceeding.decided_by, proceeding.decided_at = by, timezone.now()
    proceeding.decision_note = note.strip()
    proceeding.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
