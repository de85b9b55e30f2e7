"""Token buckets: the rate limit of one member for one kind of command."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, then one every `seconds`."""

    burst: int
    seconds: float


class TokenBuckets:
    """Buckets by key, shared by all sockets of a member; full ones are dropped."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # A bucket is the time at which it will be full again (the "virtual scheduling" form of GCRA, ITU-T I.371).
        self._full_at: dict[Hashable, float] = {}

    def consume(self, key: Hashable, rate: Rate) -> float:
        """Take one token. Return 0.0, or the seconds to wait when there is none."""
        now = self._clock()
        full_at = max(self._full_at.get(key, now), now) + rate.seconds
        wait = full_at - now - rate.burst * rate.seconds
        if wait > 1e-9:
            return wait
        self._full_at[key] = full_at
        return 0.0

    def discard_full(self) -> None:
        now = self._clock()
        self._full_at = {key: full_at for key, full_at in self._full_at.items() if full_at > now}
