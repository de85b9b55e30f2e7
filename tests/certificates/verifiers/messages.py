"""Reads signed CBOR."""

from collections.abc import Callable, Collection
from typing import Any

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from certificates.jose import LONGEST, NotAuthentic
from certificates.offline.cose import _ALG, _ES256, _KID, _TYP, Message, _encoded, _signed_bytes
from certificates.signer import PublicKey

_SIGNATURE_BYTES = 64


def read_message(
    data: bytes, *, keys_named: Callable[[bytes], Collection[PublicKey]], kind: str | None = None
) -> tuple[Message, PublicKey]:
    """The message and the key that signed it. Raises NotAuthentic, also for another kind or another encoding."""
    parts = _decoded(data)
    if not isinstance(parts, list | tuple) or len(parts) != 4 or parts[1] != {}:
        raise NotAuthentic("This is not the envelope we write.")
    protected, _unprotected, payload, signature = parts
    if not all(isinstance(part, bytes) for part in (protected, payload, signature)):
        raise NotAuthentic("This is not the envelope we write.")
    header, message = _decoded(protected), _decoded(payload)
    if not isinstance(header, dict) or header != _header(header.get(_KID), kind):
        raise NotAuthentic("The header is not the one we write for this.")
    if not isinstance(message, dict) or len(signature) != _SIGNATURE_BYTES:
        raise NotAuthentic("This is not the envelope we write.")
    candidates = keys_named(header[_KID])
    if not candidates:
        raise NotAuthentic(f"The key {header[_KID].hex()} is not known.")
    for key in candidates:
        if _is_signed(key, signature, _signed_bytes(protected, payload)):
            return message, key
    raise NotAuthentic("The signature is not right.")


def _header(kid: Any, kind: str | None) -> Message | None:
    if not isinstance(kid, bytes):
        return None
    return {_ALG: _ES256, _KID: kid} | ({} if kind is None else {_TYP: kind})


def _is_signed(key: PublicKey, signature: bytes, data: bytes) -> bool:
    if not isinstance(key, EllipticCurvePublicKey):
        return False
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    try:
        key.verify(encode_dss_signature(r, s), data, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _decoded(data: bytes) -> Any:
    """One encoding for one value: what would be encoded otherwise is refused."""
    if len(data) > LONGEST:
        raise NotAuthentic("The message is longer than any of ours.")
    try:
        value = cbor2.loads(data)
        is_ours = _encoded(value) == data
    except (cbor2.CBORError, ValueError, TypeError, RecursionError) as fault:
        raise NotAuthentic("This is no CBOR.") from fault
    if not is_ours:
        raise NotAuthentic("This is not the only way to write this value in CBOR.")
    return value
