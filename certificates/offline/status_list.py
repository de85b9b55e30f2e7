"""The offline status list: two bits for each certificate, compressed, signed and dated.

A list answers until `next_update`; after that a verifier says "not known since", never
"valid". Revocation and replacement are permanent, so an old list is still trusted for them.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from ..signer import Signer
from .cose import sign_message

KIND = "mihna-status"
MAXIMUM = 4_000_000
_ISSUED_AT, _NEXT_UPDATE, _SIZE, _BITS = 1, 2, 3, 4
_PER_BYTE = 4


class OfflineStatus(IntEnum):
    """The two bits of a certificate."""

    GOOD = 0
    REVOKED = 1
    SUSPENDED = 2
    REPLACED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineStatusList:
    """`size` entries from 0; `marked` are those that are not good. Times to the second, in UTC."""

    issued_at: datetime
    next_update: datetime
    size: int
    marked: Mapping[int, OfflineStatus]

    def __getitem__(self, index: int) -> OfflineStatus:
        """Raises IndexError outside the list: it was made before that certificate."""
        if not 0 <= index < self.size:
            raise IndexError(f"The list has no place {index}.")
        return self.marked.get(index, OfflineStatus.GOOD)

    def sign(self, *, signer: Signer) -> bytes:
        """The list as signed CBOR. The signer's key is P-256. Raises IndexError for a mark outside the list."""
        bits = bytearray(_bytes_for(self.size))
        for index, status in self.marked.items():
            if not 0 <= index < self.size:
                raise IndexError(f"The list has no place {index}.")
            bits[index // _PER_BYTE] |= status << 6 - 2 * (index % _PER_BYTE)
        message = {
            _ISSUED_AT: int(self.issued_at.timestamp()),
            _NEXT_UPDATE: int(self.next_update.timestamp()),
            _SIZE: self.size,
            _BITS: zlib.compress(bytes(bits), 9),
        }
        return sign_message(message, signer=signer, kind=KIND)


def _bytes_for(size: int) -> int:
    return -(-size // _PER_BYTE)
