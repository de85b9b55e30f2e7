"""A skills passport as compact JWS (RFC 7515): the content, with the registered claims of RFC 7519 that say the same."""

import json
from typing import Any

from ..jose import Json, sign_compact
from ..openbadges.credential import parse_timestamp
from ..openbadges.did import key_url
from ..signer import Signer

# RFC 8725, 3.11: a token of ours for another purpose is not accepted as a passport.
TYPE = "skills-passport+jwt"
FILE_NAME = "skills-passport.json"
_CLAIMS = ("iss", "jti", "iat", "exp")


def sign_passport(content: Json, *, signer: Signer) -> str:
    """The passport as compact JWS; `kid` is the DID URL of the key."""
    kid = key_url(content["issuer"]["id"], signer.key_id)
    return sign_compact({**content, **_claims_of(content)}, signer=signer, headers={"typ": TYPE, "kid": kid})


def passport_file(content: Json, token: str) -> bytes:
    """The file for download: the content for people and programs to read, and its signed form for verifiers."""
    whole = {"$schema": content["$schema"], "passport": content, "jws": token}
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def _claims_of(content: Json) -> dict[str, Any]:
    return {
        "iss": content["issuer"]["id"],
        "jti": content["id"],
        "iat": int(parse_timestamp(content["made_at"]).timestamp()),
        "exp": int(parse_timestamp(content["expires_at"]).timestamp()),
    }
