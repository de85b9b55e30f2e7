"""Watched coverage: which 5 s buckets of a video a person has watched, and how many of them are credited.

Independent of Django. A bitmap is `bytes`, little-endian: bucket `n` is bit `n % 8` of byte
`n // 8`. Merging is OR, hence idempotent and free of order: a report may come twice, late, or from two devices.

The credit is a token bucket (a rate limit), since a report alone proves nothing. Players play at `TOP_SPEED` at most, so
a person earns `TOP_SPEED` seconds of video for each second of wall time since the unit was opened (and `OPENING_BUCKETS`
at the start), and spends them on *new* buckets only. Unspent credit is kept up to `BURST_BUCKETS`, ten minutes of video:
enough for a phone that was offline and reports late; an idle tab does not save up a whole course. Buckets beyond the
credit are left out, the highest first. They are not lost: players report every bucket that has not been acknowledged,
so the next report adds them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

BUCKET_SECONDS = 5
TOP_SPEED = 2
BURST_BUCKETS = 10 * 60 // BUCKET_SECONDS
# Credit at the start: the last bucket of a video is shorter but counts as a whole one, and a viewer at top speed would
# otherwise have to wait for it.
OPENING_BUCKETS = 1
# Share of the buckets that counts as having watched: closing titles may be skipped.
COMPLETE_PERCENT = 90
# Twelve hours: longer than any lesson, small enough to bound a row.
MOST_BUCKETS = 12 * 3600 // BUCKET_SECONDS


def buckets_of(seconds: float) -> int:
    """Count the buckets of a video of `seconds`; the last one may be short."""
    return -int(-seconds // BUCKET_SECONDS)


def bitmap(buckets: Iterable[int]) -> bytes:
    """Build the bitmap of `buckets`."""
    bits = 0
    for bucket in buckets:
        bits |= 1 << bucket
    return _pack(bits)


def union(one: bytes, other: bytes) -> bytes:
    """Merge two bitmaps."""
    return _pack(_bits(one) | _bits(other))


def count(watched: bytes) -> int:
    """Count the watched buckets."""
    return _bits(watched).bit_count()


def members(watched: bytes) -> list[int]:
    """List the watched buckets, ascending."""
    bits = _bits(watched)
    return [bucket for bucket in range(bits.bit_length()) if bits >> bucket & 1]


def within(watched: bytes, total: int) -> bytes:
    """Drop the buckets at or past `total`: the video was replaced by a shorter one."""
    return _pack(_bits(watched) & ((1 << total) - 1))


def percent(watched: int, total: int) -> int:
    """The covered share in whole percent, rounded down; 0 of a video without length."""
    return watched * 100 // total if total else 0


def is_covered(watched: int, total: int) -> bool:
    """Whether `watched` of `total` buckets counts as having watched the video."""
    return total > 0 and watched * 100 >= total * COMPLETE_PERCENT


@dataclass(frozen=True)
class CreditLimit:
    """How many new buckets may be credited at the instant `at`."""

    buckets: float
    at: datetime

    def replenished(self, now: datetime) -> "CreditLimit":
        """The credit at `now`. A clock that was set back changes nothing."""
        elapsed = max(0.0, (now - self.at).total_seconds())
        earned = self.buckets + elapsed * TOP_SPEED / BUCKET_SECONDS
        return CreditLimit(buckets=min(earned, BURST_BUCKETS), at=max(now, self.at))


def credit(watched: bytes, reported: Iterable[int], credit_limit: CreditLimit) -> tuple[bytes, CreditLimit]:
    """Add to `watched` as many of the `reported` buckets as `credit_limit` covers, lowest first.

    Buckets already watched cost nothing. Returns the merged bitmap and the remaining credit.
    """
    seen = _bits(watched)
    fresh = sorted({bucket for bucket in reported if not seen >> bucket & 1})
    believed = fresh[: int(credit_limit.buckets)]
    left = CreditLimit(buckets=credit_limit.buckets - len(believed), at=credit_limit.at)
    return union(watched, bitmap(believed)), left


def _bits(watched: bytes) -> int:
    return int.from_bytes(watched, "little")


def _pack(bits: int) -> bytes:
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")
