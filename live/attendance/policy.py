"""How heartbeats become attendance. The rule is data with a version; it is frozen into the session it decided.

Version 1 counted minutes alone. Version 2 forgives a short silence of a client that reconnected, confirmed what it had missed
and stayed, and asks for an answer now and then. Version 3 counts only what was held of the plan: neither what was open before it
or after it, nor a class that was open for too few of its minutes. A frozen policy without the newer fields is read as it was: without them.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from courses.enums import AttendanceStatus


@dataclass(frozen=True, slots=True)
class Return:
    """A device sent no heartbeat for `silent` seconds, then reconnected `came` seconds after the room opened and was sent the missed events."""

    came: float
    silent: float


@dataclass(frozen=True, slots=True)
class AttendancePolicy:
    """A minute counts when enough of its heartbeats came; a person is present for enough of the minutes held.

    The time a room was open is divided into whole beats of `beat_seconds`, four a minute. The last minute may hold
    fewer beats; the same share of them is required.
    """

    version: int
    beat_seconds: int
    beats_per_minute: int
    # Of the beats a minute holds: two of four.
    minute_share: float
    # Of the minutes the room was open.
    present_share: float
    late_share: float
    # The longest silence that is forgiven; 0 forgives none.
    bridge_seconds: int = 0
    # Of the presence checks asked; one check in this many minutes, open for so many seconds. 0 asks none.
    checks_share: float = 0.0
    check_minutes: int = 0
    check_seconds: int = 0
    # After the class; then the record is frozen.
    objection_days: int = 7
    # Only minutes between the planned start and the planned end are held.
    is_of_plan: bool = False
    # A class of which fewer minutes were held, and fewer than half of the planned ones, counts for no one.
    least_minutes: int = 0

    def held_beats(self, seconds: float) -> int:
        """Whole beats in `seconds` of open room; a room that opened at all held one."""
        return max(1, int(seconds // self.beat_seconds))

    def held_minutes(self, seconds: float, *, lead: float = 0) -> int:
        """Minutes held in `seconds` of open room, of which the first `lead` seconds do not count."""
        return max(0, -(-self.held_beats(seconds) // self.beats_per_minute) - _whole_minutes(lead))

    def is_held(self, minutes: int, *, planned: int) -> bool:
        """Whether `minutes` of a class planned for `planned` minutes are enough to say who attended it."""
        return minutes > 0 and minutes >= min(self.least_minutes, planned // 2)

    def place(self, seconds: float) -> tuple[int, int]:
        """Give (minute, bit of the beat in it) of a heartbeat `seconds` after the room opened."""
        minute, beat = divmod(int(seconds // self.beat_seconds), self.beats_per_minute)
        return minute, 1 << beat

    def minutes_counted(self, beats: Iterable[tuple[int, int]], *, seconds: float, lead: float = 0) -> int:
        """Count the minutes of (minute, beat bits) rows of one person: a union over devices, clipped to `lead` and `seconds`."""
        held = self.held_beats(seconds)
        union: dict[int, int] = defaultdict(int)
        for minute, bits in beats:
            if minute >= _whole_minutes(lead):
                union[minute] |= bits
        counted = 0
        for minute, bits in union.items():
            possible = min(self.beats_per_minute, held - minute * self.beats_per_minute)
            if possible > 0 and (bits & ((1 << possible) - 1)).bit_count() >= possible * self.minute_share:
                counted += 1
        return counted

    def bridges(
        self,
        beats: Iterable[tuple[int, int]],
        returns: Iterable[Return],
        *,
        seconds: float,
        is_over: bool = True,
    ) -> list[tuple[int, int]]:
        """Give the (minute, beat bits) rows forgiven to *one* device, to be counted together with its own.

        A silence is bridged when it was short, ended by a return, and the device then stayed as long again (or to the
        end of a class that `is_over`). Device by device, so that a second device can never undo a bridge of the first.
        """
        heard = {
            minute * self.beats_per_minute + beat
            for minute, bits in beats
            for beat in range(self.beats_per_minute)
            if bits >> beat & 1
        }
        forgiven: list[tuple[int, int]] = []
        for back in returns:
            if not 0 < back.silent <= self.bridge_seconds:
                continue
            if self._has_stayed(heard, back, seconds=seconds, is_over=is_over):
                start = max(0.0, back.came - back.silent)
                for place in range(self._quarter(start) + 1, self._quarter(back.came) + 1):
                    minute, beat = divmod(place, self.beats_per_minute)
                    forgiven.append((minute, 1 << beat))
        return forgiven

    def _quarter(self, seconds: float) -> int:
        return int(seconds // self.beat_seconds)

    def _has_stayed(self, heard: set[int], back: Return, *, seconds: float, is_over: bool) -> bool:
        first, until, last_held = (
            self._quarter(back.came),
            self._quarter(back.came + back.silent),
            self.held_beats(seconds) - 1,
        )
        if until > last_held:
            if not is_over:
                return False
            until = last_held
        # A timer drifts: one quarter without a beat between two that have one is no absence.
        missed = 0
        for place in range(first, until + 1):
            missed = 0 if place in heard else missed + 1
            if missed > 1:
                return False
        return until in heard or until + 1 in heard or until == last_held

    def check_windows(self, seconds: float) -> list[tuple[float, float]]:
        """Spans of a class of `seconds` in each of which one presence check begins; none where it is too short.

        A check ends within its own span, so two are never open at once and the last is over before the class is.
        """
        length = self.check_minutes * 60
        if not length:
            return []
        return [
            (number * length, (number + 1) * length - self.check_seconds)
            for number in range(int(seconds // length))
        ]

    def status(self, *, minutes: int, held: int, answered: int = 0, asked: int = 0) -> AttendanceStatus:
        """Raises ValueError for a class of which nothing was held: no one attended it or missed it."""
        if not held:
            raise ValueError("nothing was held")
        if minutes >= held * self.present_share and self.has_answered(answered, asked):
            return AttendanceStatus.PRESENT
        if minutes >= held * self.late_share:
            return AttendanceStatus.LATE
        return AttendanceStatus.ABSENT

    def has_answered(self, answered: int, asked: int) -> bool:
        # Whole numbers would be exact; two thirds as a float is a hair above or below.
        return answered >= asked * self.checks_share - 1e-9

    def frozen(self) -> dict[str, Any]:
        return asdict(self)


def _whole_minutes(seconds: float) -> int:
    """Rounded up: of a minute that begins before the plan nothing is asked."""
    return math.ceil(seconds / 60)


FIRST = AttendancePolicy(
    version=1, beat_seconds=15, beats_per_minute=4, minute_share=0.5, present_share=0.75, late_share=0.5
)
CURRENT = replace(
    FIRST,
    version=3,
    bridge_seconds=90,
    checks_share=2 / 3,
    check_minutes=20,
    check_seconds=120,
    is_of_plan=True,
    least_minutes=10,
)


def policy_of(frozen: dict[str, Any] | None) -> AttendancePolicy:
    """The policy a session was decided by, or the current one while it is undecided."""
    return AttendancePolicy(**frozen) if frozen else CURRENT
