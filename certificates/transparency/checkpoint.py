"""A checkpoint: size and root of the log, signed (C2SP tlog-checkpoint in a C2SP signed-note).

certificates.example.org/log
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— certificates.example.org/log Az3grlgtzPICa5OS8npVmf1Myq...
"""

import base64
import hashlib
import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ..signer import PublicKey, Signer

_ED25519 = b"\x01"
_ORIGIN = re.compile(r"[^\s+]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A log's name (`origin`, an address without its scheme), its number of leaves and its root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def sign_checkpoint(checkpoint: Checkpoint, *, signer: Signer) -> str:
    """The signed note. Raises ValueError for an origin with a space or a plus sign."""
    if not _ORIGIN.fullmatch(checkpoint.origin):
        raise ValueError(f"{checkpoint.origin!r} cannot name a log.")
    text = checkpoint.text()
    signature = key_hash(checkpoint.origin, signer.public_key) + signer.sign(text.encode())
    return f"{text}\n— {checkpoint.origin} {base64.b64encode(signature).decode()}\n"


def key_hash(origin: str, key: PublicKey) -> bytes:
    """The four bytes that tell a verifier which key to try (signed-note: Ed25519, and ECDSA by its SPKI)."""
    if isinstance(key, Ed25519PublicKey):
        named = origin.encode() + b"\n" + _ED25519 + key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    else:
        named = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(named).digest()[:4]
