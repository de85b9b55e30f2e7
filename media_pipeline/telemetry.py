"""Parses and checks the batches that players report, one for each half minute of watching. Free of Django.

A batch is one JSON object::

    {"session": "k3J…22 characters", "number": 0, "elapsed": 30000, "plays": [[0, 1], [1, 2]],
     "rungs": {"240p": 28000}, "stalls": {"count": 1, "milliseconds": 1200}, "start": 1800, "bytes": 812345}

`session` is a random id of one page view, `number` counts its batches from 0: the two make a batch
unique, so that one sent twice is counted once. All times are whole milliseconds of the viewer's clock: `elapsed` the
time the batch covers, `rungs` the playing time of each quality, `stalls` the waits in the middle, `start` the wait
between pressing play and the first picture (null where play was not pressed). `plays` are the 5 s buckets of the video
that were played, ascending, and how often each.

Whole numbers only: sums of them do not depend on the order in which batches arrive.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

BUCKET_SECONDS = 5
TOP_SPEED = 2
# A player reports a bucket as played after 4 of its 5 seconds.
LEAST_PLAYED_MS = 4_000
MOST_BYTES = 8_192
# Batches of half a minute for more than the 6 hours an address is valid.
MOST_BATCHES = 2_000
# Browsers wake a hidden page once a minute; five minutes allow for a very slow phone.
MOST_ELAPSED_MS = 300_000
MOST_STALLS = 200
MOST_START_MS = 3_600_000
MOST_TRANSFERRED = 1_000_000_000
# The clock of a page is not exact, and a bucket may end just after the batch before it was closed.
SLACK_MS = 2_000
KEYS = frozenset({"session", "number", "elapsed", "plays", "rungs", "stalls", "start", "bytes"})
SESSION = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)
# The upper bounds of the histogram of start times; the last slot is open.
START_SLOTS_MS = (1_000, 2_000, 5_000, 10_000, 30_000)
# A video watched to this share counts as watched to the end: the rest is credits.
END_SHARE = 0.95


class BatchRefused(ValueError):
    """The batch is impossible; the text says why, for the log and for developers of players."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One report, consistent in itself; `require_possible_for` checks it against the video."""

    session: str
    number: int
    elapsed: int
    plays: Mapping[int, int]
    renditions: Mapping[str, int] = field(default_factory=dict)
    stalls: int = 0
    stalled: int = 0
    start: int | None = None
    transferred: int = 0

    @classmethod
    def from_json(cls, body: bytes) -> Self:
        """Read a batch. Raises BatchRefused."""
        facts = _object(body)
        stalls = facts["stalls"]
        if not isinstance(stalls, dict) or stalls.keys() != {"count", "milliseconds"}:
            raise BatchRefused("stalls must be an object of count and milliseconds")
        if not isinstance(facts["session"], str) or not SESSION.fullmatch(facts["session"]):
            raise BatchRefused("session must be 22 characters of base64url")
        elapsed = _whole(facts["elapsed"], "elapsed", MOST_ELAPSED_MS)
        start = facts["start"]
        batch = cls(
            session=facts["session"],
            number=_whole(facts["number"], "number", MOST_BATCHES - 1),
            elapsed=elapsed,
            plays=_plays(facts["plays"]),
            renditions=_renditions(facts["rungs"]),
            stalls=_whole(stalls["count"], "stalls.count", MOST_STALLS),
            stalled=_whole(stalls["milliseconds"], "stalls.milliseconds", elapsed + SLACK_MS),
            start=None if start is None else _whole(start, "start", MOST_START_MS),
            transferred=_whole(facts["bytes"], "bytes", MOST_TRANSFERRED),
        )
        batch._require_possible_times()
        return batch

    def _require_possible_times(self) -> None:
        """Refuse more playing time than passed."""
        if sum(self.renditions.values()) + self.stalled > self.elapsed + SLACK_MS:
            raise BatchRefused("playing and waiting take longer than the time that passed")
        played = sum(self.plays.values()) * LEAST_PLAYED_MS
        # Two more: one was nearly whole when the batch began, and the last bucket of a video may be short.
        if played > self.elapsed * TOP_SPEED + 2 * LEAST_PLAYED_MS:
            raise BatchRefused("more was played than fits into the time that passed")

    def require_possible_for(self, *, seconds: float, renditions: set[str]) -> None:
        """Check the batch against a video of `seconds` with these qualities. Raises BatchRefused."""
        if any(bucket >= buckets_of(seconds) for bucket in self.plays):
            raise BatchRefused("the video is shorter than that")
        if not self.renditions.keys() <= renditions:
            raise BatchRefused("the video has no such quality")


def buckets_of(seconds: float) -> int:
    """Count the buckets of a video of `seconds`; the last one may be short."""
    return max(1, -int(-seconds // BUCKET_SECONDS))


def end_bucket(seconds: float) -> int:
    """The bucket whose playing counts as watched to the end."""
    return min(buckets_of(seconds) - 1, int(seconds * END_SHARE // BUCKET_SECONDS))


def start_slot(milliseconds: int) -> int:
    """The place in START_SLOTS_MS of a start; its length for the longest ones."""
    return sum(milliseconds >= end for end in START_SLOTS_MS)


def _object(body: bytes) -> dict[str, Any]:
    if len(body) > MOST_BYTES:
        raise BatchRefused(f"at most {MOST_BYTES} bytes are read")
    try:
        facts = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BatchRefused("this is not JSON") from error
    if not isinstance(facts, dict) or facts.keys() != KEYS:
        raise BatchRefused(f"the keys must be {', '.join(sorted(KEYS))}")
    return facts


def _refuse_constant(constant: str) -> None:
    raise ValueError(constant)


def _whole(value: Any, name: str, most: int) -> int:
    # `True` is an int in Python, but not a number in JSON.
    if type(value) is not int or not 0 <= value <= most:
        raise BatchRefused(f"{name} must be a whole number from 0 to {most}")
    return value


def _plays(pairs: Any) -> dict[int, int]:
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise BatchRefused("plays must be a list of pairs")
    most = MOST_ELAPSED_MS * TOP_SPEED // LEAST_PLAYED_MS + 2
    plays = {_whole(bucket, "bucket", 100_000): _whole(times, "times", most) for bucket, times in pairs}
    if len(plays) != len(pairs) or list(plays) != sorted(plays) or 0 in plays.values():
        raise BatchRefused("plays must name each bucket once, ascending, and at least one play of it")
    return plays


def _renditions(shares: Any) -> dict[str, int]:
    if not isinstance(shares, dict) or len(shares) > 12:
        raise BatchRefused("rungs must be an object of at most 12 qualities")
    if not all(re.fullmatch(r"[a-z0-9-]{1,12}", name, re.ASCII) for name in shares):
        raise BatchRefused("rungs must be named as the renditions are")
    return {name: _whole(time, "rungs", MOST_ELAPSED_MS + SLACK_MS) for name, time in shares.items()}
