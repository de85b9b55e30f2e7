"""A room of one process: who listens, the last events, and when to look into the log."""

import time
from collections import deque
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from live.hub.subscribers import CloseCode, Subscriber


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event of the log, encoded once; `staff_text` is what the staff is told where that differs.

    `hides` = (sequence number, new text) of an earlier event that must no longer be replayed as it was;
    `expels` = the member whose sockets it closes; `ends` = it closes the whole room.
    """

    seq: int
    text: str
    staff_text: str | None = None
    hides: tuple[int, str] | None = None
    expels: Hashable = None
    ends: bool = False


def shared_frame(text: str) -> dict[str, Any]:
    """One ASGI event for many sockets. `wire` is for a server that can keep there what it makes of the text."""
    return {"type": "websocket.send", "text": text, "wire": None}


def frame_of(events: Iterable[LoggedEvent], *, for_staff: bool = False) -> dict[str, Any]:
    """What a socket is sent of `events`."""
    texts = ",".join((for_staff and event.staff_text) or event.text for event in events)
    return shared_frame(f'{{"type":"events","events":[{texts}]}}')


class Room:
    def __init__(self, room_id: Hashable, *, ring: int, busy_events: int) -> None:
        self.id = room_id
        self.subscribers: set[Subscriber] = set()
        # Sequence number of the last event delivered here; None until the first member told it.
        self.last: int | None = None
        self.ring: deque[LoggedEvent] = deque(maxlen=ring)
        self.is_pulling = False
        self.must_look_again = False
        self._recent: deque[float] = deque(maxlen=busy_events)

    @property
    def is_busy(self) -> bool:
        """More than the agreed number of events in the last second: worth batching."""
        return len(self._recent) == self._recent.maxlen and time.monotonic() - self._recent[0] < 1.0

    def holds_all_after(self, seq: int) -> bool:
        """Whether every event after `seq` that was delivered here is still in the ring."""
        return self.last is not None and (seq >= self.last or bool(self.ring and self.ring[0].seq <= seq + 1))

    def deliver(self, events: list[LoggedEvent]) -> None:
        """Give `events`, dense and later than `last`, to everyone who listens."""
        now = time.monotonic()
        for event in events:
            self._recent.append(now)
            if event.hides:
                self._hide(*event.hides)
            self.ring.append(event)
        first, self.last = events[0].seq, events[-1].seq
        frame = staff_frame = frame_of(events)
        if any(event.staff_text for event in events):
            staff_frame = frame_of(events, for_staff=True)
        for subscriber in list(self.subscribers):
            if not subscriber.is_live or subscriber.after >= self.last:
                continue
            if subscriber.after < first:
                mine = staff_frame if subscriber.is_staff else frame
                subscriber.hand_over(mine, last=self.last, events=len(events))
            else:
                due = [event for event in events if event.seq > subscriber.after]
                mine = frame_of(due, for_staff=subscriber.is_staff)
                subscriber.hand_over(mine, last=self.last, events=len(due))
        self._enforce(events)

    def _hide(self, seq: int, text: str) -> None:
        for index, event in enumerate(self.ring):
            if event.seq == seq:
                self.ring[index] = LoggedEvent(seq=seq, text=text)

    def _enforce(self, events: list[LoggedEvent]) -> None:
        expelled = {event.expels for event in events if event.expels is not None}
        has_ended = any(event.ends for event in events)
        if not expelled and not has_ended:
            return
        for subscriber in list(self.subscribers):
            if subscriber.member in expelled:
                subscriber.cut(CloseCode.NOT_ADMITTED)
            elif has_ended:
                subscriber.cut(CloseCode.ENDED)
