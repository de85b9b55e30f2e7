"""Real Celery workers that draw certificates, on a broker of their own."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu import Connection

from certificates import tasks
from certificates.services.rendering import JOBS_IN_A_MESSAGE


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    """The address of a Redis that keeps nothing on the disk."""
    program = shutil.which("redis-server")
    assert program, "Debian package: redis-server"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path), "--save", ""]
    server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait()


def ring_at(broker: str, job_ids: list[int]) -> None:
    """Send the messages of a batch to a broker that the test's own settings do not know."""
    with Connection(broker) as connection:
        for start in range(0, len(job_ids), JOBS_IN_A_MESSAGE):
            tasks.render_chunk.apply_async(
                (job_ids[start : start + JOBS_IN_A_MESSAGE],), connection=connection
            )
