"""Verification of the part of a long-term file after the seal: a document security store and document time stamps, nothing else.

The caller has verified the sealed part; the rest of the file may be hostile. pyHanko compares
the two revisions and refuses every change but those (ETSI EN 319 142-1, section 5.5).
"""

import datetime as dt
import io
import logging
import re
from dataclasses import dataclass

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.decode_limits import DecodeLimits, DocumentDecodeBudget, StreamDecodeLimits
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from certificates.sealing.layout import require_plain_revisions
from certificates.sealing.revisions import ONLY_EVIDENCE
from certificates.sealing.signing import der_of
from certificates.sealing.trust import Trust

# Certificates, revocation lists and a few time stamps over the years.
LARGEST_ADDITIONS = 1_000_000
MOST_REVISIONS = 6
# Occurrences: an object has the keyword at its beginning and its end; a time stamp with its evidence takes about twenty.
MOST_OBJECTS = 50 * MOST_REVISIONS
_LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=4_000_000),
    document_budget=DocumentDecodeBudget(base_allowance=16_000_000, max_ratio=4),
)
# pyHanko writes capitals; a file that mixes both was edited.
_GAP = re.compile(rb"<(?:[0-9A-F]+|[0-9a-f]+)>")

# A hostile file would fill the log.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


class UnknownAdditions(Exception):
    """A sealed file has an addition that is not a time stamp with its evidence."""


@dataclass(frozen=True)
class Timestamps:
    """When the first time stamp was made, and who made the last: SHA-256 of its certificate and of those above it."""

    first_at: dt.datetime
    last_by: tuple[str, ...]


def timestamps_after(pdf: bytes, seal_range: tuple[int, int, int, int], trust: Trust) -> Timestamps:
    """The time stamps over a file whose beginning is sealed as `seal_range` (/ByteRange) says.

    Raises UnknownAdditions unless the rest holds only time stamps and their evidence, the last stamp covering the
    whole file.
    """
    added = pdf[sum(seal_range[2:]) :]
    # Sections are chained by /Prev, with a trailer or as an object each: reading thousands of them takes long already.
    if (
        len(added) > LARGEST_ADDITIONS
        or added.count(b"trailer") > MOST_REVISIONS
        or added.count(b"obj") > 2 * MOST_OBJECTS
    ):
        raise UnknownAdditions("Too much was added.")
    try:
        require_plain_revisions(pdf, at=sum(seal_range[2:]))
        return _read_timestamps(pdf, seal_range, trust)
    except UnknownAdditions:
        raise
    except Exception as error:
        # A hostile file may make a parser raise anything, also RecursionError.
        raise UnknownAdditions(f"{type(error).__name__}: {error}") from error


def _read_timestamps(pdf: bytes, seal_range: tuple[int, int, int, int], trust: Trust) -> Timestamps:
    reader = PdfFileReader(io.BytesIO(pdf), decode_limits=_LIMITS)
    if reader.xrefs.total_revisions > 1 + MOST_REVISIONS:
        raise UnknownAdditions("There are more revisions than time stamps over the years.")
    timestamps = reader.embedded_timestamp_signatures
    seals = reader.embedded_regular_signatures
    if len(seals) != 1 or not timestamps or len(timestamps) > MOST_REVISIONS:
        raise UnknownAdditions("There is not one seal with time stamps after it.")
    if pdf.count(b"/ByteRange") != 1 + len(timestamps):
        raise UnknownAdditions("There are signatures that no field names.")
    if [int(number) for number in seals[0].byte_range] != list(seal_range):
        raise UnknownAdditions("The seal is not the one that was sealed.")
    # Before the comparison, which costs most: a forger has no time stamp of a trusted authority.
    read = [_read_timestamp(timestamp, pdf, trust) for timestamp in timestamps]
    if timestamps[-1].coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        raise UnknownAdditions("The last time stamp does not cover the whole file.")
    seals[0].compute_integrity_info(diff_policy=ONLY_EVIDENCE)
    if not _is_only_evidence(seals[0]):
        raise UnknownAdditions("Something else was changed after the seal.")
    return Timestamps(min(at for at, _by in read), read[-1][1])


def _is_only_evidence(signature: EmbeddedPdfSignature) -> bool:
    changes = signature.diff_result
    return (
        changes is not None
        and getattr(changes, "modification_level", ModificationLevel.OTHER) <= ModificationLevel.LTA_UPDATES
    )


def _read_timestamp(
    timestamp: EmbeddedPdfSignature, pdf: bytes, trust: Trust
) -> tuple[dt.datetime, tuple[str, ...]]:
    """The time and the signer of a time stamp. Raises UnknownAdditions for one that is not trusted."""
    first, start, rest_at, _rest = (int(number) for number in timestamp.byte_range)
    gap = pdf[start:rest_at]
    token = cms.ContentInfo.load(timestamp.pkcs7_content).dump()
    is_plain = _GAP.fullmatch(gap) and bytes.fromhex(gap[1:-1].decode("ascii")) == timestamp.pkcs7_content
    if first != 0 or not is_plain or timestamp.pkcs7_content.removeprefix(token).strip(b"\0"):
        raise UnknownAdditions("A time stamp is not written as time stamps are.")
    if timestamp.signer_cert.sha256.hex() in trust.compromised_timestamp_certificates:
        raise UnknownAdditions("A time stamp was made with a stolen key.")
    content = timestamp.signed_data["encap_content_info"]["content"].parsed
    at: dt.datetime = content["gen_time"].native
    roots = [_asn1(one) for one in trust.timestamp_roots]
    # Validated at the time of the stamp: its certificate may have expired since.
    context = ValidationContext(
        trust_roots=roots,
        other_certs=[_asn1(one) for one in trust.certificates],
        moment=at,
        allow_fetching=False,
    )
    # What came after a stamp is compared once, from the seal on.
    status = validate_pdf_timestamp(timestamp, context, skip_diff=True)
    path = status.validation_path
    if path is None or not (status.intact and status.valid and status.trusted):
        raise UnknownAdditions("A time stamp is not of an authority we know.")
    chain = reversed(list(path.iter_certs(include_root=True)))
    return at, tuple(one.sha256.hex() for one in chain)


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(der_of(certificate))
