"""Pages on the socket server: the WSGI application, in a few threads of this process.

An ASGI server tells an application that its client has left, and daphne ends one that goes on for ten seconds. Django's
own ASGI handler is cut off by either between a view, whose thread goes on, and the end of the request, which would give
its database connection back: each time the pool loses one. Here a request that has begun is answered to its end, and one
that still waits for a thread when its client leaves does not begin.
"""

import asyncio
import io
import os
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from http import HTTPStatus
from typing import IO, Any

from django.conf import settings
from django.utils.translation import get_language_from_path

from lms.body_limits import DEFAULT, limit_for
from lms.outages import RETRY_AFTER_SECONDS

type Scope = dict[str, Any]
type Receive = Callable[[], Awaitable[dict[str, Any]]]
type Send = Callable[[dict[str, Any]], Awaitable[None]]
# Django's own handler and ours take messages of slightly different types.
type AsgiApplication = Callable[..., Awaitable[None]]
type WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# Requests that may wait for a thread. The next one gets a 503.
WAITING_AT_MOST = 500
# Seconds that a body may take, by its size: half of 64 kbit/s is enough.
BODY_SECONDS = 60
SLOWEST_BYTES_A_SECOND = 4000
MAY_UPLOAD = "/may-upload/"
# The paths that health checks of this process request.
PROBES = frozenset({"/healthz", "/readyz"})
# Pages that have a page of their own about it.
OWN_ERROR_PAGES = re.compile(r"/[a-z]+/verify/(?:file|list)/")
# A client that reads nothing for so many seconds is disconnected.
SEND_SECONDS = 60
# Bodies beyond this size are kept in a file until the view has them.
IN_MEMORY_BYTES = 64 * 1024


class TooManyWaiting(Exception):
    """Too many requests wait already."""


class BodyTooLarge(Exception):
    """More than `lms.body_limits` lets come to this address."""


class BodyTooSlow(Exception):
    """The body did not arrive in the time that the slowest supported connection needs for it."""


class ClientGone(Exception):
    """The client left before it had sent what it announced."""


