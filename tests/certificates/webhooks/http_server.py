"""A web server on loopback for tests: it records requests and gives configured answers."""

import threading
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class ReceivedRequest:
    path: str
    headers: Message
    body: bytes


class HttpServer:
    """`answer` is the status of the next answers; while `silence` is an event that is not set, there is none."""

    def __init__(self) -> None:
        self.heard: list[ReceivedRequest] = []
        self.answer = 200
        self.location = ""
        self.silence: threading.Event | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(listener: HttpServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            listener.heard.append(ReceivedRequest(self.path, self.headers, body))
            if listener.silence:
                listener.silence.wait(20)
            self.send_response(listener.answer)
            if listener.location:
                self.send_header("Location", listener.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Silence: tests print their own messages."""

    return Handler
