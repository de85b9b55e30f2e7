"""The bytes of a seal never change: verification of an old file writes them again and compares."""

from pathlib import Path

import pytest
from cryptography import x509

from certificates.sealing import is_signature_of
from certificates.sealing.cms import CmsTemplate, signature_in
from certificates.sealing.signing import algorithm_of

GOLDEN = Path(__file__).with_name("golden")
DIGEST = bytes(range(32))


def golden(name: str) -> tuple[CmsTemplate, x509.Certificate, bytes]:
    """A template, its certificate, and a seal of `DIGEST` that was written on the first day."""
    certificate, *chain = x509.load_pem_x509_certificates((GOLDEN / f"{name}.pem").read_bytes())
    template = CmsTemplate(certificate, chain, algorithm_of(certificate.public_key()))
    return template, certificate, (GOLDEN / f"{name}.der").read_bytes()


@pytest.mark.parametrize("name", ["p256", "rsa"])
def test_a_seal_of_the_first_day_is_written_again_byte_by_byte(name: str):
    template, certificate, seal = golden(name)
    signature = signature_in(seal + bytes(100))
    attributes = template.attributes(DIGEST)

    assert template.complete(attributes, signature) == seal
    assert template.is_seal(seal + bytes(100), attributes, signature)
    assert is_signature_of(certificate.public_key(), signature, attributes)
    assert len(seal) <= template.longest <= len(seal) + 8


@pytest.mark.parametrize("size", [8, 63, 70, 71, 72])
def test_a_seal_with_a_signature_of_any_length_of_der_is_read_back(size: int):
    template, _certificate, _seal = golden("p256")
    attributes = template.attributes(DIGEST)
    signature = b"\x55" * size

    written = template.complete(attributes, signature)

    assert signature_in(written) == signature
    assert template.is_seal(written, attributes, signature)


@pytest.mark.parametrize("size", [0, 7, 73, 384])
def test_a_signature_of_a_size_that_the_key_does_not_make_is_not_ours(size: int):
    template, _certificate, seal = golden("p256")

    assert not template.is_seal(seal, template.attributes(DIGEST), bytes(size))


@pytest.mark.parametrize("padded", [b"", b"\0" * 500, b"\x30\x80" * 500, b"\x30\x03\x02\x01\x01"])
def test_what_is_no_seal_has_no_signature(padded: bytes):
    assert signature_in(padded) == b""
