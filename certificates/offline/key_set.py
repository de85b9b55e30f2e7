"""The set of all keys that sign or signed offline certificates: a signed JSON document (JWS).

A verifier takes its first set over TLS from the site. Each later one has to be signed by a key of the set it has that
is not known to be compromised, or by one that such a key introduced (a key rollover, at each rotation), and may not
be older.
"""

from dataclasses import dataclass
from datetime import datetime

from ..jose import Json, base64url, jwk_of, sign_compact
from ..openbadges.credential import timestamp
from ..signer import PublicKey, Signer
from .cose import short_kid

TYPE = "mihna-keys+jwt"
ROLLOVER_TYPE = "mihna-key-hand-over+jwt"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineKey:
    """A key and its validity period, from `not_before` until `retired_at`. Signatures of a compromised key are not trusted."""

    public_key: PublicKey
    not_before: datetime
    retired_at: datetime | None = None
    compromised_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySet:
    """All the keys as of `issued_at`."""

    issued_at: datetime
    keys: tuple[OfflineKey, ...]

    def sign(self, *, signer: Signer) -> str:
        """The document as compact JWS."""
        document = {"issued_at": timestamp(self.issued_at), "keys": [_json(key) for key in self.keys]}
        return sign_compact(document, signer=signer, headers={"typ": TYPE, "kid": _kid(signer.public_key)})


def sign_key_rollover(incoming: OfflineKey, *, signed_at: datetime, signer: Signer) -> str:
    """A rollover statement: the previous key introduces the next one, as compact JWS."""
    document = {"issued_at": timestamp(signed_at), "key": _json(incoming)}
    headers = {"typ": ROLLOVER_TYPE, "kid": _kid(signer.public_key)}
    return sign_compact(document, signer=signer, headers=headers)


def _kid(key: PublicKey) -> str:
    return base64url(short_kid(key))


def _json(key: OfflineKey) -> Json:
    moments = {"retired_at": key.retired_at, "compromised_at": key.compromised_at}
    return {
        "kid": _kid(key.public_key),
        "jwk": jwk_of(key.public_key),
        "not_before": timestamp(key.not_before),
        **{name: timestamp(moment) for name, moment in moments.items() if moment},
    }
