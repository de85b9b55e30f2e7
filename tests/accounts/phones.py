"""A gateway that takes short messages and keeps them: what `tests.accounts.kannel` is for, without its programs."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import NamedTuple

CODE = re.compile(r"\b\d{6}\b")


class Message(NamedTuple):
    to: str
    text: str

    @property
    def code(self) -> str:
        return CODE.findall(self.text)[0]


class Phones(HTTPServer):
    """`answer` is the status of the next responses: 202 takes a message."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.messages: list[Message] = []
        self.answer = 202

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: Phones

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.server.answer == 202:
            self.server.messages.append(Message(self.headers["X-Kannel-To"], text))
        self.send_response(self.server.answer)
        self.end_headers()
        # As a careless gateway does.
        self.wfile.write(f"Not now: {text}".encode())

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def phones() -> Iterator[Phones]:
    with Phones() as server:
        serving = threading.Thread(target=server.serve_forever, args=[0.01])
        serving.start()
        yield server
        server.shutdown()
        serving.join()
