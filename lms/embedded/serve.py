"""The site on one machine: prepared, then web, workers and beat under one supervisor."""

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from lms.embedded.environment import ROOT, var_folder, write_private
from lms.embedded.postgres import Postgres, free_port, is_free
from lms.embedded.readiness import Address, ServeError, keep_ready, until_answering
from lms.embedded.supervisor import Process, end_on_signals, ending, log_line, supervise

PORT = 8000
DATABASE_WATCH_SECONDS = 2
# Queues by worker. Notices have a worker of their own, one process without a pool, which costs little memory.
WORKERS = {
    "media": ("media",),
    "worker": ("certificates", "default"),
    "messages": ("messages",),
}
# Pages sign passports, lists and verification responses; the worker of certificates signs certificates.
SIGNING = ("web", "worker")


def chosen_port() -> int:
    """``PORT`` when the environment names one, else 8000, else a free one."""
    if named := os.environ.get("PORT"):
        if not (named.isdecimal() and is_free(int(named))):
            raise ServeError(f"PORT={named} is not a free port: choose another one.")
        return int(named)
    if is_free(PORT):
        return PORT
    port = free_port()
    log_line("site", f"Port {PORT} is used by another program; serving on {port} (PORT=... chooses one).")
    return port


@contextlib.contextmanager
def only_one(var: Path) -> Iterator[bool]:
    """Whether this is the only site served from this checkout, for as long as the block runs."""
    with (var / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def serve(
    environment: Mapping[str, str], database: Postgres | None, command: Sequence[str], *, stays: bool
) -> int:
    """Serve until Ctrl-C, or run ``command`` against the served site and return its status.

    With ``stays`` the site goes on after a command that ended well. A site that is already served from this
    checkout is used instead of a second one.
    """
    var = var_folder()
    with only_one(var) as is_only:
        if is_only:
            return asyncio.run(_serve(dict(environment), database, command, stays=stays))
    running = json.loads((var / "site.json").read_text())
    if not command:
        raise ServeError(f"The site already runs at {running['SITE_URL']}, served from this folder.")
    log_line("site", f"Using the site that already runs at {running['SITE_URL']}.")
    return asyncio.run(run_command(command, {**environment, **running}))


async def _serve(
    environment: dict[str, str], database: Postgres | None, command: Sequence[str], *, stays: bool
) -> int:
    started = time.monotonic()
    var = var_folder()
    port = chosen_port()
    site = {"PORT": str(port), "SITE_URL": f"http://localhost:{port}"}
    environment |= site
    write_private(var / "site.json", json.dumps(site))
    end_on_signals()

    if status := await run_command([sys.executable, "manage.py", "prepare"], environment, output=sys.stderr):
        return status
    # Nothing that serves needs more than the application's role.
    environment.pop("DATABASE_OWNER_URL", None)
    processes = site_processes(environment, port, var / "log")

    async def work() -> int:
        watches = [asyncio.create_task(keep_database(database))] if database else []
        address = Address(port, site["SITE_URL"])
        await until_answering(address, processes)
        watches.append(
            asyncio.create_task(keep_ready(processes[0], address, database_url=environment["DATABASE_URL"]))
        )
        log_line(
            "site", f"Ready at {site['SITE_URL']} after {time.monotonic() - started:.1f} s. Ctrl-C stops it."
        )
        if command:
            status = await run_quietly(command, environment, processes)
            if status or not stays:
                return status
            log_line("site", f"Serving until Ctrl-C. Logs: {var / 'log'}/")
        await asyncio.gather(*watches)
        return 0

    try:
        return await supervise(processes, work)
    except asyncio.CancelledError:
        return 0 if not command or stays else 128 + signal.SIGINT


def site_processes(environment: Mapping[str, str], port: int, logs: Path) -> list[Process]:
    """Web, workers and beat, each its own program as in the scaled mode."""
    logs.mkdir(exist_ok=True)
    # Celery warns at length of running as root; here it runs as the user who started the site.
    celery = [
        sys.executable,
        "-W",
        "ignore::UserWarning:celery.platforms",
        "-m",
        "celery",
        "--app",
        "lms",
        "--quiet",
    ]
    commands = {
        "web": [sys.executable, "-m", "lms.webserver", "--bind", "127.0.0.1", "--port", str(port), "--verbosity", "1",
                "--access-log", "-", "lms.asgi:application"],
        **{name: [*celery, *worker_arguments(name)] for name in WORKERS},
        "beat": [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""],
    }  # fmt: skip
    if environment.get("LIVE_SRT_PORT", "0") != "0":
        commands["obs"] = [sys.executable, "manage.py", "receive_srt", "--address", "127.0.0.1"]
    unbuffered = {**environment, "PYTHONUNBUFFERED": "1"}
    # As in the scaled mode: a process that opens what strangers send signs nothing.
    signing = {name: str(name in SIGNING).lower() for name in commands}
    return [
        Process(name, command, {**unbuffered, "SIGNS_CERTIFICATES": signing[name]}, logs / f"{name}.log")
        for name, command in commands.items()
    ]


def worker_arguments(name: str) -> list[str]:
    """How the worker of that name is started, after ``celery --app lms``."""
    pool = ["--pool", "solo"] if name == "messages" else ["--concurrency", str(min(2, os.cpu_count() or 1))]
    # On one machine they need names of their own, by which they are asked how they are.
    return [
        "worker",
        "--loglevel",
        "INFO",
        "--hostname",
        f"{name}@%h",
        "--queues",
        ",".join(WORKERS[name]),
        *pool,
    ]


async def keep_database(database: Postgres) -> None:
    """Restart the database whenever it ends, without a limit: its disk may be full for hours."""
    while True:
        await asyncio.sleep(DATABASE_WATCH_SECONDS)
        try:
            if await asyncio.to_thread(database.revive):
                log_line("database", "had ended; started again")
        except Exception as error:  # noqa: BLE001 - the site outlives whatever it was, and tries again
            log_line("database", f"cannot be started: {error or type(error).__name__}")


async def run_quietly(
    command: Sequence[str], environment: Mapping[str, str], processes: Sequence[Process]
) -> int:
    """Run ``command`` and return its status. What it prints stays on the screen: from now on, the processes write to
    their logs only."""
    for process in processes:
        process.is_quiet = True
    return await run_command(command, environment)


async def run_command(
    command: Sequence[str], environment: Mapping[str, str], output: IO[str] | None = None
) -> int:
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=dict(environment), stdout=output)
    try:
        status = await process.wait()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
        raise
    if status < 0:
        log_line("site", f"{command[-1]} ended by {ending(status)}")
    return status if status >= 0 else 128 - status
