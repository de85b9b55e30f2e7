"""A room of one process: its subscribers, the last events, and when to read the log."""

import time
from collections import deque
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from live.hub.subscribers import CloseCode, Subscriber


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event of the log, encoded once for all recipients of the same text.

    `text` is for everyone; `staff_text` is for staff and `private_texts` for single members where they differ. Members of
    a group share one text. The recipients belong to the event and not to the socket, so that a replay sends the same as the
    delivery did.
    `hides` = an earlier event as it has to be replayed from now on; `expels` = the member whose sockets it closes;
    `ends` = it closes the whole room.
    """

    seq: int
    text: str
    staff_text: str | None = None
    private_texts: Mapping[Hashable, str] | None = None
    hides: "LoggedEvent | None" = None
    expels: Hashable = None
    ends: bool = False

    def text_for(self, member: Hashable, *, is_staff: bool) -> str:
        if is_staff and self.staff_text:
            return self.staff_text
        return self.private_texts.get(member, self.text) if self.private_texts else self.text


def shared_frame(text: str) -> dict[str, Any]:
    """One ASGI event for many sockets. `wire` is for a server that can keep there what it makes of the text."""
    return {"type": "websocket.send", "text": text, "wire": None}


def frame_of(
    events: Iterable[LoggedEvent], *, member: Hashable = None, is_staff: bool = False
) -> dict[str, Any]:
    """The frame of `events` for one socket."""
    texts = ",".join(event.text_for(member, is_staff=is_staff) for event in events)
    return shared_frame(f'{{"type":"events","events":[{texts}]}}')


class Room:
    def __init__(self, room_id: Hashable, *, ring: int, busy_events: int) -> None:
        self.id = room_id
        self.subscribers: set[Subscriber] = set()
        # Sequence number of the last event delivered here; None until the first member has joined with a snapshot.
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
        """Whether every event after `seq` that was delivered here is still buffered."""
        return self.last is not None and (seq >= self.last or bool(self.ring and self.ring[0].seq <= seq + 1))

    def deliver(self, events: list[LoggedEvent]) -> None:
        """Deliver `events`, dense and later than `last`, to every subscriber."""
        now = time.monotonic()
        for event in events:
            self._recent.append(now)
            if event.hides:
                self._hide(event.hides)
            self.ring.append(event)
        first, self.last = events[0].seq, events[-1].seq
        frame = staff_frame = frame_of(events)
        if any(event.staff_text for event in events):
            staff_frame = frame_of(events, is_staff=True)
        private = [event.private_texts for event in events if event.private_texts]
        # One frame for all recipients of the same text.
        frames: dict[tuple[str | None, ...], dict[str, Any]] = {(None,) * len(private): frame}
        for subscriber in list(self.subscribers):
            if not subscriber.is_live or subscriber.after >= self.last:
                continue
            if subscriber.after < first:
                mine = staff_frame if subscriber.is_staff else frame
                if private and not subscriber.is_staff:
                    audience = tuple(private_texts.get(subscriber.member) for private_texts in private)
                    if audience not in frames:
                        frames[audience] = frame_of(events, member=subscriber.member)
                    mine = frames[audience]
                subscriber.deliver(mine, last=self.last, events=len(events))
            else:
                due = [event for event in events if event.seq > subscriber.after]
                mine = frame_of(due, member=subscriber.member, is_staff=subscriber.is_staff)
                subscriber.deliver(mine, last=self.last, events=len(due))
        self._enforce(events)

    def _hide(self, changed: LoggedEvent) -> None:
        for index, event in enumerate(self.ring):
            if event.seq == changed.seq:
                self.ring[index] = changed

    def _enforce(self, events: list[LoggedEvent]) -> None:
        expelled = {event.expels for event in events if event.expels is not None}
        has_ended = any(event.ends for event in events)
        if not expelled and not has_ended:
            return
        for subscriber in list(self.subscribers):
            if subscriber.member in expelled:
                subscriber.disconnect(CloseCode.NOT_ADMITTED)
            elif has_ended:
                subscriber.disconnect(CloseCode.ENDED)
