"""The site in both modes, each on a folder and a database of its own: `make run`, and the commands of docker-compose.yml."""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from lms.embedded.environment import ROOT, with_secrets
from lms.embedded.postgres import Postgres, free_port
from lms.embedded.readiness import Address, answers
from lms.embedded.supervisor import Process, supervise
from scripts.proxy import write_configuration
from scripts.scaled_check import PORTS, command_of, constants, programs, workers

EMBEDDED, SCALED = "embedded", "scaled"
READY_SECONDS = 180
# What names a process of the site in its command line, and what it is called in the figures.
KINDS = {
    "lms.asgi": "web",
    "lms.wsgi": "pages",
    " worker --loglevel": "worker",
    " beat --loglevel": "beat",
    "nginx": "nginx",
}


class NotReady(Exception):
    """The site did not start; the message says which log to read."""


@dataclass(frozen=True)
class SiteInstance:
    """Where a site runs: its folder, its database, and the ports of its front and of Redis.

    `database_url` goes straight to the server, whatever the site is told.
    """

    mode: str
    folder: Path
    database_url: str
    port: int
    redis_port: int

    @classmethod
    def of_this_process(cls) -> "SiteInstance":
        facts = json.loads(os.environ["FAULTS_SITE"])
        return cls(**{**facts, "folder": Path(facts["folder"])})

    @property
    def postgres(self) -> Postgres:
        return Postgres(self.folder / "postgres")

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def address(self) -> Address:
        return Address(self.port, self.url)

    @staticmethod
    def processes() -> dict[str, list[psutil.Process]]:
        """The site's own processes by kind, as they are now. They are children of this one."""
        found: dict[str, list[psutil.Process]] = {}
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                command = " ".join(process.cmdline())
                if "lms.watch" in command:
                    continue
                kind = next((kind for mark, kind in KINDS.items() if mark in command), None)
                if kind:
                    found.setdefault(kind, []).append(process)
        return found


