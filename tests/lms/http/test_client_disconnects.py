"""A client that disconnects leaks no database connection, thread or file."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import pytest
from django.db import connection

from tests.served_site import served
from tests.waiting import time_passes

pytestmark = pytest.mark.engines("a server process whose clients hang up")

POOL = 3
# daphne ends what goes on for so long after its client left; ten seconds unless it is told otherwise.
PATIENCE = 1
WAIT_SECONDS = 20


@pytest.fixture(params=["daphne", "uvicorn"])
def site(request: pytest.FixtureRequest, django_db_setup: None) -> Iterator[str]:
    words = ["--application-close-timeout", str(PATIENCE)] if request.param == "daphne" else []
    with served(*words, SOCKET_SERVER=request.param, DATABASE_POOL_SIZE=str(POOL)) as address:
        yield address


@contextmanager
def pages_that_wait() -> Iterator[None]:
    """Every page waits for the database until the end of the block."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE wagtailcore_site, django_session IN ACCESS EXCLUSIVE MODE")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def hung_up(site: str, request: bytes, after: float) -> None:
    address = urlsplit(site)
    with socket.create_connection((address.hostname or "", address.port or 0), 10) as line:
        line.sendall(request)
        time_passes(after, "the client hangs up in the middle of the work")


REQUESTS = {
    "a page": b"GET /ar/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a form": b"POST /ar/accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\na=b",
    "half a form": b"POST /ar/accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300\r\n\r\na=b",
    "a page of a session": b"GET /ar/learning/ HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid=0123456789\r\n\r\n",
    "an upload": b"HEAD /media/uploads/00000000000000000000000000000000 HTTP/1.1\r\nHost: localhost\r\n"
    b"Tus-Resumable: 1.0.0\r\nCookie: sessionid=0123456789\r\n\r\n",
    "half a line": b"GET /ar/ HT",
}


@pytest.mark.django_db(transaction=True)
def test_pages_answer_when_their_clients_have_hung_up(site: str):
    assert httpx.get(f"{site}/ar/").status_code == 200

    with pages_that_wait():
        storm = [
            threading.Thread(target=hung_up, args=(site, request, number % 4 / 10))
            for number in range(5)
            for request in REQUESTS.values()
        ]
        for thread in storm:
            thread.start()
        for thread in storm:
            thread.join()
        time_passes(3 * PATIENCE, "longer than daphne lets an application go on")

    answers = [httpx.get(f"{site}/ar/", timeout=WAIT_SECONDS).status_code for _ in range(3 * POOL)]

    assert answers == [200] * 3 * POOL
