"""A mobile network that speaks SMPP 3.4: it takes messages from a gateway, and reports as it is told what became of each."""

import queue
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.waiting import time_passes

HEAD = struct.Struct(">IIII")
BIND, SUBMIT, DELIVER, ENQUIRE, UNBIND = 0x09, 0x04, 0x05, 0x15, 0x06
ANSWER = 0x8000_0000
REJECTED = 0x0000_000B
RECEIPT = 0x04
RECEIPT_WORDS = (
    "id:{id} sub:001 dlvrd:001 submit date:2611291200 done date:2611291200 stat:{status} err:001 text:"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One message on the air; a long text is several."""

    to: str
    text: str
    is_reported: bool


def delivered(_part: Part) -> str:
    return "DELIVRD"


@dataclass
class MobileNetwork:
    """`fate` gives the status of the receipt of a message, "" for none, "REFUSE" for one that is not taken."""

    fate: Callable[[Part], str] = delivered
    parts: list[Part] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._receipts: queue.SimpleQueue[tuple[int, Part, str] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._number = 0
        self._received: Counter[str] = Counter()
        for work in (self._serve, self._report):
            threading.Thread(target=work, daemon=True).start()

    def received(self) -> Counter[str]:
        """How many messages each phone received. Of a long one, the gateway asks for one report."""
        with self._lock:
            return Counter(self._received)

    def close(self) -> None:
        self._receipts.put(None)
        self._listening.close()
        if self._line:
            self._line.close()

    def _serve(self) -> None:
        while True:
            try:
                self._line, _ = self._listening.accept()
                self._listen(self._line)
            except OSError:
                if self._listening.fileno() < 0:
                    return

    def _listen(self, line: socket.socket) -> None:
        with line.makefile("rb") as stream:
            while head := stream.read(HEAD.size):
                size, command, _status, sequence = HEAD.unpack(head)
                body = stream.read(size - HEAD.size)
                if command == SUBMIT:
                    self._take(line, sequence, body)
                elif command & 0xFF in (BIND, 0x01, 0x02):
                    self._say(line, command | ANSWER, sequence, b"network\0")
                elif command in (ENQUIRE, UNBIND):
                    self._say(line, command | ANSWER, sequence, b"")

    def _take(self, line: socket.socket, sequence: int, body: bytes) -> None:
        part = _part(body)
        status = self.fate(part)
        if status == "REFUSE":
            self._say(line, SUBMIT | ANSWER, sequence, b"\0", status=REJECTED)
            return
        with self._lock:
            self._number += 1
            number = self._number
            self.parts.append(part)
            if part.is_reported:
                self._received[part.to] += 1
        self._say(line, SUBMIT | ANSWER, sequence, b"%d\0" % number)
        if status and part.is_reported:
            self._receipts.put((number, part, status))

    def _report(self) -> None:
        while (receipt := self._receipts.get()) is not None:
            number, part, status = receipt
            time_passes(0.001, "the gateway notes the number of a message after our answer to it")
            words = RECEIPT_WORDS.format(id=number, status=status).encode()
            address = b"\x01\x01%s\0" % part.to.lstrip("+").encode()
            body = b"\0" + address + b"\0\0Mihna\0" + bytes([RECEIPT, 0, 0]) + b"\0\0" + bytes([0, 0, 0, 0])
            if self._line:
                self._say(self._line, DELIVER, 1_000_000 + number, body + bytes([len(words)]) + words)

    def _say(self, line: socket.socket, command: int, sequence: int, body: bytes, *, status: int = 0) -> None:
        with self._lock:
            line.sendall(HEAD.pack(HEAD.size + len(body), command, status, sequence) + body)


def _part(body: bytes) -> Part:
    """SMPP 3.4, 4.4.1."""
    _service, rest = body.split(b"\0", 1)
    _sender, rest = rest[2:].split(b"\0", 1)
    to, rest = rest[2:].split(b"\0", 1)
    esm_class = rest[0]
    _schedule, rest = rest[3:].split(b"\0", 1)
    _validity, rest = rest.split(b"\0", 1)
    registered, _replace, coding, _default, size = rest[:5]
    words = rest[5 : 5 + size]
    if esm_class & 0x40:
        words = words[1 + words[0] :]
    text = words.decode("utf-16-be") if coding == 8 else words.decode("latin-1")
    return Part("+" + to.decode().lstrip("+"), text, is_reported=bool(registered))
