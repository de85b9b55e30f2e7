"""Status changes of issued certificates: suspend, reinstate, end by a decided revocation, copy. The row of the certificate keeps its claims.

Dependent certificates change in the same transaction: a license is void without the skill-level certificate that it is based on.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may
from accounts.scoping.hands import is_of_one_hand, is_own
from certificates.enums import (
    COPY_REASONS,
    SUSPENSION_REASONS,
    CredentialState,
    Reason,
    Source,
    Status,
)
from certificates.errors import (
    EnteredFromPaper,
    InDoubt,
    NotAllowedHere,
    NotInForce,
    NotSuspended,
    OwnDecision,
    OwnRecord,
    ReasonDoesNotFit,
)
from certificates.models import Copy, Credential, RenderJob, StatusEvent
from certificates.queries.doubts import is_in_doubt
from certificates.queries.prerequisites import based_on
from certificates.services.doubts import keep_in_spite_of_basis
from certificates.services.eligibility import locked_withdrawn_prerequisites
from certificates.services.fees import fee_settled_by, locked_copy_fee, use_fees
from certificates.services.issuing import kinds_of, request_rendering
from certificates.signals import credential_status_changed

# How long a suspension by one person lasts: longer than a holder is heard.
SUSPENDED_BY_ONE = dt.timedelta(days=30)


@dataclass(frozen=True)
class Change:
    """A certificate whose state changed, and the dependent certificates that changed with it."""

    credential: Credential
    revoked: Sequence[Credential] = ()
    suspended: Sequence[Credential] = ()
    reinstated: Sequence[Credential] = ()


def locked_for_decision(credential_id: int, *, by: User) -> Credential:
    """Raises NotAllowedHere, OwnRecord."""
    return _locked(credential_id, by=by, act=Act.REVOKE_CERTIFICATES)


def _locked(credential_id: int, *, by: User, act: Act) -> Credential:
    credential = (
        Credential.objects.select_for_update(of=("self",))
        .select_related("center", "type")
        .get(pk=credential_id)
    )
    if not may(by, act, on=credential):
        raise NotAllowedHere(center=credential.center)
    if is_own(by, credential.holder_id):
        raise OwnRecord
    return credential


def _change_state(
    credentials: Sequence[Credential],
    state: CredentialState,
    status: Status,
    *,
    by: User | None,
    reason: str = "",
    note: str = "",
    until: dt.date | None = None,
) -> None:
    if not credentials:
        return
    now = timezone.now()
    # The events first: a trigger refuses a change of state without one.
    events = StatusEvent.objects.bulk_create(
        StatusEvent(
            credential=one, status=status, reason=reason, note=note.strip(), by=by, at=now, until=until
        )
        for one in credentials
    )
    for one in credentials:
        one.state = state
        one.save(update_fields=["state"])
        log(one, f"certificates.{_VERBS[status]}", user=by, data={"reason": reason, "note": note.strip()})
    credential_status_changed.send(sender=StatusEvent, events=events)


_VERBS = {Status.REVOKED: "revoke", Status.SUSPENDED: "suspend", Status.REINSTATED: "reinstate"}


def end_by_revocation(
    credential: Credential, *, reason: Reason, note: str, by: User, cascade: bool
) -> Change:
    """End a locked certificate for ever, as two people decided (`certificates.services.proceedings`).

    With `cascade`, dependent certificates that `by` may revoke are revoked, too; all others are suspended until
    an officer decides.
    """
    _change_state([credential], CredentialState.REVOKED, Status.REVOKED, by=by, reason=reason, note=note)
    dependents = _dependents(credential)
    revoked = [one for one in dependents if cascade and may(by, Act.REVOKE_CERTIFICATES, on=one)]
    _change_state(
        revoked, CredentialState.REVOKED, Status.REVOKED, by=by, reason=Reason.PREREQUISITE_WITHDRAWN
    )
    return Change(credential, revoked, _suspended([one for one in dependents if one not in revoked], by=by))


@transaction.atomic
def suspend(*, credential_id: int, reason: Reason, note: str, by: User) -> Change:
    """Suspend a certificate and its dependent certificates at once, by one person, for `SUSPENDED_BY_ONE` days.

    It lapses then, unless another person confirms it or it is revoked. Raises NotInForce, NotAllowedHere, OwnRecord, ReasonDoesNotFit.
    """
    credential = locked_for_decision(credential_id, by=by)
    if credential.state != CredentialState.IN_FORCE:
        raise NotInForce(number=credential.number, state=credential.get_state_display())
    if reason not in SUSPENSION_REASONS:
        raise ReasonDoesNotFit
    until = timezone.localdate() + SUSPENDED_BY_ONE
    _change_state(
        [credential],
        CredentialState.SUSPENDED,
        Status.SUSPENDED,
        by=by,
        reason=reason,
        note=note,
        until=until,
    )
    return Change(credential, suspended=_suspended(_dependents(credential), by=by))


@transaction.atomic
def confirm_suspension(*, credential_id: int, note: str, by: User) -> Credential:
    """Confirm, as a second person, what one suspended: it lasts until it is put in force again or revoked.

    Raises NotSuspended, NotAllowedHere, OwnDecision, OwnRecord.
    """
    credential = locked_for_decision(credential_id, by=by)
    last = _last_suspension(credential)
    if last is None or last.until is None:
        raise NotSuspended(number=credential.number)
    if last.by_id and is_of_one_hand(by, {last.by_id}, Act.REVOKE_CERTIFICATES, on=last.at):
        raise OwnDecision
    _change_state(
        [credential], CredentialState.SUSPENDED, Status.SUSPENDED, by=by, reason=last.reason, note=note
    )
    return credential


@transaction.atomic
def lapse_suspensions() -> int:
    """Put in force again what one person suspended and no other confirmed in time. Returns how many lapsed."""
    lapsed = 0
    suspended = Credential.objects.filter(
        state=CredentialState.SUSPENDED, events__until__lt=timezone.localdate()
    )
    for pk in suspended.order_by("pk").values_list("pk", flat=True).distinct():
        credential = (
            Credential.objects.select_for_update(of=("self",)).select_related("center", "type").get(pk=pk)
        )
        last = _last_suspension(credential)
        if last and last.until and last.until < timezone.localdate():
            _reinstate(credential, note="", by=None)
            lapsed += 1
    return lapsed


def _last_suspension(credential: Credential) -> StatusEvent | None:
    """The event that a suspended certificate is suspended by; None for one that is not."""
    if credential.state != CredentialState.SUSPENDED:
        return None
    return credential.events.filter(status=Status.SUSPENDED).order_by("-at", "-pk").first()


@transaction.atomic
def reinstate(*, credential_id: int, note: str, by: User) -> Change:
    """Reinstate a suspended certificate, and the dependent certificates that were suspended only because of it.

    Raises NotSuspended, NotAllowedHere, OwnDecision, OwnRecord.
    """
    credential = locked_for_decision(credential_id, by=by)
    if credential.state != CredentialState.SUSPENDED:
        raise NotSuspended(number=credential.number)
    return _reinstate(credential, note=note, by=by)


def _reinstate(credential: Credential, *, note: str, by: User | None) -> Change:
    _change_state([credential], CredentialState.IN_FORCE, Status.REINSTATED, by=by, note=note)
    if by:
        keep_in_spite_of_basis(credential, note=note, by=by)
    reinstated: list[Credential] = []
    for one in _dependents(credential):
        # In this order: a prerequisite before its dependents.
        if _is_suspended_by_prerequisite(one) and not locked_withdrawn_prerequisites([one.claims]):
            _change_state([one], CredentialState.IN_FORCE, Status.REINSTATED, by=by)
            reinstated.append(one)
    return Change(credential, reinstated=reinstated)


def _dependents(credential: Credential) -> list[Credential]:
    """The certificates based on a certificate, directly or indirectly, locked. All have the same holder."""
    found: dict[int, Credential] = {}
    asked = [credential]
    while asked:
        rows = based_on(asked).filter(holder=credential.holder_id).exclude(pk__in=found)
        asked = list(rows.select_for_update(of=("self",)).select_related("center", "type").order_by("pk"))
        found |= {one.pk: one for one in asked}
    return list(found.values())


def _suspended(dependents: Sequence[Credential], *, by: User) -> list[Credential]:
    """Suspend the certificates that are in force."""
    in_force = [one for one in dependents if one.state == CredentialState.IN_FORCE]
    _change_state(
        in_force, CredentialState.SUSPENDED, Status.SUSPENDED, by=by, reason=Reason.PREREQUISITE_WITHDRAWN
    )
    return in_force


def _is_suspended_by_prerequisite(credential: Credential) -> bool:
    """Whether a certificate is suspended only because its prerequisite is."""
    last = credential.events.order_by("-at", "-pk").exclude(status=Status.COPIED).first()
    found = (last.status, last.reason) if last else None
    return found == (Status.SUSPENDED, Reason.PREREQUISITE_WITHDRAWN)


@transaction.atomic
def issue_copy(*, credential_id: int, reason: Reason, by: User) -> Copy:
    """Issue the next numbered copy of a certificate in force: the same claims, with the number of the copy printed on it.

    If the certificate has a card, the card is drawn as a copy, too.

    Raises CopyFeeNotReceived, InDoubt, NotInForce, EnteredFromPaper, NotAllowedHere, OwnRecord, ReasonDoesNotFit, RecordedItsFee.
    """
    credential = _locked(credential_id, by=by, act=Act.APPROVE_CERTIFICATES)
    if credential.state != CredentialState.IN_FORCE:
        raise NotInForce(number=credential.number, state=credential.get_state_display())
    if credential.source == Source.LEGACY:
        raise EnteredFromPaper(number=credential.number)
    if reason not in COPY_REASONS:
        raise ReasonDoesNotFit
    if is_in_doubt(credential):
        raise InDoubt(number=credential.number)
    settled = locked_copy_fee(credential, by=by)
    use_fees([settled] if settled else [])
    last = credential.copies.aggregate(last=Max("number"))["last"] or 0
    copy = Copy.objects.create(
        credential=credential,
        number=last + 1,
        reason=reason,
        **fee_settled_by(settled),
        issued_on=timezone.localdate(),
        by=by,
    )
    event = StatusEvent.objects.create(
        credential=credential, status=Status.COPIED, reason=reason, by=by, at=timezone.now()
    )
    request_rendering(RenderJob(credential=credential, kind=kind, copy=copy) for kind in kinds_of(credential))
    log(credential, "certificates.copy", user=by, data={"copy": copy.number, "reason": reason})
    credential_status_changed.send(sender=StatusEvent, events=[event])
    return copy
