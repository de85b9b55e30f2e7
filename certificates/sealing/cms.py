"""The signature of a sealed PDF: CMS SignedData (RFC 5652) as PAdES B-B wants it (ETSI EN 319 142-1, section 6).

Of two seals by one key only the hash of the file and the signature value differ. Everything else is encoded once, which
is what makes sealing cost little more than the signature; and since we write every byte, a reader can write the same
bytes again and compare, so that nothing in a seal is left unprotected. **The bytes written here must never change for
keys that have sealed**: a new form needs a new template beside this one.

Signed attributes: content-type, message-digest, signing-certificate-v2 (RFC 5035). No signing-time: PAdES has the entry
/M of the signature dictionary for it.
"""

import hashlib
from collections.abc import Iterable

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from certificates.sealing.errors import UnsuitableKey
from certificates.sealing.signing import Algorithm, der_of

SEQUENCE, SET, OCTETS, INTEGER, OID, NULL = 0x30, 0x31, 0x04, 0x02, 0x06, 0x05
CONTEXT_0 = 0xA0
# Two integers of 1 to 33 bytes in DER.
_ECDSA_SIZES = range(72, 7, -1)


def encode(tag: int, *contents: bytes) -> bytes:
    """One element in DER (X.690): tag, length, contents."""
    value = b"".join(contents)
    size = len(value)
    if size < 0x80:
        return bytes((tag, size)) + value
    octets = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(octets))) + octets + value


def encode_oid(dotted: str) -> bytes:
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    value = bytearray((first * 40 + second,))
    for arc in rest:
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(0x80 | (arc & 0x7F))
        value += bytes(reversed(septets))
    return encode(OID, bytes(value))


def _encode_integer(number: int) -> bytes:
    return encode(INTEGER, number.to_bytes(number.bit_length() // 8 + 1))


_DATA = encode_oid("1.2.840.113549.1.7.1")
_SIGNED_DATA = encode_oid("1.2.840.113549.1.7.2")
_CONTENT_TYPE = encode_oid("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST = encode_oid("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE_V2 = encode_oid("1.2.840.113549.1.9.16.2.47")
# RFC 5754: without parameters.
_SHA256 = encode(SEQUENCE, encode_oid("2.16.840.1.101.3.4.2.1"))
_SIGNATURES = {
    Algorithm.ES256: encode(SEQUENCE, encode_oid("1.2.840.10045.4.3.2")),
    Algorithm.RS256: encode(SEQUENCE, encode_oid("1.2.840.113549.1.1.11"), encode(NULL)),
}
_VERSION_1 = encode(INTEGER, b"\x01")


class CmsTemplate:
    """The seal of one certificate, all but the hash and the signature. Raises UnsuitableKey for Ed25519.

    NSS, and with it Poppler and Firefox, refuses Ed25519 in a PDF.
    """

    def __init__(
        self, certificate: x509.Certificate, chain: Iterable[x509.Certificate], algorithm: Algorithm
    ) -> None:
        if algorithm not in _SIGNATURES:
            raise UnsuitableKey("A PDF is sealed with P-256 or RSA: its readers do not know Ed25519.")
        der = der_of(certificate)
        issuer = certificate.issuer.public_bytes()
        # The default hash of ESSCertIDv2 is SHA-256, and DER leaves defaults out.
        certificate_id = encode(SEQUENCE, encode(OCTETS, hashlib.sha256(der).digest()))
        signing_certificate = encode(SEQUENCE, encode(SEQUENCE, certificate_id))
        self._fixed_attributes = (
            encode(SEQUENCE, _CONTENT_TYPE, encode(SET, _DATA)),
            encode(SEQUENCE, _SIGNING_CERTIFICATE_V2, encode(SET, signing_certificate)),
        )
        self._before_attributes = (
            _VERSION_1 + encode(SEQUENCE, issuer, _encode_integer(certificate.serial_number)) + _SHA256
        )
        self._signature_algorithm = _SIGNATURES[algorithm]
        self._before_signer = (
            _VERSION_1
            + encode(SET, _SHA256)
            + encode(SEQUENCE, _DATA)
            + encode(CONTEXT_0, *sorted((der, *(der_of(one) for one in chain))))
        )
        public_key = certificate.public_key()
        self._signature_sizes = (
            (public_key.key_size // 8,) if isinstance(public_key, rsa.RSAPublicKey) else _ECDSA_SIZES
        )
        self.longest = len(self.complete(self.attributes(bytes(32)), bytes(self._signature_sizes[0])))

    def attributes(self, digest: bytes) -> bytes:
        """What is signed: the contents of the SET of signed attributes, in the order of DER."""
        message_digest = encode(SEQUENCE, _MESSAGE_DIGEST, encode(SET, encode(OCTETS, digest)))
        return b"".join(sorted((*self._fixed_attributes, message_digest)))

    def signed_bytes(self, attributes: bytes) -> bytes:
        """RFC 5652, section 5.4: the attributes are signed as a SET, though they are sent as [0]."""
        return encode(SET, attributes)

    def complete(self, attributes: bytes, signature: bytes) -> bytes:
        """The ContentInfo in DER."""
        signer_info = encode(
            SEQUENCE,
            self._before_attributes,
            encode(CONTEXT_0, attributes),
            self._signature_algorithm,
            encode(OCTETS, signature),
        )
        signed_data = encode(SEQUENCE, self._before_signer, encode(SET, signer_info))
        return encode(SEQUENCE, _SIGNED_DATA, encode(CONTEXT_0, signed_data))

    def signature_in(self, padded: bytes, attributes: bytes) -> bytes | None:
        """The signature value in a seal, where it is ours over these attributes to the last byte and zeros follow.

        The signature itself is not checked here.
        """
        for size in self._signature_sizes:
            # The signature is the last element, so all before it depends on its size alone.
            empty = self.complete(attributes, bytes(size))
            if padded.startswith(empty[:-size]):
                signature, rest = padded[len(empty) - size : len(empty)], padded[len(empty) :]
                return signature if len(signature) == size and not rest.strip(b"\0") else None
        return None