class ThreadedWsgi:
    """An ASGI application that answers with a WSGI application, `at_once` requests at a time."""

    def __init__(self, application: WsgiApplication, *, at_once: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="page")
        # A site that is busy is ready all the same, and must not be replaced.
        self._probes = ThreadPoolExecutor(max_workers=1, thread_name_prefix="probe")
        self._asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            try:
                most = await self._most(scope)
                # Outside of the threads: a client may take minutes over it.
                body = await whole_body(receive, most)
            except BodyTooLarge:
                # What was sent is thrown away by the server; the page about it is asked for as any other.
                scope, body = page_about_size(scope), io.BytesIO()
            await self._answer(scope, body, receive, send)
        except BodyTooSlow:
            await refuse(send, HTTPStatus.REQUEST_TIMEOUT)
        except TooManyWaiting:
            await refuse(send, HTTPStatus.SERVICE_UNAVAILABLE)
        except ClientGone:
            return

    async def _most(self, scope: Scope) -> int:
        """How many bytes are taken. Raises BodyTooLarge where more were announced."""
        limit, announced = limit_for(scope["path"]), announced_by(scope)
        if announced > limit.size:
            raise BodyTooLarge
        if not limit.is_for_staff:
            return limit.size
        if announced <= DEFAULT.size:
            # A browser always says how large a file is; a body in chunks gets no more.
            return DEFAULT.size
        if not await self._is_let(scope):
            raise BodyTooLarge
        return limit.size

    @contextmanager
    def _place(self) -> Iterator[None]:
        """A place among those who wait for a thread or have one. Raises TooManyWaiting."""
        if self._asked >= WAITING_AT_MOST:
            raise TooManyWaiting
        self._asked += 1
        try:
            yield
        finally:
            self._asked -= 1

    async def _is_let(self, scope: Scope) -> bool:
        """Whether the site lets this client upload files (`lms.views.may_upload`, which nginx asks, too)."""
        said: list[dict[str, Any]] = []
        # What a proxy would say is not the client's to say.
        headers = [pair for pair in scope["headers"] if pair[0] != b"x-original-method"]
        asked = {**scope, "method": "GET", "path": MAY_UPLOAD, "query_string": b"", "headers": headers}
        environ = environ_of(asked, io.BytesIO())
        with self._place():
            work = self._threads.submit(
                respond, self._application, environ, lambda *messages: said.extend(messages)
            )
            await asyncio.wrap_future(work)
        return said[0]["status"] == HTTPStatus.NO_CONTENT

    async def _answer(self, scope: Scope, body: IO[bytes], receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()

        def send_from_thread(*messages: dict[str, Any]) -> None:
            asyncio.run_coroutine_threadsafe(send_all(send, messages), loop).result(SEND_SECONDS)

        is_probe = scope["path"] in PROBES
        threads = self._probes if is_probe else self._threads
        try:
            with nullcontext() if is_probe else self._place():
                environ = environ_of(scope, body)
                work = threads.submit(respond, self._application, environ, send_from_thread)
                work.add_done_callback(lambda _: body.close())
                await self._finish(work, receive)
        except TooManyWaiting:
            body.close()
            raise

    @staticmethod
    async def _finish(work: Future[None], receive: Receive) -> None:
        """Wait for the answer. When the client leaves before it has begun, it does not begin."""
        answering: asyncio.Future[Any] = asyncio.wrap_future(work)
        leaving: asyncio.Future[Any] = asyncio.ensure_future(client_left(receive))
        try:
            await asyncio.wait([answering, leaving], return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                # What has begun goes on in its thread.
                work.cancel()
            with suppress(asyncio.CancelledError):
                await answering
        finally:
            leaving.cancel()


def run_to_completion(application: AsgiApplication) -> AsgiApplication:
    """Run an asynchronous view to its end, whether its client leaves or the server would end it.

    They take small bodies only: what was announced larger is refused, and what grows larger is given up.
    """
    running: set[asyncio.Future[None]] = set()

    async def shielded(scope: Scope, receive: Receive, send: Send) -> None:
        is_whole, size = False, 0

        async def receive_body() -> dict[str, Any]:
            nonlocal is_whole, size
            if is_whole:
                await asyncio.Future()
            message = await receive()
            is_whole = not message.get("more_body")
            size += len(message.get("body", b""))
            return message if size <= DEFAULT.size else {"type": "http.disconnect"}

        if announced_by(scope) > DEFAULT.size:
            await refuse(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        answering = asyncio.ensure_future(application(scope, receive_body, send))
        # The event loop keeps only weak references to tasks.
        running.add(answering)
        answering.add_done_callback(running.discard)
        await asyncio.shield(answering)

    return shielded


async def client_left(receive: Receive) -> None:
    """Wait until the client leaves. What it still sends, of a body that is too large, is thrown away."""
    while (await receive())["type"] != "http.disconnect":
        pass


def announced_by(scope: Scope) -> int:
    """How long the body is said to be. One in chunks says nothing, and is counted as it comes."""
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


def page_about_size(scope: Scope) -> Scope:
    """The question for the page that says that a body is too large, in the words of the site."""
    path = scope["path"]
    if not OWN_ERROR_PAGES.match(path):
        path = f"/{get_language_from_path(path) or settings.LANGUAGE_CODE}/"
    headers = [pair for pair in scope["headers"] if not pair[0].startswith(b"content-")]
    return {**scope, "method": "GET", "path": f"{path}too-large/", "query_string": b"", "headers": headers}


async def whole_body(receive: Receive, most: int) -> IO[bytes]:
    """The body, from its beginning. Raises ClientGone, BodyTooLarge, BodyTooSlow."""
    body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - closed with the answer
    try:
        async with asyncio.timeout(BODY_SECONDS + most / SLOWEST_BYTES_A_SECOND):
            await copy_body(receive, body, most)
    except TimeoutError as late:
        body.close()
        raise BodyTooSlow from late
    # Also when the server ends the request.
    except BaseException:
        body.close()
        raise
    return body


async def copy_body(receive: Receive, body: IO[bytes], most: int) -> None:
    is_whole = False
    while not is_whole:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        piece, is_whole = message.get("body", b""), not message.get("more_body")
        if body.tell() + len(piece) > most:
            raise BodyTooLarge
        body.write(piece)
    body.seek(0)


def environ_of(scope: Scope, body: IO[bytes]) -> dict[str, Any]:
    """What WSGI (PEP 3333) wants to know about a request. Its length is what came: a body in chunks announces none."""
    length = body.seek(0, os.SEEK_END)
    body.seek(0)
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    return {
        **variables_of(scope["headers"]),
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def variables_of(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers as WSGI names them; those that came several times are joined (RFC 9110, section 5.3; RFC 6265, 5.4).

    A name with an underscore would be taken for the one with a hyphen, which our proxy may have set.
    """
    variables: dict[str, str] = {}
    for raw_name, raw_value in headers:
        if b"_" in raw_name:
            continue
        name, value = raw_name.decode("latin-1").upper().replace("-", "_"), raw_value.decode("latin-1")
        variable = name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"
        joint = "; " if name == "COOKIE" else ","
        variables[variable] = joint.join([variables[variable], value]) if variable in variables else value
    return variables


def respond(application: WsgiApplication, environ: dict[str, Any], send: Callable[..., None]) -> None:
    """Run the application and send its response; its `close()` is called whatever happens on the connection."""
    head: list[dict[str, Any]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        head[:] = [
            {
                "type": "http.response.start",
                "status": int(status[:3]),
                "headers": [
                    (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
                ],
            }
        ]

    pieces = application(environ, start_response)
    try:
        last = b""
        for piece in pieces:
            if last:
                send(*head, {"type": "http.response.body", "body": last, "more_body": True})
                head.clear()
            last = piece
        send(*head, {"type": "http.response.body", "body": last})
    finally:
        if close := getattr(pieces, "close", None):
            close()


async def send_all(send: Send, messages: Iterable[dict[str, Any]]) -> None:
    for message in messages:
        await send(message)


async def refuse(send: Send, status: HTTPStatus) -> None:
    """A response without a page, for requests that do not reach Django."""
    body = f"{status} {status.phrase}".encode()
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", str(RETRY_AFTER_SECONDS).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