@contextlib.contextmanager
def site_instance(mode: str, folder: Path) -> Iterator[dict[str, str]]:
    """A prepared site in an empty folder with a database of its own; yields the environment of its processes."""
    os.environ["VAR_DIR"] = str(folder)
    for name in ("messages", "processed", "control"):
        (folder / "celery" / name).mkdir(parents=True)
    port, redis_port = free_port(), free_port()
    # As root the database would live elsewhere, on another disk than the site.
    server = folder / "server"
    server.mkdir(mode=0o755)
    (folder / "postgres").mkdir(mode=0o700)
    (folder / "postgres" / "home").write_text(str(server))
    postgres = Postgres(folder / "postgres")
    with contextlib.ExitStack() as stack:
        addresses = stack.enter_context(postgres.in_use())
        place = {
            "mode": mode, "folder": str(folder), "database_url": addresses.application, "port": port, "redis_port": redis_port
        }  # fmt: skip
        environment = {
            **with_secrets(dict(os.environ)),
            "FAULTS_SITE": json.dumps(place),
            "ALLOW_DEMO_CERTIFICATES": "true",
            "DATABASE_URL": addresses.application,
            "DATABASE_OWNER_URL": addresses.owner,
            "DJANGO_SETTINGS_MODULE": "lms.settings",
            "LOG_LEVEL": "WARNING",
            # The disk that is filled is a small one.
            "MEDIA_DISK_RESERVE_BYTES": "20000000",
            "MEDIA_KEEP_FREE_BYTES": "20000000",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PORT": str(port),
            "PYTHONUNBUFFERED": "1",
            "SITE_URL": f"http://localhost:{port}",
        }
        if mode == SCALED:
            environment |= constants() | {
                "CSRF_TRUSTED_ORIGINS": environment["SITE_URL"],
                "DELIVERY_LOG_ROOT": str(folder / "delivery"),
                "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
                "SEALING_KEYS_DIR": str(folder / "keys"),
                "VAR_DIR": str(folder),
            }
            stack.enter_context(_redis(redis_port))
        preparation = [sys.executable, "manage.py", "prepare"]
        subprocess.run(preparation, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        yield environment


@contextlib.contextmanager
def _redis(port: int) -> Iterator[None]:
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with subprocess.Popen([programs()["redis-server"], *options], stdout=subprocess.DEVNULL) as process:
        try:
            with redis.Redis(port=port, retry=Retry(ConstantBackoff(0.1), 100)) as client:
                client.ping()
            yield
        finally:
            process.terminate()


@contextlib.asynccontextmanager
async def served(
    place: SiteInstance, *, wrapper: Sequence[str] = (), **environment: str
) -> AsyncIterator[None]:
    """The whole site while the block runs. `environment` changes that of its processes; `wrapper` comes before their commands."""
    given = {**os.environ, **environment}
    start = _embedded if place.mode == EMBEDDED else _scaled
    processes = start(place, given, wrapper)
    for process in processes:
        process.is_quiet = True
    ended = asyncio.Event()
    began = asyncio.Event()

    async def work() -> int:
        deadline = time.monotonic() + READY_SECONDS
        while not await answers(place.address, "/readyz"):
            if time.monotonic() > deadline:
                raise NotReady(f"the site was not ready within {READY_SECONDS} s: see {place.folder}/log")
            await asyncio.sleep(0.3)
        began.set()
        await ended.wait()
        return 0

    running = asyncio.create_task(supervise(processes, work))
    beginning = asyncio.create_task(began.wait())
    await asyncio.wait([running, beginning], return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        beginning.cancel()
        running.result()
    try:
        yield
    finally:
        ended.set()
        await running


def _embedded(place: SiteInstance, environment: dict[str, str], wrapper: Sequence[str]) -> list[Process]:
    # Its own database, which it starts again, unless the address was changed.
    if environment["DATABASE_URL"] == place.database_url:
        environment.pop("DATABASE_URL")
        environment.pop("DATABASE_OWNER_URL")
    command = [*wrapper, sys.executable, "-m", "lms.embedded", "serve"]
    (place.folder / "log").mkdir(exist_ok=True)
    return [Process("site", command, environment, place.folder / "log" / "site.log")]


def _scaled(place: SiteInstance, environment: dict[str, str], wrapper: Sequence[str]) -> list[Process]:
    found = programs()
    # Migrations were done as the owner; what serves owns nothing.
    environment.pop("DATABASE_OWNER_URL")
    logs = place.folder / "log"
    for part in ("log", "nginx", "delivery"):
        (place.folder / part).mkdir(exist_ok=True)
    ports = {service: free_port() for service in PORTS}
    configuration = write_configuration(
        place.folder / "nginx",
        {
            "PROXY_PORT": f"127.0.0.1:{place.port}",
            "PROXY_PAGES": f"server 127.0.0.1:{ports['web']};",
            "PROXY_SOCKETS": f"server 127.0.0.1:{ports['sockets']};",
            "PROXY_FILES": str(place.folder),
            "PROXY_LOGS": str(place.folder / "delivery"),
            "PROXY_SCHEME": "http",
            "PROXY_TRUSTED": "127.0.0.1",
            # All its servers have addresses.
            "PROXY_RESOLVER": "127.0.0.1",
            "MEDIA_LINK_SECRET": environment["MEDIA_LINK_SECRET"],
        },
    )
    commands = {
        **{service: [*wrapper, *command_of(service, port)] for service, port in ports.items()},
        **{worker: [*wrapper, *command_of(worker), "--hostname", f"{worker}@%h"] for worker in workers()},
        "beat": [*wrapper, *command_of("beat"), "--schedule", str(place.folder / "beat-schedule")],
        "nginx": [found["nginx"], "-p", str(place.folder / "nginx"), "-c", str(configuration)],
    }
    return [Process(name, command, environment, logs / f"{name}.log") for name, command in commands.items()]
