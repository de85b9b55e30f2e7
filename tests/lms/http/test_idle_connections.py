"""Idle connections occupy no thread: the site answers others while a thousand are open."""

import contextlib
import socket
from urllib.parse import urlsplit

import httpx
import pytest

from lms.webserver import LINES_OF_ONE_ADDRESS
from tests.served_site import served

pytestmark = pytest.mark.engines("a thousand open lines to a server process")


@pytest.mark.django_db(transaction=True)
def test_a_thousand_idle_connections_from_one_address_block_no_other_client():
    with served() as site, contextlib.ExitStack() as lines:
        port = urlsplit(site).port
        silent = [
            lines.enter_context(
                socket.create_connection(("127.0.0.1", port), 10, source_address=("127.0.0.3", 0))
            )
            for _ in range(LINES_OF_ONE_ADDRESS + 100)
        ]
        beyond = silent[-1]
        beyond.settimeout(10)

        others = httpx.get(f"{site}/healthz", timeout=10)

        # Refused at once, not kept waiting.
        assert beyond.recv(1) == b""
        assert others.status_code == 200
