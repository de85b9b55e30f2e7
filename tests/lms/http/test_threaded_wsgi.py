"""Pages on the socket server: a page that began is answered to its end; requests whose client left are dropped."""

import asyncio
import io
import threading
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import pytest

from lms import threaded_wsgi
from lms.threaded_wsgi import ThreadedWsgi

SCOPE: dict[str, Any] = {
    "type": "http",
    "method": "POST",
    "path": "/ar/دورات/",
    "query_string": b"q=a",
    "http_version": "1.1",
    "headers": [],
    "server": ("localhost", 8000),
    "client": ("127.0.0.1", 50000),
}


class Line:
    """The ASGI side of a client connection."""

    def __init__(self, *pieces: bytes) -> None:
        self.answer: list[dict[str, Any]] = []
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        for piece in pieces:
            self._messages.put_nowait({"type": "http.request", "body": piece, "more_body": True})
        self.receive = self._messages.get

    def end(self) -> "Line":
        self._messages.put_nowait({"type": "http.request", "body": b"", "more_body": False})
        return self

    def leave(self) -> None:
        self._messages.put_nowait({"type": "http.disconnect"})

    async def send(self, message: dict[str, Any]) -> None:
        self.answer.append(message)

    @property
    def status(self) -> int:
        return self.answer[0]["status"]

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.answer[1:])


class Answer:
    """What a WSGI application returns: pieces, and a word at the end of the request."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces
        self.is_closed = False

    def __iter__(self) -> Any:
        return iter(self.pieces)

    def close(self) -> None:
        self.is_closed = True


def echo(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])),
        b"|",
        environ["QUERY_STRING"].encode(),
    ]


async def test_a_body_in_chunks_reaches_the_view_whole():
    line = Line(b"a", b"b" * threaded_wsgi.IN_MEMORY_BYTES).end()

    await ThreadedWsgi(echo, at_once=1)(SCOPE, line.receive, line.send)

    assert (line.status, line.body) == (200, b"a" + b"b" * threaded_wsgi.IN_MEMORY_BYTES + b"|q=a")


async def test_an_address_outside_of_ascii_is_no_fault():
    line = Line().end()

    await ThreadedWsgi(echo, at_once=1)(
        {**SCOPE, "query_string": "q=كهرباء".encode()}, line.receive, line.send
    )

    assert line.status == 200


async def test_headers_that_came_twice_are_joined_and_those_that_pose_as_others_dropped():
    headers = [
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
        (b"x-forwarded-for", b"1.2.3.4"),
        (b"x_forwarded_for", b"9.9.9.9"),
    ]

    assert threaded_wsgi.variables_of(headers) == {
        "HTTP_COOKIE": "a=1; b=2",
        "HTTP_X_FORWARDED_FOR": "1.2.3.4",
    }


class Gate:
    """An application whose pages wait, and say which of them began."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.entered = threading.Semaphore(0)
        self.begun: list[str] = []
        self.answers: list[Answer] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.begun.append(environ["QUERY_STRING"])
        self.entered.release()
        self.opened.wait(10)
        start_response("200 OK", [])
        self.answers.append(Answer(b"done"))
        return self.answers[-1]


async def begun(gate: Gate, count: int) -> None:
    for _ in range(count):
        assert await asyncio.to_thread(gate.entered.acquire, timeout=10)


async def test_a_request_that_has_begun_goes_on_when_its_client_leaves_and_when_the_server_ends_it():
    gate, left, ended = Gate(), Line().end(), Line().end()
    application = ThreadedWsgi(gate, at_once=2)
    asking = [asyncio.create_task(application(SCOPE, line.receive, line.send)) for line in (left, ended)]
    await begun(gate, 2)

    left.leave()
    asking[1].cancel()
    await asyncio.sleep(0.05)
    gate.opened.set()
    await asyncio.wait(asking)
    application._threads.shutdown()

    assert [answer.is_closed for answer in gate.answers] == [True, True]


