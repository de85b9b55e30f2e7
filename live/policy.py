"""How heartbeats become attendance. The rule is data with a version; it is frozen into the session it decided."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from courses.enums import AttendanceStatus


@dataclass(frozen=True, slots=True)
class AttendancePolicy:
    """A minute counts when enough of its heartbeats came; a person is present for enough of the minutes held.

    The time a room was open is cut into whole beats of `beat_seconds`, four to the minute. The last minute may hold
    fewer beats; the same share of them is asked.
    """

    version: int
    beat_seconds: int
    beats_per_minute: int
    # Of the beats a minute holds: two of four.
    minute_share: float
    # Of the minutes the room was open.
    present_share: float
    late_share: float

    def held_beats(self, seconds: float) -> int:
        """Whole beats in `seconds` of open room; a room that opened at all held one."""
        return max(1, int(seconds // self.beat_seconds))

    def held_minutes(self, seconds: float) -> int:
        return -(-self.held_beats(seconds) // self.beats_per_minute)

    def place(self, seconds: float) -> tuple[int, int]:
        """Give (minute, bit of the beat in it) of a heartbeat `seconds` after the room opened."""
        minute, beat = divmod(int(seconds // self.beat_seconds), self.beats_per_minute)
        return minute, 1 << beat

    def minutes_counted(self, beats: Iterable[tuple[int, int]], *, seconds: float) -> int:
        """Count the minutes of (minute, beat bits) rows of one person: a union over devices, clipped to `seconds`."""
        held = self.held_beats(seconds)
        union: dict[int, int] = defaultdict(int)
        for minute, bits in beats:
            union[minute] |= bits
        counted = 0
        for minute, bits in union.items():
            possible = min(self.beats_per_minute, held - minute * self.beats_per_minute)
            if possible > 0 and (bits & ((1 << possible) - 1)).bit_count() >= possible * self.minute_share:
                counted += 1
        return counted

    def status(self, *, minutes: int, held: int) -> AttendanceStatus:
        if minutes >= held * self.present_share:
            return AttendanceStatus.PRESENT
        if minutes >= held * self.late_share:
            return AttendanceStatus.LATE
        return AttendanceStatus.ABSENT

    def frozen(self) -> dict[str, Any]:
        return asdict(self)


CURRENT = AttendancePolicy(
    version=1, beat_seconds=15, beats_per_minute=4, minute_share=0.5, present_share=0.75, late_share=0.5
)


def policy_of(frozen: dict[str, Any] | None) -> AttendancePolicy:
    """The policy a session was decided by, or the current one while it is undecided."""
    return AttendancePolicy(**frozen) if frozen else CURRENT
