"""Reads a Bitstring Status List, and asks it about a credential."""

import zlib
from collections.abc import Mapping
from datetime import datetime

from certificates.jose import Json, NotAuthentic, from_base64url, read_compact
from certificates.openbadges.credential import StatusPurpose, parse_timestamp
from certificates.openbadges.status_list import _TYPE, MAXIMUM, StatusBits, StatusList
from certificates.signer import PublicKey


def read_status_list(token: str, *, keys: Mapping[str, PublicKey], now: datetime) -> StatusList:
    """The list of a token that one of the keys (by DID URL) signed and that is still true. Raises NotAuthentic."""
    payload, kid = read_compact(token, key_named=keys.get, types=(_TYPE,))
    try:
        subject = payload["credentialSubject"]
        status_list = StatusList(
            url=payload["id"],
            issuer=payload["issuer"],
            purpose=StatusPurpose(subject["statusPurpose"]),
            bits=decode_bits(subject["encodedList"]),
            issued_at=parse_timestamp(payload["validFrom"]),
            valid_until=parse_timestamp(payload["validUntil"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise NotAuthentic("Signed, but not a status list.") from fault
    if (
        "BitstringStatusListCredential" not in payload.get("type", [])
        or kid.partition("#")[0] != status_list.issuer
    ):
        raise NotAuthentic("Signed, but not a status list of this issuer.")
    if not status_list.issued_at <= now < status_list.valid_until:
        raise NotAuthentic("The status list is not of this time.")
    return status_list


def set_statuses(credential: Json, *, lists: Mapping[str, StatusList]) -> set[StatusPurpose]:
    """What the lists (by address) say against the credential. Raises NotAuthentic where they do not answer (3.2)."""
    entries = credential.get("credentialStatus", [])
    found = set()
    for entry in entries if isinstance(entries, list) else [entries]:
        status_list = lists.get(entry["statusListCredential"])
        if status_list is None or status_list.purpose != entry["statusPurpose"]:
            raise NotAuthentic(f"There is no list of {entry['statusPurpose']} at hand for this credential.")
        if status_list.issuer != credential["issuer"]["id"]:
            raise NotAuthentic("Somebody else's list says nothing about this credential.")
        index = int(entry["statusListIndex"])
        if index >= len(status_list.bits):
            raise NotAuthentic("The list ends before this credential.")
        if status_list.bits[index]:
            found.add(status_list.purpose)
    return found


def decode_bits(text: str) -> StatusBits:
    """The bits of an encoded list. Raises NotAuthentic for what is no list, too short, or would unpack to more than the maximum."""
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        content = unpacker.decompress(from_multibase64url(text), MAXIMUM // 8 + 1)
    except zlib.error as fault:
        raise NotAuthentic("The list is no gzip.") from fault
    if not unpacker.eof or unpacker.unused_data:
        raise NotAuthentic("The list is longer than any of ours, or cut off.")
    try:
        bits = StatusBits(len(content) * 8)
    except ValueError as fault:
        raise NotAuthentic(str(fault)) from fault
    bits._bytes[:] = content
    return bits


def from_multibase64url(text: str) -> bytes:
    """Raises NotAuthentic."""
    if not text.startswith("u"):
        raise NotAuthentic("This is not multibase base64url.")
    return from_base64url(text[1:])
