"""Signers without a file, and moments, for the tests of the formats."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256

from certificates.signer import EDDSA, ES256, PublicKey


@dataclass(frozen=True)
class MemorySigner:
    """A key of this process: ECDSA on P-256 answered as DER, or Ed25519."""

    key_id: str
    key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

    @property
    def algorithm(self) -> str:
        return EDDSA if isinstance(self.key, ed25519.Ed25519PrivateKey) else ES256

    @property
    def public_key(self) -> PublicKey:
        return self.key.public_key()

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.sign(data)
        return self.key.sign(data, ec.ECDSA(SHA256()))


def p256_signer(key_id: str = "credentials-2026") -> MemorySigner:
    return MemorySigner(key_id, ec.generate_private_key(ec.SECP256R1()))


def ed25519_signer(key_id: str = "proofs-2026") -> MemorySigner:
    return MemorySigner(key_id, ed25519.Ed25519PrivateKey.generate())
