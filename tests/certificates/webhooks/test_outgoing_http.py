"""Calls to addresses that people typed never reach into our own network."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest

from certificates.outgoing_http import HostUnreachable, OutgoingRequestRefused, OutgoingRules, check_url, post
from tests.certificates.webhooks.http_server import HttpServer

OPEN = OutgoingRules(https_only=False)
HURRIED = OutgoingRules(https_only=False, timeout_seconds=0.1)
HOME = OutgoingRules(https_only=False, allowed=[ip_network("127.0.0.0/8")], timeout_seconds=2)


@pytest.fixture
def listener() -> Iterator[HttpServer]:
    with HttpServer() as listener:
        yield listener


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "[::1]",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.9",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "[fe80::1]",
        "[fc00::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::a00:1]",
        "[2002:a00:1::]",
        "[::127.0.0.1]",
        "[::8.8.8.8]",
        "[::ffff:0:127.0.0.1]",
        "[fec0::1]",
        "[5f00::1]",
        "192.88.99.1",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
def test_an_address_that_is_not_public_is_refused_when_it_is_typed(host: str):
    with pytest.raises(OutgoingRequestRefused):
        check_url(f"http://{host}/hook", rules=OPEN)


@pytest.mark.parametrize("host", ["localhost", "127.1", "0x7f000001", "2130706433", "017700000001"])
def test_a_name_that_leads_home_is_refused_and_nothing_is_sent(listener: HttpServer, host: str):
    with pytest.raises(OutgoingRequestRefused):
        post(f"http://{host}:{listener.port}/", content=b"{}", headers={}, rules=OPEN)

    assert listener.heard == []


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch):
    def both(*_: Any, **__: Any) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("8.8.8.8", "10.0.0.7")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", both)

    with pytest.raises(OutgoingRequestRefused, match=r"10\.0\.0\.7"):
        post("http://hooks.example.org/", content=b"{}", headers={}, rules=OPEN)


def test_the_connection_goes_to_the_address_that_was_looked_at(
    listener: HttpServer, monkeypatch: pytest.MonkeyPatch
):
    asked: list[Any] = []

    def once(host: Any, port: Any, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, *a, **k: once(host, port))

    status = post(f"http://hooks.example.org:{listener.port}/a?b=1", content=b"{}", headers={}, rules=HOME)

    assert status == 200
    assert [host for host in asked if host == "hooks.example.org"] == ["hooks.example.org"]
    assert listener.heard[0].headers["Host"] == f"hooks.example.org:{listener.port}"
    assert listener.heard[0].path == "/a?b=1"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://8.8.8.8/",
        "file:///etc/passwd",
        "//8.8.8.8/",
        "http://",
        "http://user:pass@8.8.8.8/",
        "no address",
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str):
    with pytest.raises(OutgoingRequestRefused):
        check_url(url, rules=OPEN)


def test_plain_http_is_refused_where_only_https_may_be():
    with pytest.raises(OutgoingRequestRefused):
        check_url("http://8.8.8.8/", rules=OutgoingRules(https_only=True))

    assert check_url("https://8.8.8.8/", rules=OutgoingRules(https_only=True)).host == "8.8.8.8"


def test_a_redirect_is_not_followed(listener: HttpServer):
    listener.answer, listener.location = 302, f"http://127.0.0.1:{listener.port}/elsewhere"

    status = post(listener.url, content=b"{}", headers={}, rules=HOME)

    assert status == 302
    assert [request.path for request in listener.heard] == ["/hook"]


def test_a_proxy_of_the_environment_is_not_asked(listener: HttpServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    assert post(listener.url, content=b"{}", headers={}, rules=HOME) == 200


def test_one_that_does_not_answer_is_given_up(listener: HttpServer):
    listener.silence = threading.Event()

    with pytest.raises(HostUnreachable, match="Timeout"):
        post(
            listener.url,
            content=b"{}",
            headers={},
            rules=OutgoingRules(https_only=False, allowed=HOME.allowed, timeout_seconds=0.2),
        )

    listener.silence.set()


def dripping(server: socket.socket, is_over: threading.Event) -> None:
    """One byte of a header at a time, each before anybody would lose patience with a single one."""
    connection, _address = server.accept()
    with connection, contextlib.suppress(OSError):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _byte in range(100):
            connection.sendall(b"a")
            if is_over.wait(0.05):
                return
        connection.sendall(b"\r\nContent-Length: 0\r\n\r\n")


def test_one_that_answers_a_byte_at_a_time_is_given_up():
    is_over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=dripping, args=[server, is_over])
        thread.start()
        rules = OutgoingRules(https_only=False, allowed=HOME.allowed, timeout_seconds=0.5)

        with pytest.raises(HostUnreachable, match="Timeout"):
            post(f"http://127.0.0.1:{server.getsockname()[1]}/", content=b"{}", headers={}, rules=rules)

        is_over.set()
        thread.join()


def test_one_that_is_down_is_not_reached(listener: HttpServer):
    listener.close()

    with pytest.raises(HostUnreachable):
        post(listener.url, content=b"{}", headers={}, rules=HOME)


def test_an_unknown_host_name_is_not_reached(monkeypatch: pytest.MonkeyPatch):
    def unknown(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    with pytest.raises(HostUnreachable):
        post("https://nowhere.example.org/", content=b"{}", headers={}, rules=OPEN)


def test_a_server_without_a_trusted_certificate_gets_nothing(listener: HttpServer):
    url = listener.url.replace("http://", "https://")

    with pytest.raises(HostUnreachable):
        post(url, content=b"secret", headers={}, rules=HOME)

    assert listener.heard == []


def test_name_resolution_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch):
    """A name server that is silent, asked by a resolver that asks again and again."""
    asked, is_over = threading.Event(), threading.Event()

    def silent(*_: Any, **__: Any) -> list[Any]:
        asked.set()
        is_over.wait(30)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 9))]

    monkeypatch.setattr(socket, "getaddrinfo", silent)

    with pytest.raises(HostUnreachable, match="is not known"):
        post("http://slow.example/", content=b"{}", headers={}, rules=HURRIED)

    assert asked.is_set()
    assert not is_over.is_set()
    is_over.set()
