"""deploy/nginx.conf in a real nginx: a server that was recreated at another address is found again."""

import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from lms.embedded.postgres import free_port
from scripts.proxy import Proxy, find_nginx
from tests.waiting import wait_until

pytestmark = pytest.mark.scaled("needs nginx")


class Names:
    """A name server on loopback that answers every question with one address, which a test may change."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]

    def answer(self) -> None:
        with suppress(OSError):
            while True:
                asked, who = self._socket.recvfrom(512)
                question = asked[12 : asked.index(b"\0", 12) + 5]
                head = asked[:2] + b"\x81\x80" + b"\0\1" + b"\0\1" + b"\0\0" + b"\0\0"
                found = (
                    b"\xc0\x0c" + b"\0\1" + b"\0\1" + b"\0\0\0\1" + b"\0\4" + socket.inet_aton(self.address)
                )
                self._socket.sendto(head + question + found, who)

    def close(self) -> None:
        self._socket.close()


@contextmanager
def site(address: str, port: int) -> Iterator[None]:
    """Answers every page with its own address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = address.encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer((address, port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def nginx_version() -> tuple[int, ...]:
    said = subprocess.run([str(find_nginx()), "-v"], capture_output=True, text=True, check=True).stderr
    found = re.search(r"nginx/(\d+)\.(\d+)\.(\d+)", said)
    assert found
    return tuple(map(int, found.groups()))


def test_a_server_at_a_new_address_is_found_unless_nginx_is_too_old(tmp_path: Path):
    port, names = free_port(), Names("127.0.0.2")
    threading.Thread(target=names.answer, daemon=True).start()
    servers = f"server web.test:{port} resolve;"
    resolver = f"127.0.0.1:{names.port}"
    if nginx_version() < (1, 27, 3):
        # As Debian's. It must not start and go on asking the first address.
        with pytest.raises(RuntimeError, match='invalid parameter "resolve"'):
            Proxy(tmp_path, files=tmp_path, secret="x" * 32, pages=servers, resolver=resolver).__enter__()
        return
    with (
        site("127.0.0.2", port),
        site("127.0.0.3", port),
        Proxy(tmp_path, files=tmp_path, secret="x" * 32, pages=servers, resolver=resolver) as proxy,
    ):
        wait_until(lambda: is_answered_by(proxy, "127.0.0.2"))
        names.address = "127.0.0.3"
        wait_until(lambda: is_answered_by(proxy, "127.0.0.3"))
    names.close()


def is_answered_by(proxy: Proxy, address: str) -> bool:
    answer = requests.get(proxy.address, timeout=5)
    return answer.ok and answer.text == address
