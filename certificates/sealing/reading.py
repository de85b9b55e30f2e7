"""Verification of the seal of an uploaded PDF. Every byte may be hostile.

A seal is ours when writing it again from the published certificate, the hash of the file and the signature value gives
the same bytes. So no byte of a sealed file can differ: the hash covers all but the gap, and the gap has to hold what
we would write there. One change remains possible: an ECDSA signature (r, s) has a second form,
(r, n - s), which every verifier takes and older seals have as often as not. Its meaning is the same; the register, which identifies
files by their hash, has only the issued form. The PDF is not parsed, except for what a long-term file has after its
sealed part (`additions`).
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from asn1crypto import cms
from cryptography import x509

from certificates.sealing.additions import Timestamps, UnknownAdditions, timestamps_after
from certificates.sealing.cms import signature_in
from certificates.sealing.sealer import digest_around
from certificates.sealing.signing import fingerprint, is_signature_of
from certificates.sealing.trust import PublishedSeal, Trust

LARGEST_FILE = 20_000_000
# More than any archive has. Limits the cost: each needs a hash of the whole file.
MOST_SIGNATURES = 8
_LONGEST_GAP = 200_000

_RANGES = re.compile(
    rb"/ByteRange\s{0,4}\[\s{0,4}(\d{1,10})\s{1,4}(\d{1,10})\s{1,4}(\d{1,10})\s{1,4}(\d{1,10})\s{0,4}\]"
)
# As we write it. Others write capitals, too; a seal of ours with other letters is not as we sealed it.
_GAP = re.compile(rb"<(?:[0-9a-f]{2})+>")
_ANY_GAP = re.compile(rb"<(?:[0-9a-fA-F]{2})+>")


class Verdict(StrEnum):
    INTACT = "intact"  # sealed by us, and not a byte was changed
    ALTERED = "altered"  # names our key, but is not what we sealed
    COMPROMISED = "compromised"  # sealed with a key of ours that may have been compromised by then
    FOREIGN = "foreign"  # sealed with another key
    UNSEALED = "unsealed"  # a PDF without a seal
    UNREADABLE = "unreadable"  # no PDF, too large, or malformed


class Coverage(StrEnum):
    WHOLE_FILE = "whole_file"
    ALLOWED_ADDITIONS = "allowed_additions"  # and after it nothing but time stamps and their evidence
    PARTIAL = "partial"
    NONE = "none"


@dataclass(frozen=True)
class SealReading:
    """The answer, about the first signature of the file: ours is always the first.

    `is_signature_valid` is True only for our keys; seals of others are not verified.

    `sealed_bytes` is where the sealed part ends: the SHA-256 of so many bytes is what the register knows.
    `timestamped_at` is when a timestamp authority first saw the sealed file; None in files without a time stamp.
    `timestamped_by` is who made the last one: SHA-256 (hex) of the authority's certificate and of those above it.
    """

    verdict: Verdict
    signatures: int = 0
    key_id: str | None = None
    certificate_fingerprint: str | None = None
    signed_by: str | None = None
    is_digest_intact: bool = False
    is_signature_valid: bool = False
    coverage: Coverage = Coverage.NONE
    sealed_bytes: int = 0
    timestamped_at: dt.datetime | None = None
    timestamped_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Signature:
    """One signature dictionary whose /ByteRange is as it has to be: all around one hex string, from the first byte."""

    start: int
    end: int
    last: int
    contents: bytes
    digest: bytes

    @property
    def byte_range(self) -> tuple[int, int, int, int]:
        return 0, self.start, self.end, self.last - self.end


def examine(pdf: bytes, trust: Trust) -> SealReading:
    """Say whether a file was sealed by us and is unchanged. Takes any bytes, never raises, and is bounded in time.

    Expiry of certificates is ignored: a key is ours for as long as it is published. Do not call it in an event loop: the
    check of a long-term file runs its own.
    """
    if len(pdf) > LARGEST_FILE or not pdf.startswith(b"%PDF-"):
        return SealReading(Verdict.UNREADABLE)
    ranges = list(_first(_RANGES.finditer(pdf), MOST_SIGNATURES + 1))
    if not ranges:
        # A file with a signature whose ranges cannot be read is not unsealed.
        return SealReading(Verdict.UNREADABLE if b"/ByteRange" in pdf else Verdict.UNSEALED)
    if len(ranges) > MOST_SIGNATURES:
        return SealReading(Verdict.UNREADABLE, signatures=len(ranges))
    signature = _signature(pdf, ranges[0])
    if signature is None:
        return _damaged(pdf, ranges, trust)
    value = signature_in(signature.contents)
    for seal in trust.seals:
        attributes = seal.template.attributes(signature.digest)
        if seal.template.is_seal(signature.contents, attributes, value):
            is_valid = is_signature_of(seal.certificate.public_key(), value, attributes)  # type: ignore[arg-type]
            return _evaluated(pdf, signature, seal, trust, signatures=len(ranges), is_valid=is_valid)
    return _not_as_we_write(signature, trust, signatures=len(ranges), size=len(pdf))


def _first(matches: Iterator[re.Match[bytes]], count: int) -> Iterator[re.Match[bytes]]:
    for _, match in zip(range(count), matches, strict=False):
        yield match


def _signature(pdf: bytes, ranges: re.Match[bytes]) -> _Signature | None:
    first, start, end, rest = (int(number) for number in ranges.groups())
    last = end + rest
    is_shaped = (
        first == 0 < start < end <= last <= len(pdf)
        and end - start <= _LONGEST_GAP
        and not start < ranges.start() < end
        and _GAP.fullmatch(pdf, start, end)
    )
    if not is_shaped:
        return None
    return _Signature(
        start,
        end,
        last,
        contents=bytes.fromhex(pdf[start + 1 : end - 1].decode("ascii")),
        digest=digest_around(pdf[:last], start, end),
    )


def _evaluated(
    pdf: bytes, signature: _Signature, seal: PublishedSeal, trust: Trust, *, signatures: int, is_valid: bool
) -> SealReading:
    """The answer about a seal that names our key and the hash of this file."""
    timestamps: Timestamps | None = None
    coverage = Coverage.WHOLE_FILE
    if is_valid and signature.last < len(pdf):
        try:
            timestamps = timestamps_after(pdf, signature.byte_range, trust)
            coverage = Coverage.ALLOWED_ADDITIONS
        except UnknownAdditions:
            coverage = Coverage.PARTIAL
    elif signature.last < len(pdf):
        coverage = Coverage.PARTIAL
    if not is_valid or coverage is Coverage.PARTIAL:
        verdict = Verdict.ALTERED
    elif seal.compromised_at and not (timestamps and timestamps.first_at < seal.compromised_at):
        verdict = Verdict.COMPROMISED
    else:
        verdict = Verdict.INTACT
    return SealReading(
        verdict,
        signatures,
        key_id=seal.key_id,
        certificate_fingerprint=seal.fingerprint,
        signed_by=seal.certificate.subject.rfc4514_string(),
        is_digest_intact=True,
        is_signature_valid=is_valid,
        coverage=coverage,
        sealed_bytes=signature.last,
        timestamped_at=timestamps.first_at if timestamps else None,
        timestamped_by=timestamps.last_by if timestamps else (),
    )


def _not_as_we_write(signature: _Signature, trust: Trust, *, signatures: int, size: int) -> SealReading:
    """The answer about a seal that differs from what we would write: ours and altered, or foreign."""
    claimed = _claimed(signature.contents)
    ours = next((seal for seal in trust.seals if claimed and seal.fingerprint == claimed.fingerprint), None)
    return SealReading(
        Verdict.ALTERED if ours or claimed is None else Verdict.FOREIGN,
        signatures,
        key_id=ours.key_id if ours else None,
        certificate_fingerprint=claimed.fingerprint if claimed else None,
        signed_by=claimed.signed_by if claimed else None,
        is_digest_intact=claimed is not None and claimed.digest == signature.digest,
        coverage=Coverage.WHOLE_FILE if signature.last == size else Coverage.PARTIAL,
        sealed_bytes=signature.last,
    )


def _damaged(pdf: bytes, ranges: list[re.Match[bytes]], trust: Trust) -> SealReading:
    """The answer about a first signature that does not lie in the file as its /ByteRange says."""
    gaps = _ANY_GAP.finditer(pdf, max(0, ranges[0].start() - _LONGEST_GAP), ranges[0].end() + _LONGEST_GAP)
    # The signature is the longest: names and dates may be written like it.
    gap = max((found[0] for found in gaps), key=len, default=None)
    claimed = _claimed(bytes.fromhex(gap[1:-1].decode("ascii"))) if gap else None
    ours = next((seal for seal in trust.seals if claimed and seal.fingerprint == claimed.fingerprint), None)
    return SealReading(
        Verdict.ALTERED if ours or claimed is None else Verdict.FOREIGN,
        len(ranges),
        key_id=ours.key_id if ours else None,
        certificate_fingerprint=claimed.fingerprint if claimed else None,
        signed_by=claimed.signed_by if claimed else None,
    )


@dataclass(frozen=True)
class _Claim:
    """The unverified claims of a CMS signature."""

    fingerprint: str
    signed_by: str
    digest: bytes


def _claimed(contents: bytes) -> _Claim | None:
    """The claimed signer of a signature. None if that cannot be read."""
    try:
        signed_data = cms.ContentInfo.load(contents)["content"]
        [signer] = signed_data["signer_infos"]
        name = signer["sid"].chosen
        digests = [
            one["values"][0].native
            for one in signer["signed_attrs"]
            if one["type"].native == "message_digest"
        ]
        for choice in signed_data["certificates"]:
            one = choice.chosen
            if (
                one.issuer.dump() == name["issuer"].dump()
                and one.serial_number == name["serial_number"].native
            ):
                certificate = x509.load_der_x509_certificate(one.dump())
                return _Claim(
                    fingerprint(certificate),
                    certificate.subject.rfc4514_string(),
                    digests[0] if digests else b"",
                )
    except Exception:  # noqa: BLE001 - a hostile file may make a parser raise anything
        return None
    return None
