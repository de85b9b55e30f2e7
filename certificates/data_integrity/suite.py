"""Embedded proofs: Data Integrity EdDSA Cryptosuites 1.0, `eddsa-rdfc-2022`.

The proof covers the meaning of the JSON (its RDF, in canonical form), so it is still valid after reordering or
reformatting. That takes milliseconds where a token takes microseconds: it is made on request. No context is ever fetched.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pyld import jsonld

from certificates import openbadges
from certificates.jose import Json
from certificates.openbadges.credential import (
    EXTENSIONS_CONTEXT,
    OPEN_BADGES_CONTEXT,
    VC_CONTEXT,
    timestamp,
)
from certificates.openbadges.did import key_url
from certificates.openbadges.multibase import base58btc
from certificates.signer import EDDSA, Signer

CRYPTOSUITE = "eddsa-rdfc-2022"
_FOLDER = Path(openbadges.__file__).parent / "contexts"
_FILES = {
    VC_CONTEXT: "credentials-v2.jsonld",
    OPEN_BADGES_CONTEXT: "ob-v3p0-context-3.0.3.json",
    EXTENSIONS_CONTEXT: "ob-v3p0-extensions.json",
}
_DOCUMENTS = {url: json.loads((_FOLDER / name).read_text()) for url, name in _FILES.items()}


class TermLost(ValueError):
    """A member that no context defines: it would be in the JSON, but not covered by the proof."""


def add_proof(credential: Json, *, signer: Signer, created: datetime) -> Json:
    """The credential with its proof. The signer's key is Ed25519. Raises ValueError for another, TermLost."""
    if signer.algorithm != EDDSA:
        raise ValueError(f"{CRYPTOSUITE} signs with Ed25519.")
    _check_terms(credential)
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": timestamp(created),
        "verificationMethod": key_url(credential["issuer"]["id"], signer.key_id),
        "proofPurpose": "assertionMethod",
    }
    signature = signer.sign(_signed_bytes(credential, proof))
    return {**credential, "proof": {**proof, "proofValue": base58btc(signature)}}


def _signed_bytes(credential: Json, proof: Json) -> bytes:
    """Hash of the proof's options, then hash of the credential (EdDSA Cryptosuites 1.0, 3.2.4)."""
    options = {"@context": credential["@context"], **proof}
    return b"".join(hashlib.sha256(_canonical(part).encode()).digest() for part in (options, credential))


def _canonical(document: Json) -> str:
    # RDFC-1.0 is the name under which W3C made URDNA2015 a standard; they differ in control characters only.
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _load, "base": ""}
    return jsonld.normalize(document, options)


def _check_terms(credential: Json) -> None:
    """Expansion silently drops members that no context defines; compacting the result shows whether any was dropped."""
    options = {"documentLoader": _load, "base": "", "compactArrays": True}
    back = jsonld.compact(credential, credential["@context"], options)
    if _folded(back) != _folded(credential):
        raise TermLost("The credential has a member that no context defines.")


def _folded(value: Any) -> Any:
    """JSON-LD does not distinguish a list of one item from the item."""
    if isinstance(value, dict):
        return {name: _folded(member) for name, member in value.items()}
    if isinstance(value, list):
        return _folded(value[0]) if len(value) == 1 else [_folded(member) for member in value]
    return value


def _load(url: str, _options: Mapping[str, Any]) -> Json:
    if url not in _DOCUMENTS:
        raise jsonld.JsonLdError(f"{url} is not one of the contexts we know.", "jsonld.LoadDocumentError")
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": _DOCUMENTS[url],
    }
