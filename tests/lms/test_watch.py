"""A server of the scaled mode that runs and answers nothing is replaced: the commands are those of docker-compose.yml."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil
import pytest

from scripts.scaled_check import command_of
from tests.live.shortening import shortened
from tests.served_site import ROOT, collect_static, database_url, free_port
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.engines("stops and replaces whole servers"),
    pytest.mark.django_db(transaction=True),
]
SECONDS = {
    "lms.embedded.readiness.UNREADY_SECONDS": 1,
    "lms.embedded.readiness.READINESS_WATCH_SECONDS": 0.2,
    "lms.embedded.readiness.ANSWER_SECONDS": 0.5,
}


@contextmanager
def watched(service: str) -> Iterator[tuple[str, psutil.Process]]:
    """The address of a service, and its watcher, which waits a second instead of half a minute."""
    port = free_port()
    address = f"http://localhost:{port}"
    environment = {
        **os.environ,
        **shortened(SECONDS),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "DJANGO_SETTINGS_MODULE": "lms.settings",
        "SITE_URL": address,
        "DATABASE_URL": database_url(),
    }
    collect_static(environment)
    python, _, module, *words = command_of(service, port)
    assert (python, module) == ("python", "lms.watch")
    with subprocess.Popen(
        [sys.executable, "-m", "tests.lms.short_watch", *words],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stderr
            # The watch begins with its own first answer.
            assert any("is ready, and watched" in line for line in process.stderr)
            threading.Thread(target=process.stderr.read, daemon=True).start()
            yield address, psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def ready_server(address: str, watcher: psutil.Process, *, but: int = 0) -> psutil.Process:
    """The server below the watcher, once one other than the process `but` is ready."""

    def ready() -> psutil.Process | None:
        with suppress(httpx.TransportError, IndexError):
            is_ready = httpx.get(f"{address}/readyz", timeout=1).status_code == httpx.codes.OK
            server = watcher.children()[0]
            return server if is_ready and server.pid != but else None
        return None

    return wait_until(ready)


@pytest.mark.parametrize(
    "service",
    ["web", pytest.param("sockets", marks=pytest.mark.engines("the same of another server", nightly=True))],
)
def test_a_server_that_hangs_is_replaced_in_a_container_too(service: str):
    with watched(service) as (address, watcher):
        server = ready_server(address, watcher)
        for process in (server, *server.children(recursive=True)):
            process.suspend()

        successor = ready_server(address, watcher, but=server.pid)

        assert successor.is_running()
        assert not psutil.pid_exists(server.pid) or server.status() == psutil.STATUS_ZOMBIE
        left = [successor, *successor.children(recursive=True)]
    wait_until(lambda: not any(process.is_running() for process in left))
