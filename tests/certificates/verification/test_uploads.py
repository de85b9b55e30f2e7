"""Public uploads: the server reads and stores no more than the limit, however much is sent."""

import threading
import tracemalloc
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import requests
from django.test import Client
from pytest_django.fixtures import Settings

from certificates.services.file_verification import LARGEST
from scripts.proxy import Proxy

BOUNDARY = "----parts"
MEGABYTE = 1024 * 1024


class Parts:
    """The body of a request with `count` files of 2 MB, made while it is read."""

    def __init__(self, count: int) -> None:
        head = (
            f"--{BOUNDARY}\r\n"
            'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        ).encode()
        self._part = [head, b"x" * LARGEST, b"\r\n"]
        self._rest = iter(self._part * count + [f"--{BOUNDARY}--\r\n".encode()])
        self._ahead = bytearray()
        self.length = sum(map(len, self._part)) * count + len(BOUNDARY) + 6
        self.read_so_far = 0

    def read(self, size: int = -1) -> bytes:
        while len(self._ahead) < size and (more := next(self._rest, b"")):
            self._ahead += more
        given = bytes(self._ahead[:size])
        del self._ahead[:size]
        self.read_so_far += len(given)
        return given

    def readline(self, _size: int = -1) -> bytes:
        raise NotImplementedError


def sent(client: Client, address: str, parts: Parts) -> int:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    more = {"wsgi.input": parts, "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(parts.length)}
    return client.generic("POST", address, b"", content_type=kind, **more).status_code


@pytest.mark.parametrize("address", ["/ar/verify/file/", "/ar/verify/list/"])
def test_a_request_with_many_files_is_left_after_the_first(db: None, address: str):
    strict, parts = Client(enforce_csrf_checks=True), Parts(20)
    # With a cookie the token is looked for in the body.
    strict.cookies["csrftoken"] = "a" * 32
    # The first request of a process reads all that a page needs.
    sent(strict, address, Parts(1))

    tracemalloc.start()
    status = sent(strict, address, parts)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert status == 403
    assert parts.read_so_far < 2 * LARGEST
    # The file, once more while it is handed on, and what the test reads ahead.
    assert peak < 5 * LARGEST


def test_of_several_files_the_first_is_answered(client: Client, db: None):
    assert sent(client, "/en/verify/file/", Parts(3)) == 200


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/ar/verify/file/", "هذا الملف أكبر من اللازم"),
        ("/en/verify/file/", "Our certificates are smaller than 2 MB."),
        ("/en/verify/list/", "This list is too long. Send up to 500 certificates at a time."),
    ],
)
def test_what_the_proxy_does_not_take_is_answered_in_words(
    client: Client, db: None, address: str, sentence: str
):
    answer = client.get(f"{address}too-large/")

    assert answer.status_code == 413
    assert sentence in answer.text
    assert "no-store" in answer["Cache-Control"]


class Pages(BaseHTTPRequestHandler):
    """A fake site behind the proxy: it answers with the path and the size of the body."""

    def do_GET(self) -> None:
        if self.path == "/may-upload/":
            is_let = self.headers["X-Original-Method"] == "GET" or "staff" in self.headers.get("Cookie", "")
            self._say(204 if is_let else 403, "")
            return
        if self.path == "/who/":
            self._say(200, self.headers["X-Real-IP"])
            return
        sent_along = int(self.headers.get("Content-Length") or 0)
        self._say(413, f"{self.headers['Host']} {self.path} {sent_along}")

    def do_POST(self) -> None:
        self._say(200, f"taken {len(self.rfile.read(int(self.headers['Content-Length'])))}")

    def _say(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(params=["127.0.0.1"])
def nginx(request: pytest.FixtureRequest, tmp_path: Path, settings: Settings) -> Iterator[str]:
    """nginx with our configuration before a fake site; the parameter is the trusted proxy."""
    server = HTTPServer(("127.0.0.1", 0), Pages)
    served = threading.Thread(target=server.serve_forever)
    served.start()
    files, secret = Path(settings.VAR_DIR), settings.MEDIA_LINK_SECRET
    try:
        with Proxy(
            tmp_path, files=files, secret=secret, pages=server.server_port, trusted=request.param
        ) as proxy:
            yield proxy.address
    finally:
        server.shutdown()
        served.join()
        server.server_close()


@pytest.mark.scaled("needs nginx")
@pytest.mark.parametrize("address", ["/ar/verify/file/", "/en/verify/list/"])
def test_nginx_takes_no_more_than_what_is_looked_at(nginx: str, address: str):
    fits, too_large = (
        requests.post(nginx + address, data=b"x" * size, timeout=5)
        for size in (2 * MEGABYTE + 4096, 4 * MEGABYTE)
    )

    assert (fits.status_code, fits.text) == (200, f"taken {2 * MEGABYTE + 4096}")
    host = nginx.removeprefix("http://")
    assert (too_large.status_code, too_large.text) == (413, f"{host} {address}too-large/ 0")


@pytest.mark.scaled("needs nginx")
@pytest.mark.parametrize(
    ("address", "told_at"),
    [("/en/accounts/login/", "/en/too-large/"), ("/ar/learning/", "/ar/too-large/"), ("/", "/ar/too-large/")],
)
def test_nginx_takes_no_file_where_none_is_asked_for(nginx: str, address: str, told_at: str):
    fits, too_large = (
        requests.post(nginx + address, data=b"x" * size, timeout=5) for size in (MEGABYTE, 2 * MEGABYTE)
    )

    assert fits.status_code == 200
    host = nginx.removeprefix("http://")
    assert (too_large.status_code, too_large.text) == (413, f"{host} {told_at} 0")


@pytest.mark.scaled("needs nginx")
def test_nginx_takes_a_file_from_staff_only(nginx: str):
    address, file = f"{nginx}/ar/teach/uploads/", b"x" * 10 * MEGABYTE

    staff = requests.post(address, data=file, headers={"Cookie": "sessionid=staff"}, timeout=5)
    stranger = requests.post(address, data=file, headers={"X-Original-Method": "GET"}, timeout=5)
    page = requests.get(address, timeout=5)

    assert (staff.status_code, staff.text) == (200, f"taken {len(file)}")
    assert stranger.status_code == 403
    assert page.status_code == 413, "the page itself is asked for as ever: this server answers every GET so"


@pytest.mark.scaled("needs nginx")
@pytest.mark.parametrize(
    ("nginx", "seen"), [("127.0.0.1", "198.51.100.7"), ("10.20.0.4", "127.0.0.1")], indirect=["nginx"]
)
def test_nginx_believes_the_named_proxy_alone_about_who_asks(nginx: str, seen: str):
    """A client in a private network chose its address by this header, and so escaped every limit that counts by address."""
    answer = requests.get(
        f"{nginx}/who/", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}, timeout=5
    )

    assert answer.text == seen
