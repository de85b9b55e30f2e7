"""A credential as a signed token: the JSON Web Token proof of Open Badges 3.0 (section 8.2).

The payload is the credential itself, with the registered claims that say the same. The header has the key's
DID URL. `typ` is `JWT`, which Open Badges 3.0 demands; "Securing Verifiable Credentials using JOSE and COSE" 3.1.1
only recommends `vc+jwt`; tokens of that type are read as well.
"""

import json
from collections.abc import Mapping
from typing import Any

from ..jose import Json, NotAuthentic, from_base64url, read_compact, sign_compact
from ..signer import PublicKey, Signer
from .clauses import broken_clauses
from .credential import parse_timestamp
from .did import key_url

TYPES = ("JWT", "vc+jwt")
_CLAIMS = ("iss", "jti", "sub", "nbf", "exp")


def sign_credential(credential: Json, *, signer: Signer) -> str:
    """The credential as compact JWS. `signer.key_id` is one of the keys in the issuer's DID document."""
    payload = {**credential, **_claims_of(credential)}
    kid = key_url(credential["issuer"]["id"], signer.key_id)
    return sign_compact(payload, signer=signer, headers={"typ": "JWT", "kid": kid})


def read_credential(token: str, *, keys: Mapping[str, PublicKey]) -> Json:
    """The credential of a token that one of the keys (by DID URL) signed. Raises NotAuthentic.

    The caller checks expiry and status lists.
    """
    payload, kid = read_compact(token, key_named=keys.get, types=TYPES)
    credential = {name: value for name, value in payload.items() if name not in _CLAIMS}
    broken = broken_clauses(credential)
    if broken:
        raise NotAuthentic(f"Signed, but not an Open Badges 3.0 credential: {broken[0]}")
    claims = {name: payload[name] for name in _CLAIMS if name in payload}
    if claims != _claims_of(credential):
        raise NotAuthentic("The registered claims of the token differ from the credential in it.")
    if kid.partition("#")[0] != claims["iss"]:
        raise NotAuthentic("The key is not one of the issuer's.")
    return credential


def issuer_named_in(token: str) -> str:
    """The DID of which the token says to be signed, without verification. Raises NotAuthentic."""
    try:
        kid = json.loads(from_base64url(token.partition(".")[0]))["kid"]
        return str(kid).partition("#")[0]
    except (ValueError, KeyError, TypeError) as fault:
        raise NotAuthentic("The token has no header that names a key.") from fault


def _claims_of(credential: Json) -> dict[str, Any]:
    claims = {
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "sub": credential["credentialSubject"].get("id"),
        "nbf": _numeric_date(credential["validFrom"]),
    }
    if "validUntil" in credential:
        claims["exp"] = _numeric_date(credential["validUntil"])
    return {name: value for name, value in claims.items() if value is not None}


def _numeric_date(moment: str) -> int:
    return int(parse_timestamp(moment).timestamp())
