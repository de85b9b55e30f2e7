"""Reads a signed skills passport."""

from collections.abc import Mapping

from certificates.jose import Json, NotAuthentic, read_compact
from certificates.passports.signed import _CLAIMS, TYPE, _claims_of
from certificates.signer import PublicKey


def read_passport(token: str, *, keys: Mapping[str, PublicKey]) -> Json:
    """The content of a token that one of the keys (by DID URL) signed. Raises NotAuthentic.

    The caller checks `expires_at`.
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
