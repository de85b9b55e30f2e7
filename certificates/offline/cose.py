"""Signed CBOR: COSE_Sign1 (RFC 9052, 4.2) with ES256, untagged, over deterministic CBOR (RFC 8949, 4.2.1)."""

from typing import Any

import cbor2

from ..jose import thumbprint
from ..signer import ES256, PublicKey, Signer, sign_raw

type Message = dict[int, Any]

_ALG, _KID, _TYP = 1, 4, 16
_ES256 = -7
_KID_BYTES = 4


def short_kid(key: PublicKey) -> bytes:
    """The first four bytes of the key's thumbprint (RFC 7638). Where two keys share them, both are tried."""
    return thumbprint(key)[:_KID_BYTES]


def sign_message(message: Message, *, signer: Signer, kind: str | None = None) -> bytes:
    """The message as COSE_Sign1. `kind` (the header `typ`, RFC 9596) keeps one type of message from being accepted as another.

    Raises ValueError for a key that is not P-256.
    """
    if signer.algorithm != ES256:
        raise ValueError(
            "Browsers verify ES256 everywhere, so that is what offline certificates are signed with."
        )
    header: Message = {_ALG: _ES256, _KID: short_kid(signer.public_key)}
    if kind is not None:
        header[_TYP] = kind
    protected, payload = _encoded(header), _encoded(message)
    signature = sign_raw(signer, _signed_bytes(protected, payload))
    return _encoded([protected, {}, payload, signature])


def _signed_bytes(protected: bytes, payload: bytes) -> bytes:
    """The Sig_structure (RFC 9052, 4.4); no external data."""
    return _encoded(["Signature1", protected, b"", payload])


def _encoded(value: object) -> bytes:
    return cbor2.dumps(value, canonical=True)
