"""A proxy between a browser and the site that breaks connections and records the requests."""

import contextlib
import re
import socket
import threading
from dataclasses import dataclass

from tests.waiting import time_passes


@dataclass(eq=False)
class Exchange:
    """One request of the upload as the proxy saw it. `carried` counts the bytes of its body that were forwarded."""

    method: str
    offset: int | None
    carried: int = 0
    status: int | None = None
    answered_offset: int | None = None


class Listener:
    """Parses one connection: its requests and their responses."""

    def __init__(self, log: list[Exchange]) -> None:
        self.log = log
        self.head = self.answer = b""
        self.body_left = 0
        self.now: Exchange | None = None

    def hear_up(self, data: bytes) -> None:
        while data:
            if self.body_left:
                body, data = data[: self.body_left], data[self.body_left :]
                self.body_left -= len(body)
                self.now.carried += len(body)
                continue
            head, end, data = (self.head + data).partition(b"\r\n\r\n")
            if not end:
                self.head = head
                return
            self.head = self.answer = b""
            self.body_left = number(head, b"content-length") or 0
            self.now = Exchange(head.split(b" ")[0].decode(), number(head, b"upload-offset"))
            if b" /media/uploads" in head.split(b"\r\n")[0]:
                self.log.append(self.now)

    def hear_down(self, data: bytes) -> None:
        if self.now is None or self.now.status:
            return
        self.answer += data
        head, end, _ = self.answer.partition(b"\r\n\r\n")
        if end:
            self.now.status = int(head.split(b" ")[1])
            self.now.answered_offset = number(head, b"upload-offset")


def number(head: bytes, name: bytes) -> int | None:
    found = re.search(rb"^%s: *(\d+)\r?$" % name, head, re.IGNORECASE | re.MULTILINE)
    return int(found[1]) if found else None


class UnreliableConnection:
    """A TCP proxy that breaks every connection after so many bytes of the file, and records the exchanges."""

    def __init__(self, port: int, *breaks: int) -> None:
        self.port = port
        self.breaks = list(breaks)
        self.sent = 0
        self.broken = 0
        self.is_dead = False
        self.open: list[socket.socket] = []
        self.log: list[Exchange] = []
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        while True:
            try:
                browser, _ = self.listener.accept()
            except OSError:
                return
            if self.is_dead:
                browser.close()
                continue
            site = socket.create_connection(("127.0.0.1", self.port))
            self.open += [browser, site]
            listener = Listener(self.log)
            for ends in ((browser, site), (site, browser)):
                threading.Thread(target=self.carry, args=(*ends, listener), daemon=True).start()

    def carry(self, source: socket.socket, target: socket.socket, listener: Listener) -> None:
        is_up = target.getpeername()[1] == self.port
        try:
            while data := source.recv(16_384):
                (listener.hear_up if is_up else listener.hear_down)(data)
                target.sendall(data)
                if is_up:
                    self.count(len(data), listener.now)
                    time_passes(0.008, "about 2 MB a second: a connection slower than the server")
        except OSError:
            pass
        for end in (source, target):
            with contextlib.suppress(OSError):
                # Wakes the thread of the other direction.
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def count(self, size: int, now: Exchange | None) -> None:
        with self.lock:
            self.sent += size
            if not self.breaks or now is None or now.offset is None or self.is_repeat(now):
                return
            if now.offset + now.carried < self.breaks[0]:
                return
            self.breaks.pop(0)
            self.broken += 1
        self.cut()

    def is_repeat(self, exchange: Exchange) -> bool:
        """Whether Chromium resent the request by itself after its connection broke."""
        earlier = self.log[: self.log.index(exchange)]
        return any(one.method == "PATCH" and one.offset == exchange.offset for one in earlier)

    def cut(self) -> None:
        for end in list(self.open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.listener.close()
        self.cut()
        for end in self.open:
            end.close()
