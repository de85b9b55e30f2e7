"""The fragment relay: the newest fragments of a class's stream, and the position of each near-live viewer of this process.

Fragments are shared by all viewers. A viewer is a position among them: a slow viewer holds only what is on its wire, and
continues at the newest keyframe once its position is no longer buffered.
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
# About twelve seconds: a viewer further behind continues at the newest keyframe.
RING_FRAGMENTS = 64
RING_BYTES = 8 * 1024**2
# After so long without a fragment viewers are told that the sender, not their connection, is silent.
QUIET_SECONDS = 1.5
# What a viewer may leave unconfirmed: five seconds of class.
UNCONFIRMED_FRAGMENTS = 24
UNCONFIRMED_BYTES = 1024**2
PATIENCE_SECONDS = 15.0
SOCKETS_PER_MEMBER = 3


class Viewer:
    """One socket. `send_json` sends a text frame, `send_bytes` a binary one; `close_socket` closes it without waiting."""

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
        """Note that the viewer has received the first `count` binary frames of this socket."""
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
        """Send what is due until the socket closes."""
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
    """The viewers of one class in this process. It polls the disk while there is at least one."""

    def __init__(self, served: Path) -> None:
        self.served = served
        self.loop = asyncio.get_running_loop()
        self.viewers: list[Viewer] = []
        # The initialization segment of each run with fragments in the buffer.
        self.init_segments: dict[int, StoredFragment] = {}
        # The position of the oldest buffered fragment.
        self.first = 0
        self.newest_keyframe: int | None = None
        self._buffer: deque[StoredFragment] = deque()
        self._bytes = 0
        # The last fragment that was read. After a missing one fragments are skipped up to a keyframe.
        self._number = 0
        self._is_broken = True
        self._polling = asyncio.ensure_future(self._poll())

    @property
    def end(self) -> int:
        return self.first + len(self._buffer)

    def fragment(self, place: int) -> StoredFragment:
        return self._buffer[place - self.first]

    def join(self, viewer: Viewer) -> None:
        """Start at the newest keyframe. The member's oldest socket is closed when there are too many."""
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
                logger.warning(
                    "The fragments of a class cannot be read; the next poll tries again.", exc_info=True
                )
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
