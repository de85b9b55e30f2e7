"""The signature of a sealed PDF: CMS SignedData (RFC 5652) as PAdES B-B wants it (ETSI EN 319 142-1, section 6).

Of two seals by one key only the hash of the file and the signature value differ. asn1crypto builds everything else once,
which is what makes sealing cost little more than the signature; and since all of it is known, a reader can write the
same bytes again and compare, so that nothing in a seal is left unprotected. **The bytes written here must never change
for keys that have sealed**: a new form needs a new template next to this one.

Signed attributes: content-type, message-digest, signing-certificate-v2 (RFC 5035). No signing-time: PAdES has the entry
/M of the signature dictionary for it.
"""

import hashlib
from collections.abc import Iterable
from functools import cached_property

from asn1crypto import algos, cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from certificates.sealing.errors import UnsuitableKey
from certificates.sealing.signing import Algorithm, der_of

_SIGNATURES = {Algorithm.ES256: "sha256_ecdsa", Algorithm.RS256: "sha256_rsa"}
# Two integers of 1 to 33 bytes in DER.
_ECDSA_SIZES = range(8, 73)
_NO_DIGEST = bytes(32)


class CmsTemplate:
    """The seal of one certificate, all but the hash and the signature. Raises UnsuitableKey for Ed25519.

    NSS, and with it Poppler and Firefox, refuses Ed25519 in a PDF.
    """

    def __init__(
        self, certificate: x509.Certificate, chain: Iterable[x509.Certificate], algorithm: Algorithm
    ) -> None:
        if algorithm not in _SIGNATURES:
            raise UnsuitableKey("A PDF is sealed with P-256 or RSA: its readers do not know Ed25519.")
        self._certificate, self._chain = certificate, tuple(chain)
        self._signature_algorithm = _SIGNATURES[algorithm]
        public_key = certificate.public_key()
        size = public_key.key_size // 8 if isinstance(public_key, rsa.RSAPublicKey) else None
        self._signature_sizes = range(size, size + 1) if size else _ECDSA_SIZES
        self._around_attributes: dict[int, tuple[bytes, bytes]] = {}

    @property
    def longest(self) -> int:
        """How many bytes a seal takes at the most."""
        return len(self.complete(self.attributes(_NO_DIGEST), bytes(self._signature_sizes[-1])))

    def attributes(self, digest: bytes) -> bytes:
        """What is signed: the SET of signed attributes in DER (RFC 5652, section 5.4)."""
        before, after = self._around_digest
        return before + digest + after

    def complete(self, attributes: bytes, signature: bytes) -> bytes:
        """The ContentInfo in DER."""
        size = len(signature)
        if size not in self._around_attributes:
            self._around_attributes[size] = self._frame(size)
        before, after = self._around_attributes[size]
        return before + attributes[1:] + after + signature

    def is_seal(self, padded: bytes, attributes: bytes, signature: bytes) -> bool:
        """Whether the seal is ours over these attributes to the last byte, and zeros follow.

        The signature itself is not checked here.
        """
        if len(signature) not in self._signature_sizes:
            return False
        written = self.complete(attributes, signature)
        return padded.startswith(written) and not padded[len(written) :].strip(b"\0")

    @cached_property
    def _around_digest(self) -> tuple[bytes, bytes]:
        # The default hash of ESSCertIDv2 is SHA-256, and DER leaves defaults out.
        certificate_id = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(der_of(self._certificate)).digest()})
        values = {
            "content_type": "data",
            "message_digest": _NO_DIGEST,
            "signing_certificate_v2": tsp.SigningCertificateV2({"certs": [certificate_id]}),
        }
        attributes = [cms.CMSAttribute({"type": name, "values": [value]}) for name, value in values.items()]
        before, _digest, after = cms.CMSAttributes(attributes).dump().partition(_NO_DIGEST)
        return before, after

    def _frame(self, signature_size: int) -> tuple[bytes, bytes]:
        """What is before the attributes and between them and a signature of that size, which is the last element."""
        attributes = self.attributes(_NO_DIGEST)
        name = asn1_x509.Name.load(self._certificate.issuer.public_bytes())
        signer_info = {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number",
                cms.IssuerAndSerialNumber({"issuer": name, "serial_number": self._certificate.serial_number}),
            ),
            "digest_algorithm": _sha256(),
            "signed_attrs": cms.CMSAttributes.load(attributes),
            "signature_algorithm": {"algorithm": self._signature_algorithm},
            "signature": bytes(signature_size),
        }
        signed_data = {
            "version": "v1",
            "digest_algorithms": [_sha256()],
            "encap_content_info": {"content_type": "data"},
            "certificates": [
                asn1_x509.Certificate.load(der_of(one)) for one in (self._certificate, *self._chain)
            ],
            "signer_infos": [signer_info],
        }
        content_info = cms.ContentInfo(
            {"content_type": "signed_data", "content": cms.SignedData(signed_data)}
        )
        # The attributes are signed as a SET, though they are sent as [0]: all but the first byte is the same.
        before, _attributes, after = content_info.dump()[:-signature_size].rpartition(attributes[1:])
        return before, after


def signature_in(padded: bytes) -> bytes:
    """The signature value in a seal of any origin. Empty if it cannot be read."""
    try:
        [signer_info] = cms.ContentInfo.load(padded)["content"]["signer_infos"]
        return bytes(signer_info["signature"].native)
    except Exception:  # noqa: BLE001 - a parser may raise anything on a hostile file
        return b""


def _sha256() -> algos.DigestAlgorithm:
    """RFC 5754: without the parameters that asn1crypto adds."""
    algorithm = algos.DigestAlgorithm({"algorithm": "sha256"})
    del algorithm["parameters"]
    return algorithm
