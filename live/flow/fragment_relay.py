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

from live.flow.shelf import HEAD, WHOLE, Piece, pieces_after
from live.hub import CloseCode
from live.protocol import Reply

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.08
# About twelve seconds: who is further behind goes on at the newest whole picture.
RING_PIECES = 64
RING_BYTES = 8 * 1024**2
# Nothing new for so long: viewers are told that it is not their line.
QUIET_SECONDS = 1.5
# What a viewer has not confirmed: five seconds of class.
UNCONFIRMED_PIECES = 24
UNCONFIRMED_BYTES = 1024**2
PATIENCE_SECONDS = 15.0
SOCKETS_PER_MEMBER = 3


class Viewer:
    """One socket. `tell` sends a text frame, `give` a binary one; `put_out` closes, without waiting for it."""

    def __init__(
        self,
        *,
        member: Hashable,
        tell: Callable[..., Awaitable[None]],
        give: Callable[[bytes], Awaitable[None]],
        put_out: Callable[[CloseCode], None],
    ) -> None:
        self.member = member
        self.put_out = put_out
        self.news = asyncio.Event()
        self.quiet_is_due = False
        self._tell = tell
        self._give = give
        self._place: int | None = None
        self._run = 0
        self._given = 0
        # (its number, its bytes, when) of each binary frame the viewer has not confirmed.
        self._unconfirmed: deque[tuple[int, int, float]] = deque()
        self._bytes = 0

    def confirm(self, count: int) -> None:
        """The viewer has the first `count` binary frames of this socket."""
        while self._unconfirmed and self._unconfirmed[0][0] <= count:
            self._bytes -= self._unconfirmed.popleft()[1]
        self.news.set()

    @property
    def is_lost(self) -> bool:
        return bool(self._unconfirmed) and time.monotonic() - self._unconfirmed[0][2] > PATIENCE_SECONDS

    @property
    def _has_room(self) -> bool:
        return len(self._unconfirmed) < UNCONFIRMED_PIECES and self._bytes < UNCONFIRMED_BYTES

    async def follow(self, relay: "FragmentRelay") -> None:
        """Send what is due, for as long as the socket lives."""
        while True:
            await self.news.wait()
            self.news.clear()
            while self._has_room and (piece := self._next(relay)):
                if piece.run != self._run:
                    await self._begin(relay.heads[piece.run])
                await self._send(piece.data)
            if self.quiet_is_due:
                self.quiet_is_due = False
                await self._tell(Reply.QUIET)

    def _next(self, relay: "FragmentRelay") -> Piece | None:
        if self._place is None or self._place < relay.first:
            self._place = relay.newest_whole
        if self._place is None or self._place >= relay.end:
            return None
        self._place += 1
        return relay.piece(self._place - 1)

    async def _begin(self, head: Piece) -> None:
        self._run = head.run
        await self._tell(Reply.RUN, run=head.run, began=head.began, codecs=head.codecs)
        await self._send(head.data)

    async def _send(self, data: bytes) -> None:
        self._given += 1
        self._bytes += len(data)
        self._unconfirmed.append((self._given, len(data), time.monotonic()))
        await self._give(data)


class FragmentRelay:
    """The viewers of one class in this process. It looks at the disk for as long as there is one."""

    def __init__(self, served: Path) -> None:
        self.served = served
        self.loop = asyncio.get_running_loop()
        self.viewers: list[Viewer] = []
        # Of each run that something in the ring belongs to.
        self.heads: dict[int, Piece] = {}
        # The place of the oldest piece that is kept.
        self.first = 0
        self.newest_whole: int | None = None
        self._ring: deque[Piece] = deque()
        self._bytes = 0
        # The last piece that was read. After one that is missing nothing is of use before a whole picture.
        self._number = 0
        self._is_broken = True
        self._looking = asyncio.ensure_future(self._look_on())

    @property
    def end(self) -> int:
        return self.first + len(self._ring)

    def piece(self, place: int) -> Piece:
        return self._ring[place - self.first]

    def join(self, viewer: Viewer) -> None:
        """Follow from the newest whole picture on. The member's oldest socket goes when there are too many."""
        self.viewers.append(viewer)
        mine = [other for other in self.viewers if other.member == viewer.member]
        for other in mine[:-SOCKETS_PER_MEMBER]:
            other.put_out(CloseCode.NEWER_SOCKET)
        viewer.news.set()

    def leave(self, viewer: Viewer) -> None:
        if viewer in self.viewers:
            self.viewers.remove(viewer)
        if not self.viewers:
            self._looking.cancel()
            if _relays.get(self.served) is self:
                del _relays[self.served]

    async def _look_on(self) -> None:
        heard_at = time.monotonic()
        while True:
            try:
                pieces = await asyncio.to_thread(pieces_after, self.served, self._number)
            except OSError:
                logger.warning("The pieces of a class cannot be read just now.", exc_info=True)
                pieces = []
            for piece in pieces:
                self._add(piece)
            now = time.monotonic()
            is_quiet = not pieces and now - heard_at > QUIET_SECONDS
            if pieces or is_quiet:
                heard_at = now
                for viewer in list(self.viewers):
                    viewer.quiet_is_due = is_quiet
                    viewer.news.set()
                    if viewer.is_lost:
                        viewer.put_out(CloseCode.SLOW)
            await asyncio.sleep(LOOK_SECONDS)

    def _add(self, piece: Piece) -> None:
        self._is_broken |= piece.number != self._number + 1
        self._number = piece.number
        if piece.kind == HEAD:
            self.heads = {one.run: self.heads[one.run] for one in self._ring} | {piece.run: piece}
            self._is_broken = True
        elif piece.run in self.heads and (piece.kind == WHOLE or not self._is_broken):
            self._is_broken = False
            if piece.kind == WHOLE:
                self.newest_whole = self.end
            self._ring.append(piece)
            self._bytes += len(piece.data)
            while len(self._ring) > RING_PIECES or self._bytes > RING_BYTES:
                self._bytes -= len(self._ring.popleft().data)
                self.first += 1


_relays: dict[Path, FragmentRelay] = {}


def fragment_relay_of(served: Path) -> FragmentRelay:
    """The relay of a class on the running event loop."""
    relay = _relays.get(served)
    if relay is None or relay.loop is not asyncio.get_running_loop():
        relay = _relays[served] = FragmentRelay(served)
    return relay
