"""A tus client that can stop in the middle of a body, as browsers on a bad connection do."""

import base64
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from django.conf import settings
from django.test import Client

from accounts.models import User
from media_pipeline.uploading import UPLOADS_PATH
from media_pipeline.uploading.protocol import CONTENT_TYPE, VERSION
from tests.waiting import wait_until

TOKEN = "t" * 32


@dataclass
class Reply:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def offset(self) -> int:
        return int(self.headers["Upload-Offset"])


def encoded(**metadata: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in metadata.items())


class TusClient:
    def __init__(self, port: int, user: User | None) -> None:
        self.port = port
        self.cookies = f"csrftoken={TOKEN}"
        if user:
            client = Client()
            client.force_login(user)
            self.cookies += f"; {settings.SESSION_COOKIE_NAME}={client.cookies['sessionid'].value}"

    def headers(self, more: Mapping[str, str | None]) -> dict[str, str]:
        usual = {
            "Host": f"localhost:{self.port}",
            "Cookie": self.cookies,
            "X-CSRFToken": TOKEN,
            "Tus-Resumable": VERSION,
        }
        return {name: value for name, value in {**usual, **more}.items() if value is not None}

    def ask(self, method: str, path: str, *, body: bytes | None = None, **more: str | None) -> Reply:
        """Headers by keyword, with _ for -; None leaves a usual one out."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        given = {name.replace("_", "-"): value for name, value in more.items()}
        connection.request(method, path, body, self.headers(given))
        answer = connection.getresponse()
        reply = Reply(answer.status, answer.headers, answer.read().decode())
        connection.close()
        return reply

    def create(self, length: int, **metadata: str) -> str:
        reply = self.announce(length, **metadata)
        assert reply.status == 201, reply.text
        return reply.headers["Location"]

    def announce(self, length: int, **metadata: str) -> Reply:
        said = encoded(**{"filename": "درس.mp4", "title": "درس", **metadata})
        return self.ask("POST", UPLOADS_PATH, Upload_Length=str(length), Upload_Metadata=said)

    def head(self, url: str) -> Reply:
        return self.ask("HEAD", url)

    def patch(self, url: str, offset: int, body: bytes, **more: str | None) -> Reply:
        usual = {"Content_Type": CONTENT_TYPE, "Upload_Offset": str(offset)}
        return self.ask("PATCH", url, body=body, **{**usual, **more})

    def started_patch(self, url: str, offset: int, length: int, **more: str) -> socket.socket:
        """A PATCH that has announced `length` bytes of body and sent none yet."""
        connection = socket.create_connection(("127.0.0.1", self.port), 30)
        given = {name.replace("_", "-"): value for name, value in more.items()}
        lines = {
            "Content-Type": CONTENT_TYPE,
            "Upload-Offset": str(offset),
            "Content-Length": str(length),
            **given,
        }
        text = "".join(f"{name}: {value}\r\n" for name, value in self.headers(lines).items())
        connection.sendall(f"PATCH {url} HTTP/1.1\r\n{text}\r\n".encode())
        return connection

    def cut_patch(self, url: str, offset: int, body: bytes, *, after: int, **more: str) -> None:
        """Announce all of `body`, send `after` bytes of it and disconnect."""
        with self.started_patch(url, offset, len(body), **more) as connection:
            connection.sendall(body[:after])

    def settled_offset(self, url: str, wanted: int) -> int:
        """The offset once the server has read all bytes in transit, as a client that asks after a while sees it."""
        return wait_until(lambda: (offset := self.head(url).offset) >= wanted and offset)


def status_of(connection: socket.socket) -> int:
    return int(connection.makefile("rb").readline().split()[1])


def part_of(url: str) -> Path:
    return Path(settings.PRIVATE_ROOT) / "media" / "uploads" / url.rpartition("/")[2]
