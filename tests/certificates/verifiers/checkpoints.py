"""Reads a signed checkpoint of the log."""

import base64
import re
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from certificates.jose import NotAuthentic
from certificates.signer import PublicKey
from certificates.transparency.checkpoint import Checkpoint, key_hash

LONGEST = 10_000
_NOTE = re.compile(
    r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n\n((?:— [^\s+]+ [A-Za-z0-9+/]+={0,2}\n){1,16})"
)


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
