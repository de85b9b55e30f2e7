"""Many cheap clients in one event loop: websockets spoken by hand, so that the server's cost is what is seen.

Every message carries `#number@nanoseconds#`, whatever the frame around it. A client counts what came, what is missing,
what came twice or late, and how long it took.
"""

import asyncio
import json
import os
import re
import struct
import time
import uuid
from array import array
from collections.abc import Callable

MARK = re.compile(rb"#(\d+)@(\d+)#")
FRAME_BYTES = 190
CLIENTS_OF_A_SCHOOL = 400
# As the room's page.
CONFIRM_EVENTS = 200

HANDSHAKE = """\
GET /ws/live/ HTTP/1.1\r
Host: 127.0.0.1:{port}\r
Origin: http://127.0.0.1:{port}\r
Upgrade: websocket\r
Connection: Upgrade\r
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
Sec-WebSocket-Version: 13\r
\r
"""


def frame(text: str) -> bytes:
    """A masked text frame (RFC 6455, section 5.2); a mask of zeros is a mask."""
    data = text.encode()
    head = bytes([0x81, 0x80 | len(data)]) if len(data) < 126 else struct.pack("!BBH", 0x81, 0xFE, len(data))
    return head + bytes(4) + data


def command(kind: str, **facts: object) -> bytes:
    return frame(json.dumps({"type": kind, "id": str(uuid.uuid4()), **facts}))


def mark(number: int) -> str:
    return f"#{number}@{time.monotonic_ns()}#"


class Tally:
    """What a group of clients got."""

    def __init__(self) -> None:
        self.delivered = 0
        self.lost = 0
        self.duplicated = 0
        self.delays = array("d")

    def forget(self) -> None:
        """Start measuring here; what is lost or doubled stays on record."""
        self.delivered = 0
        self.delays = array("d")

    def percentile(self, share: float) -> float:
        """Milliseconds from sending to arrival."""
        ordered = sorted(self.delays)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else float("nan")


