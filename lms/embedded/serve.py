"""The site on one machine: prepared, then web, worker and beat under one supervisor."""

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
from lms.embedded.supervisor import Process, ending, say, supervise

PORT = 8000
READY_SECONDS = 90
DATABASE_WATCH_SECONDS = 2
READINESS_WATCH_SECONDS = 5
UNREADY_SECONDS = 30
# How long the supervisor waits for one answer of the site.
ANSWER_SECONDS = 10
# Three falls before the first answer are a fault, not bad luck.
FALLS_ALLOWED = 3
# A person has to press this twice in a shell to lose work; once must end everything.
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ServeError(Exception):
    """The site cannot be served; the message says in one line what to do."""


def chosen_port() -> int:
    """``PORT`` when the environment names one, else 8000, else a free one."""
    if named := os.environ.get("PORT"):
        if not (named.isdecimal() and is_free(int(named))):
            raise ServeError(f"PORT={named} is not a free port: choose another one.")
        return int(named)
    if is_free(PORT):
        return PORT
    port = free_port()
    say("site", f"Port {PORT} is used by another program; serving on {port} (PORT=... chooses one).")
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
    say("site", f"Using the site that already runs at {running['SITE_URL']}.")
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
        await _until_answering(port, processes)
        watches.append(asyncio.create_task(keep_ready(processes[0], port)))
        say("site", f"Ready at {site['SITE_URL']} after {time.monotonic() - started:.1f} s. Ctrl-C stops it.")
        if command:
            for process in processes:
                process.is_quiet = True
            status = await run_command(command, environment)
            if status or not stays:
                return status
            for process in processes:
                process.is_quiet = False
        await asyncio.gather(*watches)
        return 0

    try:
        return await supervise(processes, work)
    except asyncio.CancelledError:
        return 0 if not command or stays else 128 + signal.SIGINT


def site_processes(environment: Mapping[str, str], port: int, logs: Path) -> list[Process]:
    """Web, worker and beat, each its own program as in the scaled mode."""
    logs.mkdir(exist_ok=True)
    # Celery warns at length of running as root; here it runs as whoever started the site.
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
        "worker": [*celery, "worker", "--loglevel", "INFO", "--concurrency", str(min(2, os.cpu_count() or 1))],
        "beat": [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""],
    }  # fmt: skip
    if environment.get("LIVE_SRT_PORT", "0") != "0":
        commands["obs"] = [sys.executable, "manage.py", "receive_srt", "--address", "127.0.0.1"]
    unbuffered = {**environment, "PYTHONUNBUFFERED": "1"}
    return [Process(name, command, unbuffered, logs / f"{name}.log") for name, command in commands.items()]


def end_on_signals() -> None:
    """The first signal cancels the running task; the stopping that follows is not interrupted by a second one."""
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()

    def end() -> None:
        for number in ENDING_SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_IGN)
        say("site", "Stopping.")
        if task:
            task.cancel()

    for number in ENDING_SIGNALS:
        loop.add_signal_handler(number, end)


async def keep_database(database: Postgres) -> None:
    """Start the database again whenever it ends, for as long as it takes: its disk may be full for hours."""
    while True:
        await asyncio.sleep(DATABASE_WATCH_SECONDS)
        try:
            if await asyncio.to_thread(database.revive):
                say("database", "had ended; started again")
        except Exception as error:  # noqa: BLE001 - the site outlives whatever it was, and tries again
            say("database", f"cannot be started: {error or type(error).__name__}")


async def keep_ready(web: Process, port: int) -> None:
    """Replace the web process when it has not been ready for `UNREADY_SECONDS`."""
    ready_at = time.monotonic()
    while True:
        await asyncio.sleep(READINESS_WATCH_SECONDS)
        if await answers(port, "/readyz"):
            ready_at = time.monotonic()
        elif time.monotonic() - ready_at > UNREADY_SECONDS:
            say(web.name, f"was not ready for {UNREADY_SECONDS} s; it is replaced")
            web.kill()
            ready_at = time.monotonic()


async def _until_answering(port: int, processes: Sequence[Process]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not await answers(port):
        fallen = next((process for process in processes if process.falls >= FALLS_ALLOWED), None)
        if fallen:
            raise ServeError(f"{fallen.name} does not start: {' | '.join(list(fallen.recent)[-3:])}")
        if time.monotonic() > deadline:
            raise ServeError(f"The site did not answer within {READY_SECONDS} s: see {processes[0].log}.")
        await asyncio.sleep(0.2)


async def answers(port: int, path: str = "/healthz") -> bool:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            with contextlib.closing(writer):
                writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
                return b" 200 " in await reader.readline()
    except (OSError, TimeoutError):
        return False


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
        say("site", f"{command[-1]} ended by {ending(status)}")
    return status if status >= 0 else 128 - status
