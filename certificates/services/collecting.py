"""Collecting a printed certificate at the desk: in person, or by a representative."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.digits import latin_digits
from accounts.enums import Act, DocumentKind
from accounts.models import User
from accounts.scoping import may
from accounts.scoping.hands import is_own
from certificates.enums import CredentialState, Source
from certificates.errors import (
    EnteredFromPaper,
    NotAllowedHere,
    NotDrawnYet,
    NotInForce,
    OwnRecord,
    ReasonMissing,
    RepresentativeIncomplete,
    WasCollected,
    WasUndone,
)
from certificates.models import Collection, Copy, Credential, Printout
from certificates.queries.printouts import is_drawn
from certificates.services.notices import create_collection_notice
from certificates.services.printing import print_at_the_desk


@dataclass(frozen=True)
class Representative:
    """Who collects a certificate for its holder, and why they may."""

    name: str
    document_last4: str
    authority: str

    def cleaned(self) -> "Representative":
        """Raises RepresentativeIncomplete."""
        name, authority = (" ".join(text.split()) for text in (self.name, self.authority))
        signs = latin_digits("".join(self.document_last4.split())).upper()
        if not name or not authority or len(signs) != 4 or not signs.isalnum() or not signs.isascii():
            raise RepresentativeIncomplete
        return Representative(name, signs, authority)


@transaction.atomic
def hand_out(
    *,
    credential_id: int,
    copy_number: int | None,
    document_kind: DocumentKind,
    representative: Representative | None,
    by: User,
) -> Collection:
    """Record that a certificate, or a copy of it, was collected: in person, or by a representative, of whom the holder is told.

    What was not recorded as printed before is so now. Raises EnteredFromPaper, NotAllowedHere, NotDrawnYet, NotInForce, NotPrinted,
    OwnRecord, RepresentativeIncomplete, WasCollected.
    """
    credential = (
        Credential.objects.select_for_update(of=("self",))
        .select_related("center", "type", "holder")
        .get(pk=credential_id)
    )
    if not may(by, Act.HAND_OUT_CERTIFICATES, on=credential):
        raise NotAllowedHere(center=credential.center)
    if is_own(by, credential.holder_id):
        raise OwnRecord
    if credential.source == Source.LEGACY:
        raise EnteredFromPaper(number=credential.number)
    if credential.state != CredentialState.IN_FORCE:
        raise NotInForce(number=credential.number, state=credential.get_state_display())
    other = representative.cleaned() if representative else None
    copy = credential.copies.get(number=copy_number) if copy_number else None
    printout = _printed(credential, copy, by=by)
    try:
        with transaction.atomic():
            collection = Collection.objects.create(
                printout=printout,
                by_holder=other is None,
                document_kind=document_kind,
                name=other.name if other else "",
                document_last4=other.document_last4 if other else "",
                authority=other.authority if other else "",
                by=by,
            )
    except IntegrityError as twice:
        raise WasCollected from twice
    if other:
        create_collection_notice(credential=credential)
    who = {"representative": other.name, "reason": other.authority} if other else {}
    log(collection, "certificates.collect", user=by, data={"in_person": other is None, **who})
    return collection


def _printed(credential: Credential, copy: Copy | None, *, by: User) -> Printout:
    printout = Printout.objects.current().filter(credential=credential, copy=copy).first()
    if printout:
        return printout
    if not is_drawn(credential, copy):
        raise NotDrawnYet(number=credential.number)
    return print_at_the_desk(credential, copy, by=by)


@transaction.atomic
def undo_collection(*, collection_id: int, reason: str, by: User) -> Collection:
    """Take back what was recorded by mistake: the paper waits for its holder again.

    Raises NotAllowedHere, OwnRecord, ReasonMissing, WasUndone.
    """
    collection = (
        Collection.objects.select_for_update(of=("self",))
        .select_related("printout__credential__center")
        .get(pk=collection_id)
    )
    credential = collection.printout.credential
    if not may(by, Act.HAND_OUT_CERTIFICATES, on=collection):
        raise NotAllowedHere(center=credential.center)
    if is_own(by, credential.holder_id):
        raise OwnRecord
    if collection.undone_at:
        raise WasUndone
    if not reason.strip():
        raise ReasonMissing
    collection.undone_at, collection.undone_by, collection.undo_reason = timezone.now(), by, reason.strip()
    collection.save(update_fields=["undone_at", "undone_by", "undo_reason"])
    log(collection, "certificates.collect.undo", user=by, data={"reason": reason.strip()})
    return collection
