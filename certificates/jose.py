"""Compact JSON Web Signatures (RFC 7515) and JSON Web Keys (RFC 7517), composed here so that any signer can sign."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .signer import PublicKey, Signer, algorithm_of, sign_raw

type Json = dict[str, Any]

# Bytes. Our tokens are below 10 kB, and a status list of a million certificates is below 300 kB.
LONGEST = 1_000_000
# `crit` and `b64` change what is signed; a reader that does not support them has to refuse (RFC 7515, 4.1.11).
_KNOWN_HEADERS = {"alg", "cty", "jwk", "kid", "typ"}


class NotAuthentic(Exception):
    """A signature or document is invalid; the message is for the log."""


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Decode without padding, one text for one value: leftover bits must be zero. Raises NotAuthentic."""
    try:
        data = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as fault:
        raise NotAuthentic("This is not base64url.") from fault
    if base64url(data) != text:
        raise NotAuthentic("This is not the only way to write this value in base64url.")
    return data


def jwk_of(key: PublicKey) -> dict[str, str]:
    """The public key as a JSON Web Key with its required members only (RFC 7518, 6.2; RFC 8037, 2)."""
    algorithm_of(key)
    if isinstance(key, Ed25519PublicKey):
        raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return {"crv": "Ed25519", "kty": "OKP", "x": base64url(raw)}
    point = key.public_numbers()
    x, y = (base64url(number.to_bytes(32, "big")) for number in (point.x, point.y))
    return {"crv": "P-256", "kty": "EC", "x": x, "y": y}


def thumbprint(key: PublicKey) -> bytes:
    """SHA-256 over the canonical JSON Web Key (RFC 7638): 32 bytes that name a key without any register."""
    return hashlib.sha256(_json(dict(sorted(jwk_of(key).items())))).digest()


def sign_compact(payload: Mapping[str, Any], *, signer: Signer, headers: Mapping[str, str]) -> str:
    """Sign the payload; `alg` goes before the headers given."""
    head = {"alg": algorithm_of(signer.public_key), **headers}
    signed = f"{base64url(_json(head))}.{base64url(_json(payload))}"
    return f"{signed}.{base64url(sign_raw(signer, signed.encode()))}"


def read_compact(
    token: str, *, key_named: Callable[[str], PublicKey | None], types: tuple[str, ...]
) -> tuple[Json, str]:
    """The payload and the `kid`, once the signature of a known key is right. Raises NotAuthentic.

    The caller checks times. A key in the header itself is ignored.
    """
    if len(token) > LONGEST:
        raise NotAuthentic("The token is longer than any of ours.")
    for part in token.split("."):
        from_base64url(part)
    try:
        head = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError as fault:
        raise NotAuthentic("This is not a compact JSON Web Signature.") from fault
    kid = head.get("kid")
    if not head.keys() <= _KNOWN_HEADERS or head.get("typ") not in types or not isinstance(kid, str):
        raise NotAuthentic("The header is not one of ours.")
    key = key_named(kid)
    if key is None:
        raise NotAuthentic(f"The key {kid} is not published.")
    try:
        payload = jwt.api_jws.decode(token, key, algorithms=[algorithm_of(key)])
        claims = json.loads(payload)
    except (jwt.InvalidTokenError, ValueError) as fault:
        raise NotAuthentic(f"The signature of {kid} is not right.") from fault
    if not isinstance(claims, dict):
        raise NotAuthentic("What is signed is not a JSON object.")
    return claims, kid


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
