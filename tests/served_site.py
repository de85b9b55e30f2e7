"""The site as it is served, on the test database: compressed, fingerprinted static files included."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from lms.owner import LOGIN
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[1]
# Tests with this site run on one worker, which starts it once. Classes on air are among them, one after another: where a
# machine is too slow for two, a page does as it should and gives up its picture.
ON_SITE = pytest.mark.xdist_group("site")
# Tests of slow connections take minutes: they run on another worker, with a site of its own.
ON_SLOW_LINE = pytest.mark.xdist_group("slow lines")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database_url(*, as_owner: bool = False, **instead: str) -> str:
    """The tests' own database, as the environment names it."""
    database = {**settings.DATABASES["default"]}
    if as_owner:
        database |= {name: settings.DATABASE_OWNER[name] for name in LOGIN}
    database |= instead
    host = database["HOST"].replace("/", "%2F")
    return (
        f"postgres://{database['USER']}:{database['PASSWORD']}@{host}:{database['PORT']}/{database['NAME']}"
    )


@contextmanager
def served(*words: str, **more: str) -> Iterator[str]:
    """The address of a server process with the site's own settings.

    `words` are further options of its command line, `more` goes into its environment.
    """
    port = free_port()
    address = f"http://localhost:{port}"
    environment = {
        **os.environ,
        # This process is not notified of rows that tests write and delete.
        "PAGE_CACHE_SECONDS": "0",
        "SHARED_ROWS_SECONDS": "0",
        "DJANGO_SETTINGS_MODULE": "lms.settings",
        "SITE_URL": address,
        "DATABASE_URL": database_url(),
        **more,
    }
    collect_static(environment)
    command = [
        sys.executable,
        "-m",
        "lms.webserver",
        "-b",
        "127.0.0.1",
        "-p",
        str(port),
        *words,
        "lms.asgi:application",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        until_served(port, process)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def until_served(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the process takes connections. How long a start may take is no test's claim."""

    def answers() -> bool:
        assert process.poll() is None, f"{process.args} did not start"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    wait_until(answers, 90)


def collect_static(environment: dict[str, str]) -> None:
    """Once for all servers of a run. The rest of `manage.py prepare` is done: the database comes migrated."""
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
