"""Reads the cached key set of a device, as `lms/assets/js/verify/keys.js` does."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from certificates.jose import Json, NotAuthentic, from_base64url, read_compact
from certificates.offline.cose import short_kid
from certificates.offline.key_set import ROLLOVER_TYPE, TYPE, KeySet, OfflineKey, _kid
from certificates.openbadges.credential import parse_timestamp
from certificates.signer import PublicKey
from tests.certificates.verifiers.keys import key_of


class UntrustedKeys(NotAuthentic):
    """The set is not signed by a trusted key, nor by one that a trusted key introduced: the device has to start again."""


def read_key_set(token: str, *, known: KeySet | None = None, rollovers: Iterable[str] = ()) -> KeySet:
    """The set of a token. Without a known one it only has to be signed by a key of its own.

    `rollovers` are introductions, the oldest first. Raises NotAuthentic, UntrustedKeys where the signer is none of
    the known and none they introduced.
    """
    if known is None:
        claimed = _unverified(token)
        known_keys, oldest = trusted_in(claimed), claimed.issued_at
    else:
        known_keys, oldest = _with_introduced_keys(known, rollovers), known.issued_at
        if _signer_name(token) not in known_keys:
            raise UntrustedKeys("This set is signed by a key that is not published in the one at hand.")
    document, _name = read_compact(token, key_named=known_keys.get, types=(TYPE,))
    key_set = _key_set(document)
    if key_set.issued_at < oldest:
        raise NotAuthentic("This set of keys is older than the one at hand.")
    return key_set


def named_in(key_set: KeySet) -> Callable[[bytes], Collection[PublicKey]]:
    """Finds the keys with a short name, whatever became of them."""
    return lambda kid: [key.public_key for key in key_set.keys if short_kid(key.public_key) == kid]


def trusted_in(key_set: KeySet) -> Mapping[str, PublicKey]:
    """The keys that may sign the next set, by their name in it."""
    return {_kid(key.public_key): key.public_key for key in key_set.keys if key.compromised_at is None}


def _with_introduced_keys(known: KeySet, rollovers: Iterable[str]) -> Mapping[str, PublicKey]:
    """The keys that a known set trusts, and those they introduced. Introductions are of any age: they only add keys."""
    trusted = dict(trusted_in(known))
    stolen = {_kid(key.public_key) for key in known.keys if key.compromised_at is not None}
    for token in rollovers:
        try:
            document, _name = read_compact(token, key_named=trusted.get, types=(ROLLOVER_TYPE,))
            [replacement] = _read([document["key"]])
        except (NotAuthentic, KeyError, TypeError, ValueError):
            # Of before this device knew us, or after its chain ended.
            continue
        name = _kid(replacement.public_key)
        if name not in stolen:
            trusted.setdefault(name, replacement.public_key)
    return trusted


def _signer_name(token: str) -> str | None:
    """The key that a token says it is signed by. Raises NotAuthentic for what is no set of keys."""
    try:
        header = json.loads(from_base64url(token.split(".", maxsplit=1)[0]))
    except ValueError as fault:
        raise NotAuthentic("This is not a set of keys.") from fault
    return header.get("kid") if isinstance(header, dict) and header.get("typ") == TYPE else None


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
