"""Which credentials are revoked or suspended: W3C Bitstring Status List 1.0.

A list has one purpose and at least 131,072 entries, so that a request for it does not reveal which credential is checked.
"""

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..jose import Json, sign_compact
from ..signer import Signer
from .credential import VC_CONTEXT, StatusPurpose, timestamp
from .did import key_url
from .multibase import multibase64url

MINIMUM = 131_072
# Lists do not grow: further certificates get new lists. This bounds what a reader unpacks.
MAXIMUM = MINIMUM * 64
TIME_TO_LIVE = timedelta(minutes=5)
_TYPE = "vc+jwt"


class StatusBits:
    """The bits of one list; index 0 is the left-most bit of the first byte (3.3)."""

    def __init__(self, size: int = MINIMUM) -> None:
        """Raises ValueError for a size that is below the minimum, over the maximum or no multiple of 8."""
        if not MINIMUM <= size <= MAXIMUM or size % 8:
            raise ValueError(f"A status list has {MINIMUM} to {MAXIMUM} places, a multiple of 8.")
        self._bytes = bytearray(size // 8)

    def __len__(self) -> int:
        return len(self._bytes) * 8

    def __getitem__(self, index: int) -> bool:
        byte, mask = self._place(index)
        return bool(self._bytes[byte] & mask)

    def __setitem__(self, index: int, is_set: bool) -> None:
        byte, mask = self._place(index)
        self._bytes[byte] = self._bytes[byte] | mask if is_set else self._bytes[byte] & ~mask

    def encode(self) -> str:
        """Multibase base64url of the gzip; equal bits have equal text."""
        return multibase64url(gzip.compress(bytes(self._bytes), mtime=0))

    @staticmethod
    def of(indexes: Iterable[int], *, size: int = MINIMUM) -> "StatusBits":
        """A list with these bits set."""
        bits = StatusBits(size)
        for index in indexes:
            bits[index] = True
        return bits

    def _place(self, index: int) -> tuple[int, int]:
        if not 0 <= index < len(self):
            raise IndexError(f"The list has no place {index}.")
        return index // 8, 0x80 >> index % 8


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusList:
    """A list as published: at `url`, by `issuer` (a DID), true from `issued_at` until `valid_until`."""

    url: str
    issuer: str
    purpose: StatusPurpose
    bits: StatusBits
    issued_at: datetime
    valid_until: datetime


def build_status_list(status_list: StatusList) -> Json:
    """The Bitstring Status List credential (2.2), not yet signed."""
    return {
        "@context": [VC_CONTEXT],
        "id": status_list.url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": status_list.issuer,
        "validFrom": timestamp(status_list.issued_at),
        "validUntil": timestamp(status_list.valid_until),
        "credentialSubject": {
            "id": f"{status_list.url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": status_list.purpose.value,
            "encodedList": status_list.bits.encode(),
            "ttl": TIME_TO_LIVE // timedelta(milliseconds=1),
        },
    }


def sign_status_list(status_list: StatusList, *, signer: Signer) -> str:
    """The list as compact JWS (Securing Verifiable Credentials using JOSE and COSE, 3.1)."""
    kid = key_url(status_list.issuer, signer.key_id)
    claims = {"iss": status_list.issuer, "exp": int(status_list.valid_until.timestamp())}
    payload = {**build_status_list(status_list), **claims}
    return sign_compact(payload, signer=signer, headers={"typ": _TYPE, "kid": kid})
