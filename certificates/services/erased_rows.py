"""What erasing a person does with certificates: the register stays, what was shared by consent ends and goes."""

from functools import partial

from django.db import transaction
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.models import Person, User
from accounts.services.erasing import register_eraser, register_erasure_guard, words_stay
from accounts.services.retention import keep_for
from certificates.models import (
    Artifact,
    Collection,
    Credential,
    CredentialDoubt,
    LegacyPaper,
    LinkOpening,
    Passport,
    Printout,
    Proceeding,
    ProofJob,
    ProposalRow,
    SettledFee,
    ShareLink,
    StatusEvent,
)
from certificates.services.file_storage import private_path
from certificates.services.merging import being_certified
from certificates.services.verification import RETENTION

REGISTER = _(
    "The register of certificates is kept by law, with the name that a certificate says: who holds the paper, and who relies on it, has it verified. It is no longer tied to a record with a number, a contact or a login."
)
FEES = _("Receipts are kept as long as the accounts of the state.")


@register_erasure_guard
def certificate_waits(person: Person) -> DomainError | None:
    return being_certified(person, person)


@register_eraser
def end_sharing(person: Person, by: User | None) -> None:
    """Links open nothing any more. Passports were made by consent: of them only the hash stays, by which a file is known as withdrawn."""
    ShareLink.objects.filter(holder=person, ended_at=None).update(ended_at=Now())
    passports = Passport.objects.filter(holder=person)
    for path in passports.values_list("path", flat=True):
        transaction.on_commit(partial(private_path(path).unlink, missing_ok=True))
    passports.update(claims={}, token="", withdrawn_at=Coalesce("withdrawn_at", Now()))


OF_HOLDER = "credential__holder"
words_stay(Credential, "number", "code", "claims", "design", of="holder", because=REGISTER)
for model, columns in (
    (CredentialDoubt, ("about", "detail", "reason")),
    (Proceeding, ("note", "decision_note")),
    (Artifact, ("path", "sha256", "key_id", "timestamp_key_id")),
    (Printout, ("end_reason",)),
    (ProofJob, ("document", "key_id")),
    (StatusEvent, ("note",)),
):
    words_stay(model, *columns, of=OF_HOLDER, because=REGISTER)
words_stay(
    Collection,
    "name",
    "document_last4",
    "authority",
    "undo_reason",
    of=f"printout__{OF_HOLDER}",
    because=REGISTER,
)
words_stay(ProposalRow, "blocking_reasons", "claims", "note", because=REGISTER)
words_stay(
    LegacyPaper,
    "typed",
    "number",
    "national_number_encrypted",
    "last4",
    "scan",
    "scan_sha256",
    "faults",
    "note",
    because=REGISTER,
)
words_stay(
    Passport,
    "path",
    "sha256",
    "key_id",
    of="holder",
    because=_("Of a skills passport only the digest stays, so that its file is known as withdrawn."),
)
words_stay(ShareLink, "token_hash", of="holder", because=REGISTER)
words_stay(LinkOpening, "client_hash", of="link__holder", because=REGISTER)
words_stay(
    SettledFee,
    "number",
    "number_key",
    "reason",
    "cancel_reason",
    of=OF_HOLDER,
    because=FEES,
)

keep_for(
    "certificates.purge_lookups",
    what=_("who looked up a certificate or opened a link, as a keyed hash of the network address"),
    days=RETENTION,
)
