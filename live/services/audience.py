"""The number of viewers and listeners, as their players report: an ephemeral event of the room, not stored."""

import threading
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass

from live.server.event_gateway import event_gateway

# Reports of a room are collected for so long.
TICK_SECONDS = 2.0
# Players report every 15 s; one that missed two is dropped.
FRESH_SECONDS = 40


@dataclass(frozen=True, slots=True)
class Viewer:
    at: float
    is_playing: bool
    hears: bool


class Audience:
    """The viewers whose sockets this process has; each process publishes its own count under its own name."""

    def __init__(self) -> None:
        self._name = uuid.uuid4().hex[:8]
        self._lock = threading.Lock()
        self._rooms: dict[int, dict[int, Viewer]] = defaultdict(dict)
        self._due: set[int] = set()

    def report(self, session_id: int, user_id: int, *, is_playing: bool, hears: bool) -> None:
        """Store the state of a viewer's player. Callable from any thread."""
        with self._lock:
            self._rooms[session_id][user_id] = Viewer(time.monotonic(), is_playing, hears)
            if session_id in self._due:
                return
            self._due.add(session_id)
        timer = threading.Timer(TICK_SECONDS, self._publish, [session_id])
        timer.daemon = True
        timer.start()

    def _publish(self, session_id: int) -> None:
        oldest = time.monotonic() - FRESH_SECONDS
        with self._lock:
            self._due.discard(session_id)
            viewers = {who: one for who, one in self._rooms[session_id].items() if one.at >= oldest}
            self._rooms[session_id] = viewers
        playing = sum(viewer.is_playing for viewer in viewers.values())
        hearing = sum(viewer.hears for viewer in viewers.values())
        event_gateway.publish(
            session_id, "video.audience", process=self._name, playing=playing, hearing=hearing
        )


audience = Audience()
