"""Printed certificates: recorded by the center, which tells the holders that they can collect them."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may
from certificates.errors import (
    NotAllowedHere,
    NothingToPrint,
    OwnRecord,
    ReasonMissing,
    WasCollected,
    WasSpoiled,
)
from certificates.models import Copy, Credential, Printout, Proposal
from certificates.queries.printouts import not_printed
from certificates.services.notices import create_print_notices


@transaction.atomic
def record_printed(*, proposal_id: int, by: User) -> list[Printout]:
    """Record that every drawn certificate of a proposal was printed, and tell the holders.

    Those that were recorded before, or are no longer in force, are left as they are. Raises NotAllowedHere, NothingToPrint.
    """
    proposal = Proposal.objects.select_for_update(of=("self",)).select_related("center").get(pk=proposal_id)
    if not may(by, Act.HAND_OUT_CERTIFICATES, on=proposal):
        raise NotAllowedHere(center=proposal.center)
    # Locked, as the desk may hand one out at the same moment.
    credentials = list(not_printed(proposal).select_for_update(of=("self",)))
    if not credentials:
        raise NothingToPrint
    printed = print_all(credentials, by=by)
    log(proposal, "certificates.print", user=by, data={"papers": len(printed)})
    return printed


@transaction.atomic
def spoil_printout(*, printout_id: int, reason: str, by: User) -> Printout:
    """Record that a printed certificate does not count: it was spoiled, or not printed after all. It may then be printed again.

    Raises NotAllowedHere, OwnRecord, ReasonMissing, WasCollected, WasSpoiled.
    """
    printout = (
        Printout.objects.select_for_update(of=("self",))
        .select_related("credential__center", "copy")
        .get(pk=printout_id)
    )
    if not may(by, Act.HAND_OUT_CERTIFICATES, on=printout):
        raise NotAllowedHere(center=printout.credential.center)
    if by.person_id and by.person_id == printout.credential.holder_id:
        raise OwnRecord
    if printout.ended_at:
        raise WasSpoiled
    if printout.collections.filter(undone_at__isnull=True).exists():
        raise WasCollected
    if not reason.strip():
        raise ReasonMissing
    printout.ended_at, printout.ended_by, printout.end_reason = timezone.now(), by, reason.strip()
    printout.save(update_fields=["ended_at", "ended_by", "end_reason"])
    log(printout, "certificates.spoil", user=by, data={"reason": reason.strip()})
    return printout


def print_all(credentials: Sequence[Credential], *, by: User) -> list[Printout]:
    """Write that originals were printed, in the transaction of the caller."""
    printed = Printout.objects.bulk_create(Printout(credential=one, by=by) for one in credentials)
    create_print_notices(credential_ids=[one.pk for one in credentials])
    return printed


def print_at_the_desk(credential: Credential, copy: Copy | None, *, by: User) -> Printout:
    """Write that a certificate or a copy was printed while its holder waits: without a message."""
    return Printout.objects.create(credential=credential, copy=copy, by=by)
