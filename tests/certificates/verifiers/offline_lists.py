"""Reads the cached status list of a device."""

import zlib
from collections.abc import Callable, Collection
from datetime import UTC, datetime

from certificates.jose import NotAuthentic
from certificates.offline.status_list import (
    _PER_BYTE,
    KIND,
    MAXIMUM,
    OfflineStatus,
    OfflineStatusList,
    _bytes_for,
)
from certificates.signer import PublicKey
from tests.certificates.verifiers.messages import read_message


def read_offline_list(
    sealed: bytes, *, keys_named: Callable[[bytes], Collection[PublicKey]]
) -> OfflineStatusList:
    """The status of every certificate, of a signed list. Raises NotAuthentic."""
    message, _key = read_message(sealed, keys_named=keys_named, kind=KIND)
    try:
        issued_at, next_update, size, packed = (message[key] for key in (1, 2, 3, 4))
        bits = _unpacked(packed, _bytes_for(size)) if 0 <= size <= MAXIMUM else b""
        moments = [datetime.fromtimestamp(seconds, UTC) for seconds in (issued_at, next_update)]
    except (KeyError, TypeError, ValueError, OverflowError, OSError, zlib.error) as fault:
        raise NotAuthentic("Signed, but not a status list.") from fault
    if len(message) != 4 or len(bits) != _bytes_for(size):
        raise NotAuthentic("Signed, but not a status list.")
    marked = {
        index: OfflineStatus(status)
        for place, byte in enumerate(bits)
        if byte
        for index in range(place * _PER_BYTE, min((place + 1) * _PER_BYTE, size))
        if (status := byte >> 6 - 2 * (index % _PER_BYTE) & 3)
    }
    return OfflineStatusList(issued_at=moments[0], next_update=moments[1], size=size, marked=marked)


def _unpacked(packed: bytes, length: int) -> bytes:
    unpacker = zlib.decompressobj()
    content = unpacker.decompress(packed, length + 1)
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("The bits are longer than the list, or cut off.")
    return content
