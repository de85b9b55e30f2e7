"""Pages on the socket server: the WSGI application, in a few threads of this process.

An ASGI server tells an application that its client has left, and daphne ends one that goes on for ten seconds. Django's
own ASGI handler is cut off by either between a view, whose thread goes on, and the end of the request, which would give
its database connection back: each time the pool loses one. Here a request that has begun is answered to its end, and one
that still waits for a thread when its client leaves does not begin.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus
from typing import IO, Any

from lms.outages import RETRY_AFTER_SECONDS

type Scope = dict[str, Any]
type Receive = Callable[[], Awaitable[dict[str, Any]]]
type Send = Callable[[dict[str, Any]], Awaitable[None]]
# Django's own handler and ours take messages of slightly different types.
type AsgiApplication = Callable[..., Awaitable[None]]
type WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# So many requests may wait for a thread. The next one is told to come again.
WAITING_AT_MOST = 500
# A client that takes nothing for so long is given up.
SEND_SECONDS = 60
# Bodies beyond this size are kept in a file until the view has them.
IN_MEMORY_BYTES = 64 * 1024


class ClientGone(Exception):
    """The client left before it had sent what it announced."""


class Pages:
    """An ASGI application that answers with a WSGI application, `at_once` requests at a time."""

    def __init__(self, application: WsgiApplication, *, at_once: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="page")
        self._asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            # Outside of the threads: a client may take minutes over it.
            body = await whole_body(receive)
        except ClientGone:
            return
        if self._asked >= WAITING_AT_MOST:
            body.close()
            await refuse(send, HTTPStatus.SERVICE_UNAVAILABLE)
            return
        self._asked += 1
        try:
            await self._answer(scope, body, receive, send)
        finally:
            self._asked -= 1

    async def _answer(self, scope: Scope, body: IO[bytes], receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()

        def send_from_thread(*messages: dict[str, Any]) -> None:
            asyncio.run_coroutine_threadsafe(send_all(send, messages), loop).result(SEND_SECONDS)

        environ = environ_of(scope, body)
        work = self._threads.submit(respond, self._application, environ, send_from_thread)
        work.add_done_callback(lambda _: body.close())
        answering: asyncio.Future[Any] = asyncio.wrap_future(work)
        leaving: asyncio.Future[Any] = asyncio.ensure_future(receive())
        try:
            await asyncio.wait([answering, leaving], return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                # The client has left. What has begun goes on in its thread.
                work.cancel()
            with suppress(asyncio.CancelledError):
                await answering
        finally:
            leaving.cancel()


def to_its_end(application: AsgiApplication) -> AsgiApplication:
    """The application, not told that its client has left, nor ended by the server: for the few asynchronous views."""
    running: set[asyncio.Future[None]] = set()

    async def undisturbed(scope: Scope, receive: Receive, send: Send) -> None:
        is_whole = False

        async def receive_body() -> dict[str, Any]:
            nonlocal is_whole
            if is_whole:
                await asyncio.Future()
            message = await receive()
            is_whole = not message.get("more_body")
            return message

        answering = asyncio.ensure_future(application(scope, receive_body, send))
        # The event loop keeps only weak references to tasks.
        running.add(answering)
        answering.add_done_callback(running.discard)
        await asyncio.shield(answering)

    return undisturbed


async def whole_body(receive: Receive) -> IO[bytes]:
    """The body, from its beginning. Raises ClientGone."""
    body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - closed where the answer ends
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            body.close()
            raise ClientGone
        body.write(message.get("body", b""))
        if not message.get("more_body"):
            body.seek(0)
            return body


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
    """Run the application and send what it says; whatever happens on the line, it is told the end of the request."""
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
    """An answer without a page, for what is answered before Django is asked."""
    body = f"{status} {status.phrase}".encode()
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", str(RETRY_AFTER_SECONDS).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
