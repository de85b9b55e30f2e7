"""The `Signer` protocol: signing with a private key in a file or in a hardware module."""

from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

type PublicKey = EllipticCurvePublicKey | Ed25519PublicKey

ES256 = "ES256"
EDDSA = "EdDSA"
_P256_BYTES = 32


class Signer(Protocol):
    """Signs with one key. ES256: ECDSA on P-256 with SHA-256, answered as DER; EdDSA: Ed25519, 64 raw bytes."""

    @property
    def key_id(self) -> str: ...
    @property
    def algorithm(self) -> str: ...
    @property
    def public_key(self) -> PublicKey: ...
    def sign(self, data: bytes) -> bytes: ...


def algorithm_of(key: PublicKey) -> str:
    """The JOSE name of the one algorithm a key is used with. Raises ValueError for another kind of key."""
    if isinstance(key, Ed25519PublicKey):
        return EDDSA
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return ES256
    raise ValueError("Only P-256 and Ed25519 keys sign certificates.")


def sign_raw(signer: Signer, data: bytes) -> bytes:
    """The signature as JOSE and COSE carry it: 64 bytes, for ECDSA the two numbers one after the other (RFC 7518, 3.4)."""
    signature = signer.sign(data)
    if algorithm_of(signer.public_key) == EDDSA:
        return signature
    r, s = decode_dss_signature(signature)
    return r.to_bytes(_P256_BYTES, "big") + s.to_bytes(_P256_BYTES, "big")
