"""The three sites that are compared, each on a gunicorn of its own, and the processor time that each has used.

Counted is what the kernel gave to the server and to the backends of its database (`/proc/<pid>/schedstat`, nanoseconds),
so that others who use the machine meanwhile are not in it. PostgreSQL has to run on this machine.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import psycopg

from lms.embedded.environment import ROOT
from lms.embedded.postgres import free_port
from scripts.bench_live.servers import wait_until_listening

# As docker-compose.yml starts it, but for one worker with one thread.
GUNICORN = [
    sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--workers", "1", "--threads", "1", "--keep-alive", "75",
    "--timeout", "120", "--log-level", "warning",
]  # fmt: skip

# What a project of `wagtail start` needs to serve from our PostgreSQL, with its connection kept open as our pool does.
BARE_SETTINGS = """\
import os
from urllib.parse import unquote, urlsplit

from .base import *

address = urlsplit(os.environ["BARE_DATABASE_URL"])
DEBUG = False
SECRET_KEY = "bare"
ALLOWED_HOSTS = ["localhost"]
INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.postgres"]
DATABASES = {"default": {
    "ENGINE": "django.db.backends.postgresql", "NAME": address.path[1:], "USER": unquote(address.username or ""),
    "PASSWORD": unquote(address.password or ""), "HOST": unquote(address.hostname or ""), "PORT": address.port or "",
    "CONN_MAX_AGE": None,
}}
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
"""


@dataclass
class Server:
    """A site that listens on a port of this machine; `database` is the name of the one it asks, if any."""

    process: subprocess.Popen[bytes]
    port: int
    database: str = ""
    connection: HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("localhost", self.port)

    def cpu_ms(self, owner: psycopg.Connection) -> float:
        """What the server and its backends have used so far."""
        backends = owner.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'",
            [self.database],
        )
        pids = [*_family(self.process.pid), *(pid for (pid,) in backends)]
        return sum(_cpu_ns(pid) for pid in pids) / 1e6


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def _cpu_ns(pid: int) -> int:
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads)


@contextmanager
def serve(
    application: str,
    environment: Mapping[str, str] = {},
    *,
    folder: Path = ROOT,
    database: str = "",
    port: int = 0,
) -> Iterator[Server]:
    port = port or free_port()
    process = subprocess.Popen(
        [*GUNICORN, "--bind", f"127.0.0.1:{port}", application], cwd=folder, env={**os.environ, **environment}
    )
    try:
        wait_until_listening(process, port)
        yield Server(process, port, database)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def bare_wagtail(folder: Path, address: str) -> Iterator[Server]:
    """What `wagtail start` makes, with its start page, on an empty database."""
    site = folder / "bare"
    site.mkdir()
    environment = {"BARE_DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "bare.settings.bench"}
    wagtail = Path(sys.executable).with_name("wagtail")
    plain = _without_our_settings(os.environ)
    subprocess.run([wagtail, "start", "bare", site], check=True, stdout=subprocess.DEVNULL, env=plain)
    (site / "bare" / "settings" / "bench.py").write_text(BARE_SETTINGS)
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=site, env={**plain, **environment}, check=True)
    database = address.rpartition("/")[2].partition("?")[0]
    with serve("bare.wsgi:application", environment, folder=site, database=database) as server:
        yield server


def _without_our_settings(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name != "DJANGO_SETTINGS_MODULE"}
