"""Independent verifiers of seals."""

import io
import subprocess
from pathlib import Path

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from certificates.enums import KeyRole
from certificates.queries.keys import active_key
from certificates.sealing.signing import der_of
from tests.external_programs import program


def validated_by_pyhanko(pdf: bytes) -> PdfSignatureStatus:
    """pyHanko's results, with the root of the active seal key as trust anchor. Time stamps of an archive are not among them."""
    key = active_key(KeyRole.PDF_SEAL)
    assert key is not None
    root = x509.Certificate.load(der_of(key.certificates()[-1]))
    [signature] = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
    return validate_pdf_signature(
        signature,
        ValidationContext(trust_roots=[root], allow_fetching=False),
        key_usage_settings=KeyUsageConstraints(key_usage={"non_repudiation"}),
    )


def output_of_pdfsig(pdf: bytes, folder: Path) -> str:
    """The output of poppler's pdfsig; `folder` is for the file, and serves as an empty certificate store."""
    (folder / "sealed.pdf").write_bytes(pdf)
    command = [program("pdfsig", package="poppler-utils"), "-nssdir", folder, folder / "sealed.pdf"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