async def test_a_request_that_waits_does_not_begin_when_its_client_leaves():
    gate, first, second = Gate(), Line().end(), Line().end()
    application = ThreadedWsgi(gate, at_once=1)
    asking = [asyncio.create_task(application({**SCOPE, "query_string": b"1"}, first.receive, first.send))]
    await begun(gate, 1)
    asking.append(
        asyncio.create_task(application({**SCOPE, "query_string": b"2"}, second.receive, second.send))
    )
    await asyncio.sleep(0.05)

    second.leave()
    await asyncio.wait([asking[1]])
    gate.opened.set()
    await asyncio.wait(asking)

    assert gate.begun == ["1"]
    assert (first.status, second.answer) == (200, [])


async def test_a_request_beyond_the_queue_gets_503_with_retry_after(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(threaded_wsgi, "WAITING_AT_MOST", 1)
    gate, first, second, slow = Gate(), Line().end(), Line().end(), Line(b"half a body")
    application = ThreadedWsgi(gate, at_once=1)
    # Does not count: it has not asked yet.
    slowly = asyncio.create_task(application(SCOPE, slow.receive, slow.send))
    asking = asyncio.create_task(application(SCOPE, first.receive, first.send))
    await begun(gate, 1)

    await application(SCOPE, second.receive, second.send)
    gate.opened.set()
    slow.leave()
    await asyncio.wait([asking, slowly])

    assert second.status == 503
    assert dict(second.answer[0]["headers"])[b"retry-after"] == b"10"
    assert (first.status, slow.answer) == (200, [])


async def test_a_busy_site_is_ready_all_the_same(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(threaded_wsgi, "WAITING_AT_MOST", 1)
    gate, first, probe = Gate(), Line().end(), Line().end()

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return (echo if environ["PATH_INFO"] == "/readyz" else gate)(environ, start_response)

    site = ThreadedWsgi(application, at_once=1)
    asking = asyncio.create_task(site(SCOPE, first.receive, first.send))
    await begun(gate, 1)

    await site({**SCOPE, "path": "/readyz"}, probe.receive, probe.send)
    gate.opened.set()
    await asking

    assert (probe.status, first.status) == (200, 200)


async def test_a_request_is_closed_when_its_client_does_not_read_the_response():
    answer = Answer(b"a", b"b")

    def application(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return answer

    async def broken(_message: dict[str, Any]) -> None:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await ThreadedWsgi(application, at_once=1)(SCOPE, Line().end().receive, broken)

    assert answer.is_closed


def said_about(asked: list[dict[str, Any]]) -> Any:
    """An application that records its requests and refuses uploads."""

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        asked.append(environ)
        start_response(
            "403 Forbidden" if environ["PATH_INFO"] == threaded_wsgi.MAY_UPLOAD else "413 Too Large", []
        )
        return [b""]

    return application


@pytest.mark.parametrize(
    ("path", "told_at"),
    [
        ("/en/accounts/login/", "/en/too-large/"),
        ("/admin/", "/ar/too-large/"),
        ("/ar/verify/list/", "/ar/verify/list/too-large/"),
    ],
)
async def test_a_body_that_is_announced_too_large_is_not_read(path: str, told_at: str):
    asked: list[dict[str, Any]] = []
    line = Line(b"0" * 1000)
    scope = {**SCOPE, "path": path, "headers": [(b"content-length", b"5000000000")]}

    await ThreadedWsgi(said_about(asked), at_once=1)(scope, line.receive, line.send)

    assert line.status == 413
    assert [(page["REQUEST_METHOD"], page["PATH_INFO"], page["CONTENT_LENGTH"]) for page in asked] == [
        ("GET", told_at, "0")
    ]


async def test_a_body_in_chunks_is_kept_up_to_what_its_address_takes():
    body, most = io.BytesIO(), 1000
    line = Line(b"0" * 600, b"0" * 600)

    with pytest.raises(threaded_wsgi.BodyTooLarge):
        await threaded_wsgi.copy_body(line.receive, body, most)

    assert len(body.getvalue()) == 600


async def test_the_site_is_asked_who_sends_a_file_and_the_client_does_not_answer_for_it():
    asked: list[dict[str, Any]] = []
    line = Line(b"0")
    headers = [(b"content-length", b"9000000"), (b"x-original-method", b"GET"), (b"cookie", b"sessionid=a")]
    scope = {**SCOPE, "path": "/ar/teach/uploads/", "headers": headers}

    await ThreadedWsgi(said_about(asked), at_once=1)(scope, line.receive, line.send)

    assert line.status == 413
    assert asked[0]["PATH_INFO"] == threaded_wsgi.MAY_UPLOAD
    assert (asked[0]["HTTP_COOKIE"], "HTTP_X_ORIGINAL_METHOD" in asked[0]) == ("sessionid=a", False)


async def test_a_body_in_chunks_is_no_file():
    asked: list[dict[str, Any]] = []
    line = Line(b"0" * threaded_wsgi.DEFAULT.size, b"0")

    await ThreadedWsgi(said_about(asked), at_once=1)(
        {**SCOPE, "path": "/ar/teach/uploads/"}, line.receive, line.send
    )

    assert [page["PATH_INFO"] for page in asked] == ["/ar/too-large/"]


async def test_a_body_that_comes_too_slowly_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(threaded_wsgi, "BODY_SECONDS", 0.05)
    monkeypatch.setattr(threaded_wsgi, "SLOWEST_BYTES_A_SECOND", 10**9)
    line = Line(b"half a body")

    await ThreadedWsgi(echo, at_once=1)(SCOPE, line.receive, line.send)

    assert line.status == 408


async def read_whole(_scope: dict[str, Any], receive: Any, send: Any) -> None:
    """An asynchronous application, as Django's is as far as bodies go."""
    while (message := await receive())["type"] == "http.request" and message["more_body"]:
        pass
    if message["type"] == "http.request":
        await threaded_wsgi.refuse(send, HTTPStatus.OK)


@pytest.mark.parametrize(("sizes", "statuses"), [([1], [200]), ([threaded_wsgi.DEFAULT.size, 1], [])])
async def test_a_view_that_waits_takes_small_bodies_only(sizes: list[int], statuses: list[int]):
    line = Line(*(bytes(size) for size in sizes)).end()

    await threaded_wsgi.run_to_completion(read_whole)(SCOPE, line.receive, line.send)

    assert [message["status"] for message in line.answer[:1]] == statuses


async def test_a_view_that_waits_refuses_what_is_announced_too_large():
    line = Line(b"0")
    scope = {**SCOPE, "headers": [(b"content-length", b"5000000000")]}

    await threaded_wsgi.run_to_completion(read_whole)(scope, line.receive, line.send)

    assert line.status == 413


async def test_a_view_that_waits_goes_on_when_the_server_ends_it():
    ended, line = asyncio.Event(), Line().end()

    async def slow(_scope: dict[str, Any], receive: Any, _send: Any) -> None:
        await receive()
        await asyncio.sleep(0.05)
        ended.set()

    asking = asyncio.create_task(threaded_wsgi.run_to_completion(slow)(SCOPE, line.receive, line.send))
    await asyncio.sleep(0)
    asking.cancel()

    await asyncio.wait_for(ended.wait(), 5)


async def test_a_client_that_takes_nothing_is_sent_no_second_answer():
    sent: list[dict[str, Any]] = []

    async def never_taken(message: dict[str, Any]) -> None:
        sent.append(message)
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await ThreadedWsgi(echo, at_once=1)(SCOPE, Line().end().receive, never_taken)

    assert [message["status"] for message in sent] == [200]
