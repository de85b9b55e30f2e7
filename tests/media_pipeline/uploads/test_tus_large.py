"""An upload of 5 GB does not grow the server's memory."""

import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import User
from tests.live.conftest import Server, start_server, stop_server
from tests.media_pipeline.uploads.tus_client import TusClient, part_of, status_of

pytestmark = [pytest.mark.scaled("5 GB through a real server"), pytest.mark.django_db(transaction=True)]
SIZE = 5_000_000_000
GROWTH = 100_000_000
HEAD = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"


@pytest.fixture
def server(django_db_setup: None) -> Iterator[Server]:
    server = start_server(PRIVATE_ROOT=str(settings.PRIVATE_ROOT))
    yield server
    stop_server(server)


def memory(server: Server, what: str) -> int:
    """`VmRSS`, what the process holds; `VmHWM`, the most it ever held: in bytes."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith(what)).split()[1]) * 1024


def sent(connection: socket.socket, file: Path, start: int) -> int:
    with connection, file.open("rb") as stream:
        stream.seek(start)
        connection.sendfile(stream, start)
        return status_of(connection)


def test_five_gigabytes_in_one_request_need_no_memory(server: Server, manager: User):
    tus = TusClient(server.port, manager)
    small = tus.create(1000)
    tus.patch(small, 0, HEAD)
    before = memory(server, "VmRSS")
    with tempfile.NamedTemporaryFile() as file:
        file.write(HEAD)
        file.truncate(SIZE)
        url = tus.create(SIZE)

        status = sent(tus.started_patch(url, 0, SIZE), Path(file.name), 0)

    growth = memory(server, "VmHWM") - before
    assert (status, part_of(url).stat().st_size) == (204, SIZE)
    assert growth < GROWTH
    part_of(url).unlink()
