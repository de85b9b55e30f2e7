"""A checkpoint: how large the log is, and its root, signed (C2SP tlog-checkpoint in a C2SP signed-note).

certificates.example.org/log
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— certificates.example.org/log Az3grlgtzPICa5OS8npVmf1Myq...
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ..jose import NotAuthentic
from ..signer import PublicKey, Signer

LONGEST = 10_000
_ED25519 = b"\x01"
_ORIGIN = re.compile(r"[^\s+]+")
_NOTE = re.compile(
    r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n\n((?:— [^\s+]+ [A-Za-z0-9+/]+={0,2}\n){1,16})"
)


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


def read_checkpoint(note: str, *, origin: str, keys: Iterable[PublicKey]) -> Checkpoint:
    """The checkpoint of this log, signed by one of these keys of it. Raises NotAuthentic.

    Other signatures, such as those of witnesses, are passed over; a wrong one of a known key spoils the note.
    """
    found = _NOTE.fullmatch(note) if len(note) <= LONGEST else None
    if not found or found[1] != origin:
        raise NotAuthentic("This is not a checkpoint of this log.")
    checkpoint = Checkpoint(origin=origin, size=int(found[2]), root=_decoded(found[3]))
    known = {key_hash(origin, key): key for key in keys}
    is_signed = False
    for line in found[4].splitlines():
        _dash, name, encoded = line.split(" ")
        signature = _decoded(encoded)
        if name == origin and signature[:4] in known:
            _verify(known[signature[:4]], signature[4:], checkpoint.text().encode())
            is_signed = True
    if not is_signed:
        raise NotAuthentic("No known key signed this checkpoint.")
    return checkpoint


def key_hash(origin: str, key: PublicKey) -> bytes:
    """The four bytes that tell a verifier which key to try (signed-note: Ed25519, and ECDSA by its SPKI)."""
    if isinstance(key, Ed25519PublicKey):
        named = origin.encode() + b"\n" + _ED25519 + key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    else:
        named = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(named).digest()[:4]


def _verify(key: PublicKey, signature: bytes, text: bytes) -> None:
    try:
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, text)
        else:
            key.verify(signature, text, ECDSA(SHA256()))
    except InvalidSignature as fault:
        raise NotAuthentic("The signature of the checkpoint is not right.") from fault


def _decoded(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as fault:
        raise NotAuthentic("The checkpoint has a text that is not base64.") from fault
    if base64.b64encode(data).decode() != text:
        raise NotAuthentic("The checkpoint has a text that is not the only way to write it.")
    return data
