"""Run the processes of docker-compose.yml on this machine, without a container engine, and run the demo's journey on them.

The commands are read from docker-compose.yml and the proxy's configuration is deploy/nginx.conf, so that what is
tried here is what an operator starts. Ports are free ones, and each kind that may be scaled runs twice.
"""

import asyncio
import contextlib
import os
import secrets
import shlex
import shutil
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import psycopg
import redis
import yaml

from lms.embedded.environment import ROOT, var_folder
from lms.embedded.postgres import free_port
from lms.embedded.readiness import Address, answers
from lms.embedded.serve import run_command
from lms.embedded.supervisor import Process, end_on_signals, log_line, supervise
from scripts.proxy import write_configuration

COMPOSE = ROOT / "docker-compose.yml"
# Where a service listens inside its container.
PORTS = {"web": "8000", "sockets": "8001"}
# The three Redis, and the settings that name them.
STORES = {"broker": "REDIS_URL", "cache": "CACHE_REDIS_URL", "pages": "PAGES_REDIS_URL"}
NEEDED = ["redis-server", "nginx"]
DATABASE = "mihna_scaled"
READY_SECONDS = 90


class ScaledCheckError(Exception):
    """The scaled mode cannot be tried here; the message says in one line what to do."""


def programs() -> dict[str, str]:
    """The servers of Debian that the check needs."""
    path = f"{os.environ['PATH']}:/usr/sbin"
    found = {name: program for name in NEEDED if (program := shutil.which(name, path=path))}
    if missing := [name for name in NEEDED if name not in found]:
        raise ScaledCheckError(
            f"{' and '.join(missing)} not found (Debian: apt install {' '.join(missing)})."
        )
    return found


def services() -> dict[str, dict]:
    return yaml.safe_load(COMPOSE.read_text())["services"]


def workers() -> list[str]:
    """The services that work on queues."""
    return [name for name in services() if name.startswith("worker-")]


def command_of(service: str, port: int | None = None) -> list[str]:
    """The service's command as in docker-compose.yml, listening on the given loopback port instead of its own."""
    words = shlex.split(services()[service]["command"])
    if port is None:
        return words
    own, everywhere = PORTS[service], "0.0.0.0"  # noqa: S104 - what a container listens on is replaced here
    here = {own: str(port), everywhere: "127.0.0.1", f"{everywhere}:{own}": f"127.0.0.1:{port}"}
    return [here.get(word, word) for word in words]


def redis_arguments(service: str, port: int, password: str) -> list[str]:
    """What the program of a Redis of docker-compose.yml is told, on a loopback port, and without files of its own."""
    _, *words = shlex.split(services()[service]["command"])
    told = [password if "REDIS_PASSWORD" in word else word for word in words]
    return [*told, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]


def constants() -> dict[str, str]:
    """Variables that docker-compose.yml sets to the same value in every installation."""
    return {name: value for name, value in services()["web"]["environment"].items() if "${" not in value}


def signing(service: str) -> dict[str, str]:
    """Whether docker-compose.yml lets a service sign."""
    return {"SIGNS_CERTIFICATES": services()[service]["environment"]["SIGNS_CERTIFICATES"]}


def ensure_database() -> dict[str, str]:
    """Make a second database in the server of the embedded mode. Returns its addresses by the names of the settings."""
    names = ("DATABASE_URL", "DATABASE_OWNER_URL")
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f'CREATE DATABASE "{DATABASE}"')
    return {name: f"{os.environ[name].rpartition('/')[0]}/{DATABASE}" for name in names}


