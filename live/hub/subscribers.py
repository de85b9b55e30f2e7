"""The subscription of one socket: above a limit of unconfirmed events it is disconnected and catches up by replay."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator, Hashable
from contextlib import suppress
from enum import IntEnum
from functools import partial
from typing import Any

type Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]


class CloseCode(IntEnum):
    """Why the server closes a socket: the private range of RFC 6455, section 7.4.2, the only one servers let us use."""

    PROTOCOL = 4400
    TICKET = 4401
    NOT_ADMITTED = 4403
    SLOW = 4408
    NEWER_SOCKET = 4409
    ENDED = 4410
    TOO_BIG = 4413
    RATE = 4429
    UNAVAILABLE = 4503


class _RemainingCoroutine:
    """Drives the rest of a coroutine whose first step was already taken."""

    def __init__(self, coroutine: Coroutine[Any, Any, None], first: Any) -> None:
        self._coroutine = coroutine
        self._waited = first

    def __await__(self) -> Generator[Any, Any, None]:
        while True:
            try:
                answer = yield self._waited
            except BaseException as error:  # noqa: BLE001 - the inner coroutine handles a cancellation
                step = partial(self._coroutine.throw, error)
            else:
                step = partial(self._coroutine.send, answer)
            try:
                self._waited = step()
            except StopIteration:
                return


class Subscriber:
    """A member's socket in a room.

    `send` is the raw ASGI send. Some servers suspend it when the peer does not read, and at most `max_waiting` frames then wait
    here; daphne never suspends it. So what the *peer* has not confirmed (`confirm`) is limited too: `max_unconfirmed` events
    or `max_bytes` bytes, waiting here or on the wire.
    """

    __slots__ = (
        "_bytes",
        "_events",
        "_sending",
        "_unconfirmed",
        "_waiting",
        "after",
        "is_closed",
        "is_live",
        "is_staff",
        "max_bytes",
        "max_unconfirmed",
        "max_waiting",
        "member",
        "on_close",
        "room_id",
        "send",
    )

    def __init__(
        self,
        *,
        room_id: Hashable,
        member: Hashable,
        send: Send,
        on_close: Callable[[CloseCode], Awaitable[None]] | None = None,
        is_staff: bool = False,
        max_waiting: int = 200,
        max_unconfirmed: int = 500,
        max_bytes: int = 256 * 1024,
    ) -> None:
        self.room_id = room_id
        self.member = member
        self.send = send
        self.on_close = on_close
        self.is_staff = is_staff
        self.max_waiting = max_waiting
        self.max_unconfirmed = max_unconfirmed
        self.max_bytes = max_bytes
        # The last sequence number sent; only later events are due.
        self.after = 0
        # False until the replay is complete.
        self.is_live = False
        self.is_closed = False
        self._waiting: deque[dict[str, Any]] = deque()
        self._sending: asyncio.Task[None] | None = None
        # (last sequence number, events, bytes) of frames the peer has not confirmed.
        self._unconfirmed: deque[tuple[int, int, int]] = deque()
        self._events = 0
        self._bytes = 0

    @property
    def is_lagging(self) -> bool:
        """Whether frames wait for the transport."""
        return self._sending is not None

    @property
    def unconfirmed(self) -> tuple[int, int]:
        """Events and bytes sent and not confirmed."""
        return self._events, self._bytes

    def deliver(self, frame: dict[str, Any], *, last: int, events: int) -> None:
        """Send a frame of events that ends at sequence number `last`, or disconnect the socket when it lags too far."""
        if self.is_closed:
            return
        size = len(frame["text"])
        self.after = last
        self._unconfirmed.append((last, events, size))
        self._events += events
        self._bytes += size
        lags = self._events > self.max_unconfirmed or self._bytes > self.max_bytes
        if lags or len(self._waiting) >= self.max_waiting:
            self.disconnect(CloseCode.SLOW)
        else:
            self.push(frame)

    def confirm(self, seq: int) -> None:
        """Note that the peer has received everything up to `seq`."""
        while self._unconfirmed and self._unconfirmed[0][0] <= seq:
            _, events, size = self._unconfirmed.popleft()
            self._events -= events
            self._bytes -= size

    def push(self, frame: dict[str, Any]) -> None:
        """Send now if the transport accepts it; otherwise spawn a task."""
        if self.is_closed:
            return
        if self._sending is not None:
            self._waiting.append(frame)
            return
        coroutine = self.send(frame)
        try:
            waited = coroutine.send(None)
        except StopIteration:
            return
        except Exception:  # noqa: BLE001 - on any error of the server the socket is gone; the log remains
            self.is_closed = True
            return
        self._sending = asyncio.get_running_loop().create_task(
            self._drain(_RemainingCoroutine(coroutine, waited))
        )

    async def _drain(self, current: Awaitable[None]) -> None:
        try:
            await current
            while self._waiting and not self.is_closed:
                await self.send(self._waiting.popleft())
        except Exception:  # noqa: BLE001 - see push
            self.is_closed = True
        finally:
            self._sending = None

    def disconnect(self, code: CloseCode) -> None:
        """Close the socket with `code`. What waits here is dropped: the log still has it."""
        if self.is_closed:
            return
        if self._sending is not None and code is not CloseCode.SLOW:
            # Frames that wait (the last events of a room) are sent before the close.
            self._waiting.append({"type": "websocket.close", "code": int(code)})
            return
        self.is_closed = True
        self._waiting.clear()
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None
        if self.on_close is not None:
            task = asyncio.get_running_loop().create_task(_finish(self.on_close, code))
            _closing.add(task)
            task.add_done_callback(_closing.discard)


# The event loop holds only weak references to tasks.
_closing: set[asyncio.Task[None]] = set()


async def _finish(on_close: Callable[[CloseCode], Awaitable[None]], code: CloseCode) -> None:
    # The socket may have gone away by itself first.
    with suppress(Exception):
        await on_close(code)
