"""The broadcasts of this process: each is here as long as its class, whether or not its sender's line holds."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import Error as DatabaseError

from live.broadcast import Broadcast
from live.broadcast.claims import Claim, still_holds
from live.enums import LiveState
from live.models import LiveSession
from live.server.event_gateway import in_database
from live.services.video import start_video, stop_video
from media_pipeline.services.growing import growing_folders

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
# A sender who has not come back: the class is told that there is no picture.
SILENT_SECONDS = 60.0


@dataclass(slots=True)
class Live:
    """A broadcast and whoever sends it now. `put_out` closes the sender's socket."""

    session_id: int
    path: str
    by: Any
    claim: Claim
    broadcast: Broadcast
    put_out: Callable[[], Awaitable[None]] | None
    heard_at: float = field(default_factory=time.monotonic)
    # Chunks come; what is still made of them after the sender stopped is no reason to say that there is a picture.
    is_on_air: bool = False
    is_announced: bool = False
    _telling: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def served(self) -> Path:
        return self.broadcast.served

    def heard(self) -> None:
        """A chunk has come."""
        self.heard_at = time.monotonic()
        self.is_on_air = True

    async def news(self, count: int) -> None:
        """Segments were published: the first of them is an event of the room."""
        async with self._telling:
            if self.is_announced or not self.is_on_air:
                return
            try:
                await in_database(start_video)(session_id=self.session_id, by=self.by)
                self.is_announced = True
            except DatabaseError:
                logger.warning("The database is away; the picture is announced with the next segment.")

    async def silence(self, *, by: Any) -> None:
        self.broadcast.pause()
        async with self._telling:
            self.is_on_air = self.is_announced = False
            await in_database(stop_video)(session_id=self.session_id, by=by)


class BroadcastRegistry:
    def __init__(self) -> None:
        self._lives: dict[str, Live] = {}
        self._watchers: set[asyncio.Task[None]] = set()
        self._opening = asyncio.Lock()

    async def enter(
        self, *, session_id: int, path: str, by: Any, claim: Claim, put_out: Callable[[], Awaitable[None]]
    ) -> Live:
        """Send from now on; the sender before is disconnected. Raises `live.broadcast.Busy`."""
        async with self._opening:
            live = self._lives.get(path)
            if live is None:
                served, sent = growing_folders(path)
                broadcast = Broadcast(served=served, sent=sent)
                await broadcast.open()
                live = Live(session_id, path, by, claim, broadcast, put_out)
                broadcast.on_news = live.news
                self._lives[path] = live
                # The event loop keeps only weak references to tasks.
                task = asyncio.ensure_future(self._mind(live))
                self._watchers.add(task)
                task.add_done_callback(self._watchers.discard)
                return live
        before, live.put_out = live.put_out, put_out
        live.by, live.claim, live.heard_at = by, claim, time.monotonic()
        if before:
            await before()
        return live

    async def finish(self, live: Live) -> None:
        if self._lives.pop(live.path, None):
            await live.broadcast.finish()

    async def _mind(self, live: Live) -> None:
        """End the broadcast with its class, or when another process has taken it over."""
        while live.path in self._lives:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                if not still_holds(live.served, live.claim) and (live.served / "sender_").exists():
                    await self._leave(live)
                    return
                state = await in_database(_state_of)(live.session_id)
                if state == LiveState.ENDED:
                    await self.finish(live)
                elif live.is_announced and time.monotonic() - live.heard_at > SILENT_SECONDS:
                    await live.silence(by=None)
            except (DatabaseError, OSError):
                logger.warning("A broadcast cannot be minded just now.", exc_info=True)

    async def _leave(self, live: Live) -> None:
        self._lives.pop(live.path, None)
        put_out, live.put_out = live.put_out, None
        try:
            await live.broadcast.leave()
        finally:
            if put_out:
                await put_out()


def _state_of(session_id: int) -> str:
    return LiveSession.objects.values_list("state", flat=True).get(pk=session_id)


_studios: dict[int, tuple[asyncio.AbstractEventLoop, BroadcastRegistry]] = {}


def broadcast_registry() -> BroadcastRegistry:
    """The broadcast_registry of the running event loop; a process that serves sockets has one."""
    loop = asyncio.get_running_loop()
    known = _studios.get(id(loop))
    if known is None or known[0] is not loop:
        known = _studios[id(loop)] = (loop, BroadcastRegistry())
    return known[1]
