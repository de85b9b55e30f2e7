"""The protocol of keys that sign, in a file or in a hardware module, and their algorithms."""

import hashlib
from enum import StrEnum
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from certificates.sealing.errors import UnsuitableKey

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey

RSA_BITS = 3072
RSA_LEAST_BITS = 2048


class Algorithm(StrEnum):
    """Signature algorithms by their names in JOSE (RFC 7518, RFC 8037)."""

    ES256 = "ES256"  # ECDSA with P-256 and SHA-256 (FIPS 186-5); our signatures are DER (RFC 3279)
    RS256 = "RS256"  # RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017), 2048 bits or more
    EDDSA = "EdDSA"  # Ed25519 (RFC 8032)


class Signer(Protocol):
    """A key that signs. `sign` may raise `TokenUnavailable`; it is safe to call from several threads."""

    @property
    def key_id(self) -> str: ...
    @property
    def algorithm(self) -> Algorithm: ...
    @property
    def public_key(self) -> PublicKey: ...
    @property
    def certificate(self) -> x509.Certificate | None: ...
    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The certificates above ours, the nearest first."""

    def sign(self, data: bytes) -> bytes:
        """Sign `data` itself, not its hash. ECDSA signatures are DER: see `certificates.signer.sign_raw`."""


def algorithm_of(public_key: object) -> Algorithm:
    """The algorithm of a key. Raises UnsuitableKey for another curve, a short RSA key or another kind of key."""
    match public_key:
        case ec.EllipticCurvePublicKey() if isinstance(public_key.curve, ec.SECP256R1):
            return Algorithm.ES256
        case rsa.RSAPublicKey() if public_key.key_size >= RSA_LEAST_BITS:
            return Algorithm.RS256
        case ed25519.Ed25519PublicKey():
            return Algorithm.EDDSA
    raise UnsuitableKey(f"Keys are P-256, RSA of at least {RSA_LEAST_BITS} bits or Ed25519.")


def new_private_key(algorithm: Algorithm) -> PrivateKey:
    match algorithm:
        case Algorithm.ES256:
            return ec.generate_private_key(ec.SECP256R1())
        case Algorithm.RS256:
            return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
        case Algorithm.EDDSA:
            return ed25519.Ed25519PrivateKey.generate()


def is_signature_of(public_key: PublicKey, signature: bytes, data: bytes) -> bool:
    """Whether `signature` was made over `data` by the private half of `public_key`."""
    try:
        match public_key:
            case ec.EllipticCurvePublicKey():
                public_key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
            case rsa.RSAPublicKey():
                public_key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
            case ed25519.Ed25519PublicKey():
                public_key.verify(signature, data)
    except InvalidSignature:
        return False
    return True


def public_pem(public_key: PublicKey) -> str:
    return public_key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def load_public_pem(pem: str) -> PublicKey:
    """Read a public key that `public_pem` wrote. Raises UnsuitableKey."""
    public_key = serialization.load_pem_public_key(pem.encode())
    algorithm_of(public_key)
    return public_key  # type: ignore[return-value]  # algorithm_of refuses every other kind


def certificates_pem(certificates: tuple[x509.Certificate, ...]) -> str:
    return "".join(one.public_bytes(serialization.Encoding.PEM).decode() for one in certificates)


def der_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, in hex."""
    return hashlib.sha256(der_of(certificate)).hexdigest()
