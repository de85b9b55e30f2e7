"""Long-term files: evidence and a document time stamp after the sealed part (PAdES B-LTA, ETSI EN 319 142-1).

A signature time stamp lies inside the signature, and putting one there would rewrite what was issued. So B-T comes from
a document time stamp, which the standard allows in its place (section 6.3, requirement of "time-stamp over the
signature"): the sealed file stays as it is, byte by byte, and one incremental update adds the document security store
(certificates, revocation lists) and the stamp that covers both. The same again in some years, with a new stamp over the
old one, makes the proof last longer than the cryptography of today.
"""

import io

from asn1crypto import cms, crl, x509
from cryptography.x509 import Certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import DocumentSecurityStore

from certificates.sealing.errors import NotArchivable
from certificates.sealing.reading import Verdict, examine
from certificates.sealing.signing import der_of
from certificates.sealing.timestamps import Timestamper
from certificates.sealing.trust import Trust

# In bytes of the token: authorities send up to four certificates with it.
_TOKEN_BYTES = 12_000


class TimestampSource(TimeStamper):
    """Adapts our timestamper to pyHanko's interface."""

    def __init__(self, timestamper: Timestamper) -> None:
        super().__init__()
        self._timestamper = timestamper

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        return cms.ContentInfo.load(self._timestamper.token(message_digest))


class EvidenceWriter(IncrementalPdfFileWriter):
    """Adds evidence only: metadata (XMP, /Info) and dates are unchanged."""

    def _update_meta(self) -> None:
        pass


def add_long_term(pdf: bytes, *, timestamper: Timestamper, trust: Trust) -> bytes:
    """`pdf` with evidence and a time stamp after it; `pdf` itself is the beginning of the result.

    Raises NotArchivable where the file is not sealed by us and intact, where a revocation list of `trust` names the
    certificate of its seal (evidence that speaks against it), or where the result would not be intact;
    TimestampUnavailable where no stamp was to be had. Do not call it in an event loop: it runs its own.
    """
    before = examine(pdf, trust)
    if before.verdict is not Verdict.INTACT:
        raise NotArchivable(f"Only what we sealed is archived; this file is {before.verdict}.")
    seal = next(one for one in trust.seals if one.key_id == before.key_id)
    lists = [crl.CertificateList.load(one) for one in trust.revocation_lists]
    if any(_names(one, seal.certificate) for one in lists):
        raise NotArchivable(f"A revocation list names the certificate of {seal.key_id}.")
    writer = EvidenceWriter(io.BytesIO(pdf))
    certificates = {seal.certificate, *seal.chain, *trust.timestamp_roots, *trust.certificates}
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        sig_contents=None,  # EN 319 142-1, section 5.4.2.3: the store serves all signatures of the file
        certs=sorted(
            (x509.Certificate.load(der_of(one)) for one in certificates), key=lambda one: one.sha256
        ),
        crls=lists,
    )
    output = io.BytesIO()
    stamper = PdfTimeStamper(
        TimestampSource(timestamper), field_name=f"Timestamp{before.sealed_bytes}-{len(pdf)}"
    )
    stamper.timestamp_pdf(writer, "sha256", bytes_reserved=2 * _TOKEN_BYTES, output=output)
    archived = output.getvalue()
    after = examine(archived, trust)
    if not archived.startswith(pdf) or after.verdict is not Verdict.INTACT:
        raise NotArchivable("The time stamp is not of an authority we know, or the file does not take one.")
    return archived


def _names(revocations: crl.CertificateList, certificate: Certificate) -> bool:
    """Whether the list is of the certificate's authority and has it among the revoked."""
    listed = revocations["tbs_cert_list"]
    if listed["issuer"].dump() != certificate.issuer.public_bytes():
        return False
    return any(
        one["user_certificate"].native == certificate.serial_number for one in listed["revoked_certificates"]
    )
