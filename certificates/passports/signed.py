"""A skills passport as compact JWS (RFC 7515): the content beside the registered claims of RFC 7519 that say the same."""

import json
from collections.abc import Mapping
from typing import Any

from ..jose import Json, NotAuthentic, read_compact, sign_compact
from ..openbadges.credential import parse_timestamp
from ..openbadges.did import key_url
from ..signer import PublicKey, Signer

# RFC 8725, 3.11: a token of ours for something else is never read as a passport.
TYPE = "skills-passport+jwt"
FILE_NAME = "skills-passport.json"
_CLAIMS = ("iss", "jti", "iat", "exp")


def sign_passport(content: Json, *, signer: Signer) -> str:
    """The passport as compact JWS; `kid` is the DID URL of the key."""
    kid = key_url(content["issuer"]["id"], signer.key_id)
    return sign_compact({**content, **_claims_of(content)}, signer=signer, headers={"typ": TYPE, "kid": kid})


def read_passport(token: str, *, keys: Mapping[str, PublicKey]) -> Json:
    """The content of a token that one of the keys (by DID URL) signed. Raises NotAuthentic.

    Whether it is past its time is for whoever knows the time: `expires_at` says it.
    """
    payload, kid = read_compact(token, key_named=keys.get, types=(TYPE,))
    content = {name: value for name, value in payload.items() if name not in _CLAIMS}
    try:
        claims = _claims_of(content)
    except (KeyError, TypeError, ValueError) as fault:
        raise NotAuthentic("Signed, but not a skills passport.") from fault
    if claims != {name: payload.get(name) for name in _CLAIMS}:
        raise NotAuthentic("The claims of the token and the passport in it say different things.")
    if kid.partition("#")[0] != claims["iss"]:
        raise NotAuthentic("The key is not one of the issuer's.")
    return content


def passport_file(content: Json, token: str) -> bytes:
    """The file for download: the content for people and programs to read, and its signed form for those who check."""
    whole = {"$schema": content["$schema"], "passport": content, "jws": token}
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def _claims_of(content: Json) -> dict[str, Any]:
    return {
        "iss": content["issuer"]["id"],
        "jti": content["id"],
        "iat": int(parse_timestamp(content["made_at"]).timestamp()),
        "exp": int(parse_timestamp(content["expires_at"]).timestamp()),
    }
