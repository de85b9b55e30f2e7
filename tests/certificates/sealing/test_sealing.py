import io
import subprocess
from pathlib import Path

import pytest
from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from certificates.sealing import (
    BYTE_RANGE_PLACEHOLDER,
    Algorithm,
    FileSigner,
    NoPlaceholder,
    PlaceholderTooSmall,
    Sealer,
    SeveralPlaceholders,
    UnsuitableKey,
    new_private_key,
    seal,
)
from certificates.sealing.signing import der_of
from tests.certificates.sealing.conftest import NOW
from tests.certificates.sealing.papers import unsealed_pdf
from tests.external_programs import program


@pytest.fixture(params=["signer", "rsa_signer"])
def sealer(request: pytest.FixtureRequest) -> Sealer:
    return Sealer(request.getfixturevalue(request.param))


def cms_of(pdf: bytes) -> bytes:
    [signature] = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return signature.pkcs7_content


def test_pyhanko_calls_a_seal_valid_over_the_whole_file_and_trusted(sealer, authority):
    [signature] = PdfFileReader(io.BytesIO(seal(unsealed_pdf(), sealer))).embedded_signatures
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(der_of(authority.certificate))], allow_fetching=False
    )

    status = validate_pdf_signature(
        signature, context, key_usage_settings=KeyUsageConstraints(key_usage={"non_repudiation"})
    )

    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.docmdp_ok
    assert status.bottom_line


def test_poppler_and_nss_call_a_seal_valid(sealer, tmp_path: Path):
    file = tmp_path / "sealed.pdf"
    file.write_bytes(seal(unsealed_pdf(), sealer))

    pdfsig = program("pdfsig", package="poppler-utils")
    said = subprocess.run(
        [pdfsig, "-nssdir", tmp_path, file], capture_output=True, text=True, check=False
    ).stdout

    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_the_signature_is_what_pades_b_b_asks_for(sealer):
    contents = cms_of(seal(unsealed_pdf(), sealer))

    content_info = cms.ContentInfo.load(contents)
    signed_data = content_info["content"]
    [signer_info] = signed_data["signer_infos"]
    attributes = {one["type"].native: one["values"][0] for one in signer_info["signed_attrs"]}
    assert set(attributes) == {"content_type", "message_digest", "signing_certificate_v2"}
    assert signed_data["encap_content_info"]["content"].native is None
    # What another encoder makes of it is the same, so it is DER.
    assert content_info.copy().dump(force=True) == content_info.dump()
    assert contents.removeprefix(content_info.dump()).strip(b"\0") == b""


def test_sealing_moves_nothing_but_the_two_placeholders(sealer):
    pdf = unsealed_pdf()

    result = seal(pdf, sealer)

    ranges_at, gap_at = pdf.index(b"/ByteRange"), pdf.index(b"/Contents <00")
    end = pdf.index(b">", gap_at)
    untouched = [
        place
        for place in range(len(pdf))
        if not (ranges_at <= place < ranges_at + len(BYTE_RANGE_PLACEHOLDER) or gap_at <= place < end)
    ]
    assert len(result) == len(pdf)
    assert all(result[place] == pdf[place] for place in untouched)


def test_a_placeholder_of_the_announced_size_is_always_enough(sealer):
    pdf = unsealed_pdf(room=sealer.size)

    assert len(seal(pdf, sealer)) == len(pdf)


def test_a_pdf_without_a_signature_field_is_refused(sealer):
    with pytest.raises(NoPlaceholder):
        seal(b"%PDF-1.7\n%%EOF\n", sealer)


def test_a_placeholder_that_is_too_small_is_refused_with_both_sizes(sealer):
    with pytest.raises(PlaceholderTooSmall, match="room for 300"):
        seal(unsealed_pdf(room=300), sealer)


def test_a_pdf_with_two_placeholders_is_refused(sealer):
    with pytest.raises(SeveralPlaceholders):
        seal(unsealed_pdf() + BYTE_RANGE_PLACEHOLDER, sealer)


def test_a_sealed_pdf_is_not_sealed_again(sealer, sealed):
    with pytest.raises(SeveralPlaceholders, match="sealed already"):
        seal(sealed, sealer)


def test_no_pdf_is_sealed_with_ed25519_or_without_a_certificate(authority):
    key = new_private_key(Algorithm.EDDSA)
    bare = FileSigner(key_id="bare", private_key=key)

    with pytest.raises(UnsuitableKey, match="no certificate"):
        Sealer(bare)
    certificate = authority.certify_seal(key.public_key(), common_name="x", now=NOW)
    with pytest.raises(UnsuitableKey, match="Ed25519"):
        Sealer(FileSigner(key_id="ed", private_key=key, certificate=certificate))