class Client(asyncio.Protocol):
    """One socket. `number` is the login; `last` the last message it has, as a phone remembers it over a drop."""

    transport: asyncio.Transport

    def __init__(
        self, number: int, port: int, tally: Tally, *, is_ours: bool, last: int | None = None
    ) -> None:
        self.number = number
        self.port = port
        self.tally = tally
        self.is_ours = is_ours
        self.last = last
        self.confirmed = last or 0
        self.unread = b""
        self.is_open = False
        self.came_in: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.began = time.monotonic()
        self.answer: Callable[[bytes], None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what TCP gives
        self.transport = transport
        transport.write(HANDSHAKE.format(port=self.port).encode())

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(1006)

    def _end(self, code: int) -> None:
        if not self.closed.done():
            self.closed.set_result(code)
        if not self.came_in.done():
            self.came_in.cancel()

    def data_received(self, data: bytes) -> None:
        unread = self.unread + data if self.unread else data
        if not self.is_open:
            head, found, rest = unread.partition(b"\r\n\r\n")
            if found:
                self._open(head)
            unread = rest if found else head
        self.unread = self._take_frames(unread) if self.is_open else unread

    def _open(self, head: bytes) -> None:
        if b" 101 " not in head[:20]:
            self.transport.abort()
            return
        self.is_open = True
        if self.is_ours:
            self.transport.write(
                command("hello", ticket=str(self.number), device="device-1", since=self.last)
            )
        else:
            self._come_in()

    def _take_frames(self, unread: bytes) -> bytes:
        """Take every whole frame; return what is left."""
        at, end = 0, len(unread)
        while end - at >= 2:
            size, start = unread[at + 1] & 0x7F, at + 2
            if size == 126:
                if end - at < 4:
                    break
                size, start = int.from_bytes(unread[at + 2 : at + 4]), at + 4
            elif size == 127:
                if end - at < 10:
                    break
                size, start = int.from_bytes(unread[at + 2 : at + 10]), at + 10
            if end < start + size:
                break
            self._take(unread[at] & 0x0F, unread[start : start + size])
            at = start + size
        return unread[at:]

    def _come_in(self) -> None:
        if not self.came_in.done():
            self.came_in.set_result(time.monotonic() - self.began)

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == 1:
            self._read(payload)
        elif opcode == 8:
            self._end(int.from_bytes(payload[:2]) if payload else 1005)
            self.transport.close()
        elif opcode == 9:
            self.transport.write(bytes([0x8A, 0x80 | len(payload)]) + bytes(4) + payload)

    def _read(self, payload: bytes) -> None:
        if self.is_ours and not payload.startswith(b'{"type":"events"'):
            if payload.startswith(b'{"type": "welcome"'):
                self._welcome(payload)
            return
        now = time.monotonic_ns()
        tally = self.tally
        for found in MARK.finditer(payload):
            number = int(found[1])
            if self.last is not None:
                if number <= self.last:
                    tally.duplicated += 1
                    continue
                tally.lost += number - self.last - 1
            self.last = number
            tally.delivered += 1
            tally.delays.append((now - int(found[2])) / 1e9)
        if self.is_ours and self.last is not None and self.last - self.confirmed >= CONFIRM_EVENTS:
            self.confirmed = self.last
            # What was still to be read when the server closed is not confirmed any more.
            if not self.transport.is_closing():
                self.transport.write(command("seen", seen=self.last))

    def _welcome(self, payload: bytes) -> None:
        facts = json.loads(payload)
        if facts["resync"]:
            # Too far behind to be replayed to: what is between was not delivered.
            self.tally.lost += facts["seq"] - (self.last or 0)
        if "messages" in facts:
            self.last = facts["seq"]
        self.confirmed = self.last or 0
        self._come_in()


async def connect(
    number: int, port: int, tally: Tally, *, is_ours: bool, last: int | None = None, patience: float = 30
) -> Client:
    """Return a client that is in: it was welcomed, or its handshake answered."""
    loop = asyncio.get_running_loop()
    # Of one address, daphne takes a thousand at most (`lms.webserver`): a class that is as big comes from several schools.
    school = f"127.0.0.{2 + number // CLIENTS_OF_A_SCHOOL % 250}"
    async with asyncio.timeout(patience):
        _, client = await loop.create_connection(
            lambda: Client(number, port, tally, is_ours=is_ours, last=last),
            "127.0.0.1",
            port,
            local_addr=(school, 0),
        )
        await client.came_in
    return client


async def connect_all(
    numbers: range, port: int, tally: Tally, *, is_ours: bool, at_once: int = 50
) -> list[Client]:
    clients: list[Client] = []
    for first in range(numbers.start, numbers.stop, at_once):
        some = range(first, min(first + at_once, numbers.stop))
        clients += await asyncio.gather(*(connect(number, port, tally, is_ours=is_ours) for number in some))
    return clients


class Speaker:
    """Says numbered messages at a steady rate."""

    def __init__(self, client: Client, kind: str) -> None:
        self.client = client
        self.kind = kind
        self.said = 0

    def say(self) -> None:
        self.said += 1
        text = mark(self.said)
        if self.kind == "ours":
            # An event of a text of this length makes a frame of FRAME_BYTES.
            self.client.transport.write(command("chat.send", text=text))
        elif self.kind == "documented":
            self.client.transport.write(frame(json.dumps({"message": text.ljust(FRAME_BYTES - 15, ".")})))
        else:
            self.client.transport.write(frame(text.ljust(FRAME_BYTES, ".")))

    async def talk(self, per_second: float, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        began, count = loop.time(), 0
        while loop.time() - began < seconds:
            self.say()
            count += 1
            await asyncio.sleep(max(0.0, began + count / per_second - loop.time()))


def cpu_seconds(pid: int) -> float:
    """Processor time of a process, user and system, to the nanosecond: clock_getcpuclockid(3)."""
    return time.clock_gettime((~pid << 3) | 2)


def resident_bytes(pid: int) -> int:
    with open(f"/proc/{pid}/statm") as statm:  # noqa: PTH123 - no file of ours
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