async def until(what: str, holds: Callable[[], Awaitable[bool]]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not await holds():
        if time.monotonic() > deadline:
            raise ScaledCheckError(f"{what} did not answer within {READY_SECONDS} s: see var/scaled/log.")
        await asyncio.sleep(0.2)


async def check() -> int:
    found = programs()
    folder = var_folder() / "scaled"
    logs = folder / "log"
    for part in ("nginx", "delivery"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    logs.mkdir(exist_ok=True)
    ports = {"web": [free_port()], "sockets": [free_port(), free_port()]}
    redis_ports, proxy_port = {name: free_port() for name in STORES}, free_port()
    password = secrets.token_urlsafe(16)
    site_url = f"http://localhost:{proxy_port}"
    environment = {
        **os.environ,
        **constants(),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
        "VAR_DIR": str(folder),
        "DELIVERY_LOG_ROOT": str(folder / "delivery"),
        "SITE_URL": site_url,
        "CSRF_TRUSTED_ORIGINS": site_url,
        **ensure_database(),
        **{
            variable: f"redis://:{password}@127.0.0.1:{redis_ports[name]}/0"
            for name, variable in STORES.items()
        },
    }
    # For the step that migrates alone, as in docker-compose.yml.
    owner = {"DATABASE_OWNER_URL": environment.pop("DATABASE_OWNER_URL")}
    configuration = write_configuration(
        folder / "nginx",
        {
            "PROXY_PORT": f"127.0.0.1:{proxy_port}",
            "PROXY_PAGES": " ".join(f"server 127.0.0.1:{port};" for port in ports["web"]),
            "PROXY_SOCKETS": " ".join(f"server 127.0.0.1:{port};" for port in ports["sockets"]),
            "PROXY_FILES": str(folder),
            "PROXY_LOGS": str(folder / "delivery"),
            "PROXY_SCHEME": "http",
            "PROXY_TRUSTED": "127.0.0.1",
            # All its servers have addresses.
            "PROXY_RESOLVER": "127.0.0.1",
            "MEDIA_LINK_SECRET": os.environ["MEDIA_LINK_SECRET"],
        },
    )

    def process(name: str, command: list[str], **more: str) -> Process:
        made = Process(name, command, {**environment, **more}, logs / f"{name}.log")
        made.is_quiet = True
        return made

    stores = [
        process(name, [found["redis-server"], *redis_arguments(name, port, password)])
        for name, port in redis_ports.items()
    ]
    site = [
        *(process(f"web-{port}", command_of("web", port)) for port in ports["web"]),
        # One of each kind that may serve them.
        *(
            process(
                f"sockets-{port}", command_of("sockets", port), SOCKET_SERVER=program, **signing("sockets")
            )
            for port, program in zip(ports["sockets"], ("daphne", "uvicorn"), strict=True)
        ),
        *(
            process(
                f"{worker}-{number}",
                [*command_of(worker), "--hostname", f"{worker}-{number}@%h"],
                **signing(worker),
            )
            for worker in workers()
            for number in (1, 2)
        ),
        process("beat", command_of("beat"), **signing("beat")),
        process("nginx", [found["nginx"], "-p", str(folder / "nginx"), "-c", str(configuration)]),
    ]
    clients = [redis.Redis.from_url(environment[variable]) for variable in STORES.values()]

    async def has_redis() -> bool:
        with contextlib.suppress(redis.ConnectionError):
            return all([await asyncio.to_thread(client.ping) for client in clients])
        return False

    async def has_site() -> bool:
        # The proxy last: it rests servers that it found closed.
        for port in (*ports["web"], *ports["sockets"], proxy_port):
            if not await answers(Address(port, site_url)):
                return False
        return True

    async def with_redis() -> int:
        await until("Redis", has_redis)
        status = await run_command(command_of("prepare"), environment | owner, output=sys.stderr)
        return status or await supervise(site, with_site)

    async def with_site() -> int:
        await until("The site", has_site)
        log_line("site", f"Ready at {site_url}: {', '.join(process.name for process in site)}.")
        return await run_command([sys.executable, "manage.py", *sys.argv[1:]], environment)

    end_on_signals()
    return await supervise(stores, with_redis)


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(check()))
    except ScaledCheckError as error:
        sys.exit(str(error))
