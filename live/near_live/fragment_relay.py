"""Who follows a class nearly live in this process: the newest pieces of its stream, and where among them each viewer is.

The pieces are shared. A viewer is a place among them, so that a slow one holds nothing but what is on its wire, and
goes on at the newest whole picture once its place has passed.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from pathlib import Path

from live.hub import CloseCode
from live.near_live.fragment_store import INIT, KEYFRAME, StoredFragment, fragments_after
from live.protocol import Reply

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.08
# About twelve seconds: who is further behind goes on at the newest whole picture.
RING_FRAGMENTS = 64
RING_BYTES = 8 * 1024**2
# Nothing new for so long: viewers are told that it is not their line.
QUIET_SECONDS = 1.5
# What a viewer has not confirmed: five seconds of class.
UNCONFIRMED_FRAGMENTS = 24
UNCONFIRMED_BYTES = 1024**2
PATIENCE_SECONDS = 15.0
SOCKETS_PER_MEMBER = 3


class Viewer:
    """One socket. `tell` sends a text frame, `give` a binary one; `put_out` closes, without waiting for it."""

    def __init__(
        self,
        *,
        member: Hashable,
        send_json: Callable[..., Awaitable[None]],
        send_bytes: Callable[[bytes], Awaitable[None]],
        close_socket: Callable[[CloseCode], None],
    ) -> None:
        self.member = member
        self.close_socket = close_socket
        self.has_work = asyncio.Event()
        self.quiet_is_due = False
        self._send_json = send_json
        self._send_bytes = send_bytes
        self._place: int | None = None
        self._run = 0
        self._sent = 0
        # (its number, its bytes, when) of each binary frame the viewer has not confirmed.
        self._unconfirmed: deque[tuple[int, int, float]] = deque()
        self._bytes = 0

    def confirm(self, count: int) -> None:
        """The viewer has the first `count` binary frames of this socket."""
        while self._unconfirmed and self._unconfirmed[0][0] <= count:
            self._bytes -= self._unconfirmed.popleft()[1]
        self.has_work.set()

    @property
    def is_unresponsive(self) -> bool:
        return bool(self._unconfirmed) and time.monotonic() - self._unconfirmed[0][2] > PATIENCE_SECONDS

    @property
    def _has_capacity(self) -> bool:
        return len(self._unconfirmed) < UNCONFIRMED_FRAGMENTS and self._bytes < UNCONFIRMED_BYTES

    async def stream(self, relay: "FragmentRelay") -> None:
        """Send what is due, for as long as the socket lives."""
        while True:
            await self.has_work.wait()
            self.has_work.clear()
            while self._has_capacity and (fragment := self._next(relay)):
                if fragment.run != self._run:
                    await self._begin(relay.init_segments[fragment.run])
                await self._send(fragment.data)
            if self.quiet_is_due:
                self.quiet_is_due = False
                await self._send_json(Reply.QUIET)

    def _next(self, relay: "FragmentRelay") -> StoredFragment | None:
        if self._place is None or self._place < relay.first:
            self._place = relay.newest_keyframe
        if self._place is None or self._place >= relay.end:
            return None
        self._place += 1
        return relay.fragment(self._place - 1)

    async def _begin(self, head: StoredFragment) -> None:
        self._run = head.run
        await self._send_json(Reply.RUN, run=head.run, began=head.began, codecs=head.codecs)
        await self._send(head.data)

    async def _send(self, data: bytes) -> None:
        self._sent += 1
        self._bytes += len(data)
        self._unconfirmed.append((self._sent, len(data), time.monotonic()))
        await self._send_bytes(data)


class FragmentRelay:
    """The viewers of one class in this process. It looks at the disk for as long as there is one."""

    def __init__(self, served: Path) -> None:
        self.served = served
        self.loop = asyncio.get_running_loop()
        self.viewers: list[Viewer] = []
        # Of each run that something in the ring belongs to.
        self.init_segments: dict[int, StoredFragment] = {}
        # The place of the oldest piece that is kept.
        self.first = 0
        self.newest_keyframe: int | None = None
        self._buffer: deque[StoredFragment] = deque()
        self._bytes = 0
        # The last piece that was read. After one that is missing nothing is of use before a whole picture.
        self._number = 0
        self._is_broken = True
        self._polling = asyncio.ensure_future(self._poll())

    @property
    def end(self) -> int:
        return self.first + len(self._buffer)

    def fragment(self, place: int) -> StoredFragment:
        return self._buffer[place - self.first]

    def join(self, viewer: Viewer) -> None:
        """Follow from the newest whole picture on. The member's oldest socket goes when there are too many."""
        self.viewers.append(viewer)
        mine = [other for other in self.viewers if other.member == viewer.member]
        for other in mine[:-SOCKETS_PER_MEMBER]:
            other.close_socket(CloseCode.NEWER_SOCKET)
        viewer.has_work.set()

    def leave(self, viewer: Viewer) -> None:
        if viewer in self.viewers:
            self.viewers.remove(viewer)
        if not self.viewers:
            self._polling.cancel()
            if _relays.get(self.served) is self:
                del _relays[self.served]

    async def _poll(self) -> None:
        last_seen_at = time.monotonic()
        while True:
            try:
                fragments = await asyncio.to_thread(fragments_after, self.served, self._number)
            except OSError:
                logger.warning("The pieces of a class cannot be read just now.", exc_info=True)
                fragments = []
            for fragment in fragments:
                self._add(fragment)
            now = time.monotonic()
            is_quiet = not fragments and now - last_seen_at > QUIET_SECONDS
            if fragments or is_quiet:
                last_seen_at = now
                for viewer in list(self.viewers):
                    viewer.quiet_is_due = is_quiet
                    viewer.has_work.set()
                    if viewer.is_unresponsive:
                        viewer.close_socket(CloseCode.SLOW)
            await asyncio.sleep(POLL_SECONDS)

    def _add(self, fragment: StoredFragment) -> None:
        self._is_broken |= fragment.number != self._number + 1
        self._number = fragment.number
        if fragment.kind == INIT:
            self.init_segments = {one.run: self.init_segments[one.run] for one in self._buffer} | {
                fragment.run: fragment
            }
            self._is_broken = True
        elif fragment.run in self.init_segments and (fragment.kind == KEYFRAME or not self._is_broken):
            self._is_broken = False
            if fragment.kind == KEYFRAME:
                self.newest_keyframe = self.end
            self._buffer.append(fragment)
            self._bytes += len(fragment.data)
            while len(self._buffer) > RING_FRAGMENTS or self._bytes > RING_BYTES:
                self._bytes -= len(self._buffer.popleft().data)
                self.first += 1


_relays: dict[Path, FragmentRelay] = {}


def fragment_relay_of(served: Path) -> FragmentRelay:
    """The relay of a class on the running event loop."""
    relay = _relays.get(served)
    if relay is None or relay.loop is not asyncio.get_running_loop():
        relay = _relays[served] = FragmentRelay(served)
    return relay
