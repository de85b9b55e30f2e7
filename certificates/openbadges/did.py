"""The `did:web` identity of the site and its document of keys, at `/.well-known/did.json`.

W3C DID Core 1.0, Controlled Identifiers 1.0 (JsonWebKey, Multikey) and the did:web method.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ..jose import Json, jwk_of
from ..signer import PublicKey
from .credential import timestamp
from .multibase import base58btc

_ED25519_PUBLIC = b"\xed\x01"
_CONTEXTS = [
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/jwk/v1",
    "https://w3id.org/security/multikey/v1",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedKey:
    """A key that signs or signed. It is published for as long as a certificate it signed may be shown."""

    key_id: str
    public_key: PublicKey
    compromised_at: datetime | None = None


def did_of(site_url: str) -> str:
    """`https://v.example.org:8443/m` becomes `did:web:v.example.org%3A8443:m` (did:web method, 3.1)."""
    site = urlsplit(site_url)
    host = quote((site.hostname or "") + (f":{site.port}" if site.port else ""), safe="")
    return ":".join(["did:web", host, *(quote(part, safe="") for part in site.path.split("/") if part)])


def key_url(did: str, key_id: str) -> str:
    """The DID URL of a key: the `kid` of what it signs."""
    return f"{did}#{quote(key_id, safe='')}"


def did_document(*, site_url: str, keys: Iterable[PublishedKey]) -> Json:
    """The document with every key ever published.

    A retired key remains in `assertionMethod`. A compromised one is listed with the moment (`revoked`), but is not in
    `assertionMethod`: a forgery can be backdated.
    """
    did = did_of(site_url)
    published = list(keys)
    return {
        "@context": _CONTEXTS,
        "id": did,
        "verificationMethod": [_method(did, key) for key in published],
        "assertionMethod": [key_url(did, key.key_id) for key in published if key.compromised_at is None],
    }


def multikey(key: Ed25519PublicKey) -> str:
    """The public key as a Multikey's `publicKeyMultibase` (Controlled Identifiers 1.0, 2.2.2)."""
    return base58btc(_ED25519_PUBLIC + key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def _method(did: str, key: PublishedKey) -> Json:
    method: Json = {"id": key_url(did, key.key_id), "controller": did}
    if isinstance(key.public_key, Ed25519PublicKey):
        method |= {"type": "Multikey", "publicKeyMultibase": multikey(key.public_key)}
    else:
        method |= {"type": "JsonWebKey", "publicKeyJwk": jwk_of(key.public_key)}
    if key.compromised_at:
        method["revoked"] = timestamp(key.compromised_at)
    return method
