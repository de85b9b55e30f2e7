"""Printed certificates: recorded by the center, which tells the holders that they can collect them."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import Center, User
from accounts.scoping import may
from accounts.scoping.hands import is_own
from certificates.enums import CredentialState, Source
from certificates.errors import (
    EnteredFromPaper,
    NotAllowedHere,
    NotDrawnYet,
    NothingToPrint,
    NotInForce,
    NotPrinted,
    OwnRecord,
    ReasonMissing,
    SheetMissing,
    WasCollected,
    WasSpoiled,
)
from certificates.models import Copy, Credential, CredentialType, Printout, Proposal, Sheet
from certificates.queries.printouts import is_drawn, not_printed
from certificates.services.notices import create_print_notices
from certificates.services.security_paper import spoil_used_sheet, take_sheets


@transaction.atomic
def record_printed(
    *, proposal_id: int, by: User, first_sheet: str = "", count: int | None = None
) -> list[Printout]:
    """Record that the drawn certificates of a proposal were printed, or the first `count` of them by name, and tell the holders.

    On security paper they are on the sheets from `first_sheet` on, in that order. Those that were recorded before, or are no longer in
    force, are left as they are. Raises NotAllowedHere, NothingToPrint, SheetMissing, and what `take_sheets` raises.
    """
    proposal = (
        Proposal.objects.select_for_update(of=("self",)).select_related("center", "type").get(pk=proposal_id)
    )
    if not may(by, Act.HAND_OUT_CERTIFICATES, on=proposal):
        raise NotAllowedHere(center=proposal.center)
    # Locked, as the desk may hand one out at the same moment.
    credentials = list(not_printed(proposal).select_for_update(of=("self",))[:count])
    if not credentials:
        raise NothingToPrint
    sheets = _sheets(proposal.type, proposal.center, first_sheet, count=len(credentials))
    printed = Printout.objects.bulk_create(
        Printout(credential=one, sheet=sheet, by=by) for one, sheet in zip(credentials, sheets, strict=True)
    )
    create_print_notices(credential_ids=[one.pk for one in credentials])
    log(
        proposal,
        "certificates.print",
        user=by,
        data={"papers": len(printed), "sheets": _in_words([sheet for sheet in sheets if sheet])},
    )
    return printed


@transaction.atomic
def record_one_printed(*, credential_id: int, copy_number: int | None, sheet: str = "", by: User) -> Printout:
    """Record that a certificate or a copy was printed, and tell the holder.

    Raises EnteredFromPaper, NotAllowedHere, NotDrawnYet, NothingToPrint, NotInForce, OwnRecord, SheetMissing, and what `take_sheets`
    raises.
    """
    locked = Credential.objects.select_for_update(of=("self",)).select_related("center", "type")
    credential = locked.get(pk=credential_id)
    if not may(by, Act.HAND_OUT_CERTIFICATES, on=credential):
        raise NotAllowedHere(center=credential.center)
    if is_own(by, credential.holder_id):
        raise OwnRecord
    if credential.source == Source.LEGACY:
        raise EnteredFromPaper(number=credential.number)
    if credential.state != CredentialState.IN_FORCE:
        raise NotInForce(number=credential.number, state=credential.get_state_display())
    copy = credential.copies.get(number=copy_number) if copy_number else None
    if not is_drawn(credential, copy):
        raise NotDrawnYet(number=credential.number)
    if Printout.objects.current().filter(credential=credential, copy=copy).exists():
        raise NothingToPrint
    (taken,) = _sheets(credential.type, credential.center, sheet, count=1)
    printout = Printout.objects.create(credential=credential, copy=copy, sheet=taken, by=by)
    create_print_notices(credential_ids=[credential.pk])
    data = {"papers": 1, "sheets": _in_words([taken] if taken else [])}
    log(credential, "certificates.print", user=by, data=data)
    return printout


def _sheets(type_: CredentialType, center: Center, first: str, *, count: int) -> Sequence[Sheet | None]:
    if not type_.needs_security_paper:
        return [None] * count
    if not first.strip():
        raise SheetMissing
    return take_sheets(center=center, first=first, count=count)


def _in_words(sheets: Sequence[Sheet]) -> str:
    return f"{sheets[0]} – {sheets[-1]}" if len(sheets) > 1 else "".join(map(str, sheets))


@transaction.atomic
def spoil_printout(*, printout_id: int, reason: str, by: User) -> Printout:
    """Record that a printed certificate does not count: it was spoiled, or not printed after all. It may then be printed again.

    Raises NotAllowedHere, OwnRecord, ReasonMissing, WasCollected, WasSpoiled.
    """
    printout = (
        Printout.objects.select_for_update(of=("self",))
        .select_related("credential__center", "copy", "sheet")
        .get(pk=printout_id)
    )
    if not may(by, Act.HAND_OUT_CERTIFICATES, on=printout):
        raise NotAllowedHere(center=printout.credential.center)
    if is_own(by, printout.credential.holder_id):
        raise OwnRecord
    if printout.ended_at:
        raise WasSpoiled
    if printout.collections.filter(undone_at__isnull=True).exists():
        raise WasCollected
    if not reason.strip():
        raise ReasonMissing
    printout.ended_at, printout.ended_by, printout.end_reason = timezone.now(), by, reason.strip()
    printout.save(update_fields=["ended_at", "ended_by", "end_reason"])
    if printout.sheet:
        spoil_used_sheet(printout.sheet, reason=reason.strip(), by=by)
    sheet = str(printout.sheet or "")
    log(printout, "certificates.spoil", user=by, data={"reason": reason.strip(), "sheet": sheet})
    return printout


def print_at_the_desk(credential: Credential, copy: Copy | None, *, by: User) -> Printout:
    """Write that a certificate or a copy was printed while its holder waits: without a message. Raises NotPrinted."""
    if credential.type.needs_security_paper:
        raise NotPrinted
    return Printout.objects.create(credential=credential, copy=copy, by=by)
