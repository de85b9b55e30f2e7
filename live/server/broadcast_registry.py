"""The broadcasts of this process: each stays registered until its class ends, also while its sender is disconnected."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import Error as DatabaseError

from live.broadcast import Broadcast
from live.broadcast.sender_lease import SenderLease, holds_lease
from live.enums import LiveState
from live.models import LiveSession
from live.server.event_gateway import in_database
from live.services.video import start_video, stop_video
from media_pipeline.services.live_streams import live_stream_folders

logger = logging.getLogger(__name__)

POLL_SECONDS = 2.0
# After so long without a chunk the room gets `video.stopped`.
SILENT_SECONDS = 60.0


@dataclass(slots=True)
class ActiveBroadcast:
    """A broadcast and its current sender. `disconnect_sender` closes the sender's socket."""

    session_id: int
    path: str
    by: Any
    lease: SenderLease
    broadcast: Broadcast
    disconnect_sender: Callable[[], Awaitable[None]] | None
    last_seen_at: float = field(default_factory=time.monotonic)
    # Whether chunks arrive; segments still made after the sender stopped do not announce a picture.
    is_on_air: bool = False
    is_announced: bool = False
    _announcing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def served(self) -> Path:
        return self.broadcast.served

    def mark_received(self) -> None:
        """Note that a chunk arrived."""
        self.last_seen_at = time.monotonic()
        self.is_on_air = True

    async def announce(self, count: int) -> None:
        """Announce the picture to the room when the first segments are published."""
        async with self._announcing:
            if self.is_announced or not self.is_on_air:
                return
            try:
                await in_database(start_video)(session_id=self.session_id, by=self.by)
                self.is_announced = True
            except DatabaseError:
                logger.warning("The database is unreachable; the picture is announced with the next segment.")

    async def stop(self, *, by: Any) -> None:
        self.broadcast.pause()
        async with self._announcing:
            self.is_on_air = self.is_announced = False
            await in_database(stop_video)(session_id=self.session_id, by=by)


class BroadcastRegistry:
    def __init__(self) -> None:
        self._active: dict[str, ActiveBroadcast] = {}
        self._watchers: set[asyncio.Task[None]] = set()
        self._opening = asyncio.Lock()

    async def start_sending(
        self,
        *,
        session_id: int,
        path: str,
        by: Any,
        lease: SenderLease,
        disconnect_sender: Callable[[], Awaitable[None]],
    ) -> ActiveBroadcast:
        """Register a sender; the previous one is disconnected. Raises `live.broadcast.broadcast.BroadcastLocked`."""
        async with self._opening:
            active = self._active.get(path)
            if active is None:
                served, sent = live_stream_folders(path)
                broadcast = Broadcast(served=served, sent=sent)
                await broadcast.open()
                active = ActiveBroadcast(session_id, path, by, lease, broadcast, disconnect_sender)
                broadcast.on_segments = active.announce
                self._active[path] = active
                # The event loop holds only weak references to tasks.
                task = asyncio.ensure_future(self._watch(active))
                self._watchers.add(task)
                task.add_done_callback(self._watchers.discard)
                return active
        disconnect_previous, active.disconnect_sender = active.disconnect_sender, disconnect_sender
        active.by, active.lease, active.last_seen_at = by, lease, time.monotonic()
        if disconnect_previous:
            await disconnect_previous()
        return active

    async def finish(self, active: ActiveBroadcast) -> None:
        if self._active.pop(active.path, None):
            await active.broadcast.finish()

    async def _watch(self, active: ActiveBroadcast) -> None:
        """End the broadcast with its class, or when another process has taken it over."""
        while active.path in self._active:
            await asyncio.sleep(POLL_SECONDS)
            try:
                if not holds_lease(active.served, active.lease) and (active.served / "sender_").exists():
                    await self._release(active)
                    return
                state = await in_database(_state_of)(active.session_id)
                if state == LiveState.ENDED:
                    await self.finish(active)
                elif active.is_announced and time.monotonic() - active.last_seen_at > SILENT_SECONDS:
                    await active.stop(by=None)
            except (DatabaseError, OSError):
                logger.warning("A broadcast could not be checked; the next round tries again.", exc_info=True)

    async def _release(self, active: ActiveBroadcast) -> None:
        self._active.pop(active.path, None)
        disconnect_sender, active.disconnect_sender = active.disconnect_sender, None
        try:
            await active.broadcast.release()
        finally:
            if disconnect_sender:
                await disconnect_sender()


def _state_of(session_id: int) -> str:
    return LiveSession.objects.values_list("state", flat=True).get(pk=session_id)


_registries: dict[int, tuple[asyncio.AbstractEventLoop, BroadcastRegistry]] = {}


def broadcast_registry() -> BroadcastRegistry:
    """The broadcast registry of the running event loop; a process that serves sockets has one."""
    loop = asyncio.get_running_loop()
    known = _registries.get(id(loop))
    if known is None or known[0] is not loop:
        known = _registries[id(loop)] = (loop, BroadcastRegistry())
    return known[1]
