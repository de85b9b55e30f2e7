"""The site as it is served, on the test database."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def site(django_db_setup: None) -> Iterator[str]:
    with served() as address:
        yield address


@contextmanager
def served(**more: str) -> Iterator[str]:
    """The address of a server process with the site's own settings: compressed, fingerprinted static files included.

    `more` goes into its environment.
    """
    database, port = settings.DATABASES["default"], free_port()
    address = f"http://localhost:{port}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lms.settings",
        "SITE_URL": address,
        **more,
        "DATABASE_URL": "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(
            **{**database, "HOST": database["HOST"].replace("/", "%2F")}
        ),
    }
    subprocess.run([sys.executable, "manage.py", "prepare"], cwd=ROOT, env=environment, check=True)
    command = [
        sys.executable,
        "-m",
        "lms.webserver",
        "-b",
        "127.0.0.1",
        "-p",
        str(port),
        "lms.asgi:application",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        for _attempt in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None, "the site did not start"
                time.sleep(0.1)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
