"""What happens to a certificate after its issue: suspended, reinstated, revoked, copied. Its row stays as it was."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may
from certificates.enums import (
    COPY_REASONS,
    LIVE_STATES,
    REVOCATION_REASONS,
    SUSPENSION_REASONS,
    CredentialState,
    FeeFor,
    Reason,
    Source,
    Status,
)
from certificates.errors import (
    AlreadyEnded,
    EnteredFromPaper,
    NotAllowedHere,
    NotInForce,
    NotSuspended,
    OwnRecord,
    ReasonDoesNotFit,
)
from certificates.models import Copy, Credential, RenderJob, StatusEvent
from certificates.queries import fee_due
from certificates.services.issuing import ask_for_drawing, kinds_of
from certificates.signals import credential_status_changed


def _locked(credential_id: int, *, by: User, act: Act) -> Credential:
    credential = (
        Credential.objects.select_for_update(of=("self",))
        .select_related("center", "type")
        .get(pk=credential_id)
    )
    if not may(by, act, on=credential):
        raise NotAllowedHere(center=credential.center)
    if by.person_id == credential.holder_id:
        raise OwnRecord
    return credential


def _move(
    credential: Credential, state: CredentialState, status: Status, *, by: User, reason: str = "", note: str
) -> StatusEvent:
    # The event first: the database moves no state without it.
    event = StatusEvent.objects.create(
        credential=credential, status=status, reason=reason, note=note.strip(), by=by, at=timezone.now()
    )
    credential.state = state
    credential.save(update_fields=["state"])
    log(
        credential,
        f"certificates.{_VERBS[status]}",
        user=by,
        data={"reason": reason, "note": note.strip()},
    )
    credential_status_changed.send(sender=StatusEvent, events=[event])
    return event


_VERBS = {Status.REVOKED: "revoke", Status.SUSPENDED: "suspend", Status.REINSTATED: "reinstate"}


@transaction.atomic
def revoke(*, credential_id: int, reason: Reason, note: str, by: User) -> Credential:
    """End a certificate for good, with a reason that the public page tells.

    Raises AlreadyEnded, NotAllowedHere, OwnRecord, ReasonDoesNotFit.
    """
    credential = _locked(credential_id, by=by, act=Act.REVOKE_CERTIFICATES)
    if credential.state not in LIVE_STATES:
        raise AlreadyEnded(number=credential.number, state=credential.get_state_display())
    if reason not in REVOCATION_REASONS:
        raise ReasonDoesNotFit
    _move(credential, CredentialState.REVOKED, Status.REVOKED, by=by, reason=reason, note=note)
    return credential


@transaction.atomic
def suspend(*, credential_id: int, reason: Reason, note: str, by: User) -> Credential:
    """Take a certificate out of force until it is reinstated or revoked.

    Raises NotInForce, NotAllowedHere, OwnRecord, ReasonDoesNotFit.
    """
    credential = _locked(credential_id, by=by, act=Act.REVOKE_CERTIFICATES)
    if credential.state != CredentialState.IN_FORCE:
        raise NotInForce(number=credential.number, state=credential.get_state_display())
    if reason not in SUSPENSION_REASONS:
        raise ReasonDoesNotFit
    _move(credential, CredentialState.SUSPENDED, Status.SUSPENDED, by=by, reason=reason, note=note)
    return credential


@transaction.atomic
def reinstate(*, credential_id: int, note: str, by: User) -> Credential:
    """Put a suspended certificate in force again. Raises NotSuspended, NotAllowedHere, OwnRecord."""
    credential = _locked(credential_id, by=by, act=Act.REVOKE_CERTIFICATES)
    if credential.state != CredentialState.SUSPENDED:
        raise NotSuspended(number=credential.number)
    _move(credential, CredentialState.IN_FORCE, Status.REINSTATED, by=by, note=note)
    return credential


@transaction.atomic
def issue_copy(*, credential_id: int, reason: Reason, by: User) -> Copy:
    """Issue the next numbered copy of a certificate in force: the same facts, the copy's number on its face.

    A card beside the paper is drawn as a copy, too.

    Raises NotInForce, EnteredFromPaper, NotAllowedHere, OwnRecord, ReasonDoesNotFit.
    """
    credential = _locked(credential_id, by=by, act=Act.APPROVE_CERTIFICATES)
    if credential.state != CredentialState.IN_FORCE:
        raise NotInForce(number=credential.number, state=credential.get_state_display())
    if credential.source == Source.LEGACY:
        raise EnteredFromPaper(number=credential.number)
    if reason not in COPY_REASONS:
        raise ReasonDoesNotFit
    today = timezone.localdate()
    last = credential.copies.aggregate(last=Max("number"))["last"] or 0
    copy = Copy.objects.create(
        credential=credential,
        number=last + 1,
        reason=reason,
        fee=fee_due(credential.type, FeeFor.COPY, level=credential.facts.get("level"), day=today),
        issued_on=today,
        by=by,
    )
    event = StatusEvent.objects.create(
        credential=credential, status=Status.COPIED, reason=reason, by=by, at=timezone.now()
    )
    ask_for_drawing(RenderJob(credential=credential, kind=kind, copy=copy) for kind in kinds_of(credential))
    log(credential, "certificates.copy", user=by, data={"copy": copy.number, "reason": reason})
    credential_status_changed.send(sender=StatusEvent, events=[event])
    return copy
