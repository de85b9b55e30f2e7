"""``python -m lms.webserver``: daphne, changed to stream the body of a request to the application.

daphne alone reads a body to its end before the application starts, and then puts all of it into memory: a dropped
upload would leave nothing, and a large one would take the machine. Two of its classes are replaced here; its command
line stays. Reading pauses while the application is slower than the client: at most `HIGH_WATER` and one read of a request
are in memory.

`SOCKET_SERVER` = uvicorn runs uvicorn in its place (lms/uvicorn_worker.py), on the same command line.
"""

import asyncio
import io
import os
import resource
import sys
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import daphne.server
from daphne.cli import CommandLineInterface
from daphne.http_protocol import HTTPFactory, WebRequest
from django.conf import settings

from lms import uvicorn_worker

HIGH_WATER = 512 * 1024
# Seconds for which a client may go on sending after our response, so that it can read the response.
DRAIN_SECONDS = 5
# A school behind one address has a hundred browsers with seven connections each.
LINES_OF_ONE_ADDRESS = 1000
# Each connection is a file descriptor; the default limit of most systems is 1024.
DESCRIPTORS = 65_536


class Inbox:
    """What the application receives: what has come of the body, in one piece; then that the client is gone."""

    def __init__(self) -> None:
        self.size = 0
        self.request: StreamingRequest | None = None
        self._pieces: list[bytes] = []
        self._is_whole = self._is_end_delivered = self._is_gone = False
        self._news = asyncio.Event()

    def put_piece(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self.size += len(piece)
        self._news.set()

    def put_end(self) -> None:
        self._is_whole = True
        self._news.set()

    def put_nowait(self, message: dict[str, Any]) -> None:
        """daphne's own messages. The body is not among them: what it would put is the empty file it was given."""
        if message["type"] == "http.disconnect":
            self._is_gone = True
            self._news.set()

    async def get(self) -> dict[str, Any]:
        while True:
            if self._pieces or (self._is_whole and not self._is_end_delivered):
                body = b"".join(self._pieces)
                self._pieces, self.size, self._is_end_delivered = [], 0, self._is_whole
                if self.request:
                    self.request.resume()
                return {"type": "http.request", "body": body, "more_body": not self._is_whole}
            if self._is_gone:
                return {"type": "http.disconnect"}
            self._news.clear()
            await self._news.wait()


class StreamingRequest(WebRequest):
    """Starts the application once the headers are there; without a body daphne's own way is as good."""

    inbox: Inbox | None = None
    _is_whole = False
    _is_paused = False
    _ending: Any = None

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        if length == 0 or self.requestHeaders.hasHeader(b"Upgrade"):
            super().gotLength(length)
            return
        self.inbox = Inbox()
        self.inbox.request = self
        # daphne reads the body from here; it is empty.
        self.content = io.BytesIO()
        # What Twisted sets when the whole body is there.
        self.method, self.uri, self.clientproto = (
            self.channel._command,
            self.channel._path,
            self.channel._version,
        )
        self.path = self.uri.partition(b"?")[0]
        self.process()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        if self.inbox is None:
            super().handleContentChunk(data)
        elif not self._ending:
            self.inbox.put_piece(data)
            if self.inbox.size > HIGH_WATER and not self._is_paused:
                self._is_paused = True
                self.channel._networkProducer.pauseProducing()

    def resume(self) -> None:
        if self._is_paused and self.channel is not None:
            self._is_paused = False
            if not self.channel._waitingForTransport:
                self.channel._networkProducer.resumeProducing()

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:  # noqa: N802
        if self.inbox is None:
            super().requestReceived(command, path, version)
            return
        self._is_whole = True
        if self._ending:
            self._end()
        else:
            self.inbox.put_end()

    def handle_reply(self, message: dict[str, Any]) -> None:
        super().handle_reply(message)
        if message["type"] == "http.response.start" and self.inbox and not self._is_whole:
            self.responseHeaders.setRawHeaders(b"Connection", [b"close"])

    def finish(self) -> None:
        """End the request. When its body is not all here, the rest must not be taken for the next request."""
        if self.inbox is None or self._is_whole:
            super().finish()
        elif not self._ending:
            self.channel.persistent = False
            self._ending = self.channel.callLater(DRAIN_SECONDS, self._end)
            self.resume()

    def _end(self) -> None:
        self._forget_ending()
        super().finish()

    def _forget_ending(self) -> None:
        if self._ending and self._ending.active():
            self._ending.cancel()

    def connectionLost(self, reason: Any) -> None:  # noqa: N802
        self._forget_ending()
        super().connectionLost(reason)


class StreamingFactory(HTTPFactory):
    def __init__(self, server: Any) -> None:
        super().__init__(server)
        self._lines: WeakKeyDictionary[Any, str] = WeakKeyDictionary()

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802
        # Behind our proxy all connections come from one address, and the proxy limits them.
        if not settings.BEHIND_PROXY and self._has_too_many(addr.host):
            return None
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = StreamingRequest
        connected = protocol.makeConnection

        def make_connection(transport: Any) -> None:
            self._lines[transport] = addr.host
            connected(transport)

        protocol.makeConnection = make_connection
        return protocol

    def _has_too_many(self, host: str) -> bool:
        if len(self._lines) < LINES_OF_ONE_ADDRESS:
            return False
        from_there = sum(bool(line.connected) for line, other in self._lines.items() if other == host)
        return from_there >= LINES_OF_ONE_ADDRESS


class StreamingServer(daphne.server.Server):
    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """As daphne does, but for requests with a body with their own inbox."""
        inbox = getattr(protocol, "inbox", None)
        if inbox is None:
            return super().create_application(protocol, scope)
        scope.setdefault("asgi", {"version": "3.0"})
        application = self.application(
            scope=scope, receive=inbox.get, send=partial(self.handle_reply, protocol)
        )
        self.connections[protocol]["application_instance"] = asyncio.ensure_future(
            application, loop=asyncio.get_event_loop()
        )
        return inbox


class StreamingCommandLine(CommandLineInterface):
    server_class = StreamingServer


def ask_for_descriptors() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


def main() -> None:
    ask_for_descriptors()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    if settings.SOCKET_SERVER == "uvicorn":
        uvicorn_worker.serve(sys.argv[1:])
        return
    # The server looks its factory up by this name.
    daphne.server.HTTPFactory = StreamingFactory
    StreamingCommandLine().run(sys.argv[1:])


if __name__ == "__main__":
    main()
