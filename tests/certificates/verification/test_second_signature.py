"""A P-256 signature (r, s) has a second form, (r, n - s): as valid, but not what the register knows."""

from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from certificates.enums import FileVerdict
from certificates.models import SigningKey
from certificates.queries.keys import seal_trust
from certificates.sealing import Verdict, examine
from certificates.sealing.sealer import digest_around
from certificates.services.file_verification import verify_file
from tests.certificates.verification.sealed_pdfs import sealed_pdf
from tests.factories.certificates import issued

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def with_the_second_form(pdf: bytes) -> bytes:
    start = pdf.index(b"<30")
    end = pdf.index(b">", start) + 1
    content = cms.ContentInfo.load(bytes.fromhex(pdf[start + 1 : end - 1].decode()))["content"]
    r, s = decode_dss_signature(content["signer_infos"][0]["signature"].native)
    template = seal_trust().seals[0].template
    attributes = template.attributes(digest_around(pdf, start, end))
    seal = template.complete(attributes, encode_dss_signature(r, ORDER - s)).hex().encode()
    return pdf[: start + 1] + seal.ljust(end - start - 2, b"0") + pdf[end - 1 :]


def test_the_public_page_knows_the_file_that_was_issued_and_not_its_twin(demo_keys: list[SigningKey]):
    pdf = sealed_pdf(issued())
    twin = with_the_second_form(pdf)

    verdicts = [verify_file(pdf=one, address="127.0.0.1").verdict for one in (pdf, twin)]

    assert (len(twin), twin == pdf) == (len(pdf), False)
    assert examine(twin, seal_trust()).verdict is Verdict.INTACT
    assert verdicts == [FileVerdict.GENUINE, FileVerdict.UNREGISTERED]
