"""Verification of a PDF that was uploaded to the public page.

The register is asked first: a file is ours if the register has its SHA-256 (certificate or archive), and sealed by us if
`sealing.examine` confirms every byte. A file is parsed only after that, so what a stranger wrote into a PDF is never
unpacked. Evidence after a sealed file that the register does not know may hold anything in its unsigned parts, so such
a file is never called unchanged.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

import pypdfium2

from certificates.drawing import MARKER
from certificates.enums import FileVerdict, KeyRole, LookupResult, LookupVia
from certificates.jose import Json, NotAuthentic
from certificates.models import Artifact, Credential, Passport
from certificates.openbadges.did import key_url
from certificates.openbadges.jwt import issuer_named_in, read_credential
from certificates.queries.keys import published_keys, seal_trust
from certificates.sealing import SealReading, Verdict, examine
from certificates.services.verification import (
    Verification,
    read_register,
    record_lookup,
    verification_of,
    with_related_certificates,
)

# Bytes: six times the largest certificate; a long-term file has some 30 kB more.
LARGEST = 2 * 1024 * 1024
# The attached credential is 5 kB long.
_LARGEST_ATTACHMENT = 100_000

_REFUSED = {
    Verdict.ALTERED: FileVerdict.ALTERED,
    Verdict.FOREIGN: FileVerdict.FOREIGN,
    Verdict.COMPROMISED: FileVerdict.COMPROMISED,
    Verdict.INTACT: FileVerdict.UNREGISTERED,
    Verdict.UNSEALED: FileVerdict.NOT_OURS,
}
# Also altered: a file of the register whose time stamp counts no more.
_SEALED_BY_US = {Verdict.INTACT, Verdict.COMPROMISED, Verdict.ALTERED}
_LOGGED = {FileVerdict.ALTERED: LookupResult.ALTERED, FileVerdict.CONTRADICTORY: LookupResult.ALTERED}


@dataclass(frozen=True)
class FileVerification:
    """The answer about a file: the verdict, and for the file of a certificate its status today.

    `sha256` is that of all bytes (empty where they were too many), `signed_by` the name in the certificate of the seal,
    `timestamped_at` when a time stamp authority saw it, `has_credential` whether one was attached and is right.
    `passport` is the skills passport whose file it is, `passported` what its certificates are today.
    """

    verdict: FileVerdict
    sha256: str = ""
    verification: Verification | None = None
    signed_by: str = ""
    timestamped_at: datetime | None = None
    has_credential: bool = False
    passport: Passport | None = None
    passported: list[Verification] = field(default_factory=list)

    @property
    def has_ended_certificates(self) -> bool:
        """Whether a certificate in the passport of this file was ended since; the day on which one expires is in the file."""
        return any(one.result not in {LookupResult.VALID, LookupResult.EXPIRED} for one in self.passported)


def verify_file(*, pdf: bytes, address: str) -> FileVerification:
    """Verify that a PDF is a certificate of ours, byte for byte. Takes any bytes and stores none of them.

    Blocks: do not call it in an event loop (see `examine`). Writes a `Lookup`, as for a typed code.
    """
    check = _check(pdf)
    verification = check.verification
    if verification:
        result = verification.result
    elif check.passport:
        result = LookupResult.VALID if check.passport.is_in_force else LookupResult.EXPIRED
    else:
        result = _LOGGED.get(check.verdict, LookupResult.FOREIGN)
    record_lookup(result, code=verification.code if verification else "", via=LookupVia.FILE, address=address)
    return check


def _check(pdf: bytes) -> FileVerification:
    if len(pdf) > LARGEST:
        return FileVerification(FileVerdict.TOO_LARGE)
    digest = hashlib.sha256(pdf).hexdigest()
    reading = examine(pdf, seal_trust())
    credential, is_whole = _registered(pdf, digest, reading)
    if credential is None:
        # No more than this file: passports have no archives.
        passport = Passport.objects.select_related("consent").filter(sha256=digest).first()
        verdict = FileVerdict.PASSPORT if passport else _verdict_of_unregistered(pdf, reading)
        return FileVerification(
            verdict,
            digest,
            signed_by=reading.signed_by or "",
            passport=passport,
            passported=read_register([one["code"] for one in passport.claims["credentials"]])
            if passport
            else [],
        )
    claims = _attached_credential(pdf) if reading.verdict is Verdict.INTACT else None
    if claims is not None and not _says_the_same(claims, credential):
        return FileVerification(FileVerdict.CONTRADICTORY, digest)
    if not is_whole:
        verdict = FileVerdict.EXTENDED
    else:
        verdict = FileVerdict.GENUINE if reading.verdict in _SEALED_BY_US else FileVerdict.REGISTERED
    return FileVerification(
        verdict,
        digest,
        verification_of(credential),
        signed_by=reading.signed_by or "",
        timestamped_at=reading.timestamped_at if is_whole else None,
        has_credential=claims is not None,
    )


def _registered(pdf: bytes, digest: str, reading: SealReading) -> tuple[Credential | None, bool]:
    """The certificate whose file this is, and whether the register knows all of it or only the sealed part.

    Bytes whose hash the register has are ours, even if the keys that sealed and stamped them were compromised since.
    """
    sealed = ""
    if reading.verdict is Verdict.INTACT and reading.sealed_bytes < len(pdf):
        sealed = hashlib.sha256(memoryview(pdf)[: reading.sealed_bytes]).hexdigest()
    artifacts = Artifact.objects.filter(sha256__in={digest, sealed}).order_by("pk")
    found = dict(artifacts.values_list("sha256", "credential"))
    credential_id = found.get(digest, found.get(sealed))
    if credential_id is None:
        return None, False
    return with_related_certificates(Credential.objects.all()).get(pk=credential_id), digest in found


def _verdict_of_unregistered(pdf: bytes, reading: SealReading) -> FileVerdict:
    if b"/Encrypt" in pdf and reading.verdict in {Verdict.UNSEALED, Verdict.UNREADABLE}:
        return FileVerdict.ENCRYPTED
    if MARKER in pdf and reading.verdict is Verdict.UNSEALED:
        return FileVerdict.PRINT_RUN
    return _REFUSED.get(reading.verdict, FileVerdict.UNREADABLE)


def _attached_credential(pdf: bytes) -> Json | None:
    """The credential inside a file that we sealed; None where none is attached. Unreadable ones are empty."""
    with pypdfium2.PdfDocument(pdf) as document:
        for number in range(document.count_attachments()):
            attachment = document.get_attachment(number)
            if attachment.get_name().endswith((".jwt", ".vc")):
                return _read(bytes(attachment.get_data()))
    return None


def _read(token: bytes) -> Json:
    """The credential in the token, also one signed by a compromised key: the register has the hash of these bytes, so they are genuine."""
    try:
        text = token[:_LARGEST_ATTACHMENT].decode("ascii", "replace")
        # A former address of the site is still its own: the key alone says who signed.
        did = issuer_named_in(text)
        keys = {
            key_url(did, key.key_id): key.loaded_public_key()
            for key in published_keys().filter(role=KeyRole.CREDENTIAL)
        }
        return read_credential(text, keys=keys)  # type: ignore[arg-type]
    except NotAuthentic:
        return {}


def _says_the_same(claims: Json, credential: Credential) -> bool:
    """Whether number and names are those of the register; False for an unreadable credential."""
    subject = claims.get("credentialSubject", {})
    names = {one["identityHash"] for one in subject.get("identifier", []) if one["identityType"] == "name"}
    printed = {credential.claims.get("name_ar", ""), credential.claims.get("name_en", "")} - {""}
    return subject.get("licenseNumber") == credential.number and names == printed
