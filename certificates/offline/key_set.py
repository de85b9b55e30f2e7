"""The keys that ever signed offline certificates, to be kept at hand: a JSON document, itself signed (JWS).

A verifier takes its first set over TLS from the site. Each later one has to be signed by a key of the set it has that
is not known to be compromised, or by one that such a key introduced (a hand-over, made at each rotation), and may not
be older.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..jose import Json, NotAuthentic, base64url, from_base64url, jwk_of, key_of, read_compact, sign_compact
from ..openbadges.credential import parse_timestamp, timestamp
from ..signer import PublicKey, Signer
from .cose import short_kid

TYPE = "mihna-keys+jwt"
HAND_OVER_TYPE = "mihna-key-hand-over+jwt"


class UntrustedKeys(NotAuthentic):
    """No key at hand signed this set, and none that one of them introduced: whoever holds them has to start anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineKey:
    """A key and its life: it signs from `not_before` until `retired_at`; nothing of a compromised one is believed."""

    public_key: PublicKey
    not_before: datetime
    retired_at: datetime | None = None
    compromised_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySet:
    """All the keys as of `issued_at`."""

    issued_at: datetime
    keys: tuple[OfflineKey, ...]

    def named(self, kid: bytes) -> Collection[PublicKey]:
        """The keys with this short name, whatever became of them."""
        return [key.public_key for key in self.keys if short_kid(key.public_key) == kid]

    def trusted(self) -> Mapping[str, PublicKey]:
        """The keys that may sign the next set, by their name in it."""
        return {_kid(key.public_key): key.public_key for key in self.keys if key.compromised_at is None}

    def seal(self, *, signer: Signer) -> str:
        """The document as compact JWS."""
        document = {"issued_at": timestamp(self.issued_at), "keys": [_json(key) for key in self.keys]}
        return sign_compact(document, signer=signer, headers={"typ": TYPE, "kid": _kid(signer.public_key)})

    @classmethod
    def read(cls, token: str, *, known: "KeySet | None" = None, hand_overs: Iterable[str] = ()) -> "KeySet":
        """The set of a token. Without a known one it only has to be signed by a key of its own.

        `hand_overs` are introductions, the oldest first. Raises NotAuthentic, UntrustedKeys where the signer is none of
        the known and none they introduced.
        """
        if known is None:
            claimed = _unverified(token)
            known_keys, oldest = claimed.trusted(), claimed.issued_at
        else:
            known_keys, oldest = _with_successors(known, hand_overs), known.issued_at
            if _signer_name(token) not in known_keys:
                raise UntrustedKeys("This set is signed by a key that is not published in the one at hand.")
        document, _name = read_compact(token, key_named=known_keys.get, types=(TYPE,))
        key_set = _key_set(document)
        if key_set.issued_at < oldest:
            raise NotAuthentic("This set of keys is older than the one at hand.")
        return key_set


def seal_hand_over(successor: OfflineKey, *, sealed_at: datetime, signer: Signer) -> str:
    """The introduction of the next key by the one before it, as compact JWS."""
    document = {"issued_at": timestamp(sealed_at), "key": _json(successor)}
    headers = {"typ": HAND_OVER_TYPE, "kid": _kid(signer.public_key)}
    return sign_compact(document, signer=signer, headers=headers)


def _with_successors(known: KeySet, hand_overs: Iterable[str]) -> Mapping[str, PublicKey]:
    """The keys that a known set trusts, and those they introduced. Introductions are of any age: they only add keys."""
    trusted = dict(known.trusted())
    stolen = {_kid(key.public_key) for key in known.keys if key.compromised_at is not None}
    for token in hand_overs:
        try:
            document, _name = read_compact(token, key_named=trusted.get, types=(HAND_OVER_TYPE,))
            [successor] = _read([document["key"]])
        except (NotAuthentic, KeyError, TypeError, ValueError):
            # Of before this device knew us, or after its chain ended.
            continue
        name = _kid(successor.public_key)
        if name not in stolen:
            trusted.setdefault(name, successor.public_key)
    return trusted


def _signer_name(token: str) -> str | None:
    """The key that a token says it is signed by. Raises NotAuthentic for what is no set of keys."""
    try:
        header = json.loads(from_base64url(token.split(".", maxsplit=1)[0]))
    except ValueError as fault:
        raise NotAuthentic("This is not a set of keys.") from fault
    return header.get("kid") if isinstance(header, dict) and header.get("typ") == TYPE else None


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


def _unverified(token: str) -> KeySet:
    """What the set says about itself, to find the key that signs it. Nothing else is taken from here."""
    parts = token.split(".")
    if len(parts) != 3:
        raise NotAuthentic("This is not a set of keys.")
    try:
        return _key_set(json.loads(from_base64url(parts[1])))
    except ValueError as fault:
        raise NotAuthentic("This is not a set of keys.") from fault


def _key_set(document: Any) -> KeySet:
    try:
        return KeySet(issued_at=parse_timestamp(document["issued_at"]), keys=tuple(_read(document["keys"])))
    except (KeyError, TypeError, ValueError) as fault:
        raise NotAuthentic("This is not a set of keys.") from fault


def _read(entries: Iterable[Json]) -> Iterable[OfflineKey]:
    for entry in entries:
        key = OfflineKey(
            public_key=key_of(entry["jwk"]),
            not_before=parse_timestamp(entry["not_before"]),
            retired_at=parse_timestamp(entry["retired_at"]) if "retired_at" in entry else None,
            compromised_at=parse_timestamp(entry["compromised_at"]) if "compromised_at" in entry else None,
        )
        if entry["kid"] != _kid(key.public_key):
            raise NotAuthentic("A key of this set has another name than its own.")
        yield key
