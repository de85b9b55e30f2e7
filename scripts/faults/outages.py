"""Outages of what the site needs while people use it: `make faults`.

`python -m scripts.faults disk` fills the disk for two minutes and kills PostgreSQL in them; `database` and `broker` are
away for a minute; `clock` jumps by an hour, in both directions. Nothing that was acknowledged may be lost, and each kind of
work has to succeed again, by itself, within a minute.
"""

import asyncio
import contextlib
import logging
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import django
import psutil
import redis

django.setup()

from channels.db import database_sync_to_async  # noqa: E402 - Django is set up before

from lms.embedded.postgres import recorded_pid  # noqa: E402
from scripts.faults.measures import footprint  # noqa: E402
from scripts.faults.sites import EMBEDDED, SCALED, SiteInstance, served  # noqa: E402
from scripts.faults.work import Work  # noqa: E402
from scripts.faults.world import make_film, make_world  # noqa: E402
from tests.live.browser_broadcast import TcpProxy  # noqa: E402

BEFORE_SECONDS = float(os.environ.get("BEFORE_SECONDS", "20"))
FULL_SECONDS = float(os.environ.get("FULL_SECONDS", "120"))
AWAY_SECONDS = float(os.environ.get("AWAY_SECONDS", "60"))
BACK_SECONDS = 60
# How long what was acknowledged may still be worked on: recovery of lost messages comes round every minute.
FINISH_SECONDS = 300
TRAINEES, STAFF = 40, 2
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
HOUR = 3600
KINDS = ("page", "lesson done", "upload", "message", "certificate", "film", "drawing")


def print_line(*words: object) -> None:
    print(*words, flush=True)


class Disk:
    """The disk of the site's folder, full as long as the block runs: whatever becomes free is taken at once."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "filler"

    async def __aenter__(self) -> None:
        self._filling = asyncio.create_task(self._fill())

    async def __aexit__(self, *_: object) -> None:
        self._filling.cancel()
        self.file.unlink()

    async def _fill(self) -> None:
        with self.file.open("ab", buffering=0) as file:
            while True:
                for size in (2**24, 2**16, 1):
                    with contextlib.suppress(OSError):
                        while True:
                            file.write(bytes(size))
                await asyncio.sleep(0.05)


async def disk(place: SiteInstance) -> None:
    async with Disk(place.folder):
        await asyncio.sleep(FULL_SECONDS / 4)
        print_line(f"  PostgreSQL is killed; {footprint_or_reason(place)}")
        kill_database(place)
        await asyncio.sleep(FULL_SECONDS * 3 / 4)


def footprint_or_reason(place: SiteInstance) -> str:
    try:
        return str(footprint(place))
    except Exception as error:  # noqa: BLE001 - the database may be away: that is what is told
        return str(error).strip()


def kill_database(place: SiteInstance) -> None:
    pid = recorded_pid(place.postgres.home.data)
    if pid is None:
        return
    with contextlib.suppress(psutil.NoSuchProcess):
        server = psutil.Process(pid)
        for process in (server, *server.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


async def revive(place: SiteInstance) -> None:
    """What a container engine does for the database of the scaled mode."""
    while True:
        await asyncio.sleep(2)
        with contextlib.suppress(Exception):
            await asyncio.to_thread(place.postgres.revive)


async def broker_folder(place: SiteInstance) -> None:
    folder = place.folder / "celery"
    folder.rename(folder.with_name("celery-away"))
    await asyncio.sleep(AWAY_SECONDS)
    if folder.exists():
        folder.rename(folder.with_name("celery-made-meanwhile"))
    folder.with_name("celery-away").rename(folder)


def cut(wire: TcpProxy, *, mended: Callable[[], object] = bool) -> Callable[[SiteInstance], Awaitable[None]]:
    async def fault(_: SiteInstance) -> None:
        wire.cut()
        await asyncio.sleep(AWAY_SECONDS)
        mended()
        wire.mend()

    return fault


def turn_clock(place: SiteInstance, seconds: int) -> None:
    file = place.folder / "clock"
    unfinished = file.with_suffix(".new")
    unfinished.write_text(f"{seconds:+d}s\n")
    unfinished.replace(file)


async def clock(place: SiteInstance) -> None:
    for seconds in (HOUR, 0, -HOUR, 0):
        turn_clock(place, seconds)
        print_line(f"  the clock goes by {seconds:+d} s")
        await asyncio.sleep(AWAY_SECONDS / 2)


@contextlib.asynccontextmanager
async def site_for(
    name: str, place: SiteInstance
) -> AsyncIterator[Callable[[SiteInstance], Awaitable[None]]]:
    """The site as this fault needs it, and the fault."""
    async with contextlib.AsyncExitStack() as stack:
        environment: dict[str, str] = {}
        fault: Callable[[SiteInstance], Awaitable[None]] = disk
        if name == "database":
            wire = TcpProxy(place.database_url.rpartition("/")[0])
            stack.callback(wire.close)
            port = wire.address.rpartition(":")[2]
            server, _, database = place.database_url.rpartition("/")
            environment["DATABASE_URL"] = f"{server.rpartition(':')[0]}:{port}/{database}"
            fault = cut(wire)
        elif name == "broker" and place.mode == EMBEDDED:
            fault = broker_folder
        elif name == "broker":
            wire = TcpProxy(f"redis:{place.redis_port}")
            stack.callback(wire.close)
            environment["REDIS_URL"] = f"redis://127.0.0.1:{wire.address.rpartition(':')[2]}/0"
            # A restarted broker is empty.
            fault = cut(wire, mended=redis.Redis(port=place.redis_port).flushall)
        elif name == "clock":
            turn_clock(place, 0)
            environment |= {
                "LD_PRELOAD": str(FAKETIME),
                "FAKETIME_TIMESTAMP_FILE": str(place.folder / "clock"),
                "FAKETIME_CACHE_DURATION": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "FAKETIME_NO_CACHE": "0",
            }
            fault = clock
        if place.mode == SCALED:
            reviving = asyncio.create_task(revive(place))
            stack.callback(reviving.cancel)
        await stack.enter_async_context(served(place, **environment))
        yield fault


async def back(work: Work, since: float) -> list[str]:
    """Wait until each kind of work has succeeded again; return what took longer than `BACK_SECONDS`."""
    produced = database_sync_to_async(work.produced, thread_sensitive=False)
    before = await produced()
    seconds: dict[str, float] = {}
    while len(seconds) < len(KINDS) and time.monotonic() - since < 3 * BACK_SECONDS:
        now = await produced()
        for kind in KINDS:
            at = time.monotonic() if now.get(kind, 0) > before.get(kind, 0) else work.last.get(kind, 0)
            if at > since:
                seconds.setdefault(kind, at - since)
        await asyncio.sleep(0.2)
    print_line("  back after:", ", ".join(f"{kind} {value:.1f} s" for kind, value in seconds.items()))
    late = [f"{kind} took {value:.0f} s" for kind, value in seconds.items() if value > BACK_SECONDS]
    return late + [f"{kind} is not back" for kind in KINDS if kind not in seconds]


async def tried(name: str, place: SiteInstance) -> list[str]:
    world = await database_sync_to_async(make_world)(place.folder, trainees=TRAINEES, staff=STAFF)
    work = Work(place, world, make_film(place.folder / "upload.mp4", seconds=3, mark=7))
    async with site_for(name, place) as fault:
        work.start()
        await asyncio.sleep(BEFORE_SECONDS)
        print_line(f"{place.mode}: {name}; before: {dict(work.acknowledged)}")
        await fault(place)
        ended = time.monotonic()
        print_line(f"  meanwhile: {dict(work.acknowledged)}; refused: {dict(sorted(work.refused.items()))}")
        wrong = await back(work, ended)
        await work.stop()
        unfinished = database_sync_to_async(work.unfinished, thread_sensitive=False)
        while (left := await unfinished()) and time.monotonic() - ended < FINISH_SECONDS:
            await asyncio.sleep(1)
        print_line(f"  all acknowledged work was done {time.monotonic() - ended:.0f} s after: {not left}")
        lost = await database_sync_to_async(work.lost, thread_sensitive=False)()
        print_line(f"  acknowledged: {dict(work.acknowledged)}; lost: {len(lost)}")
    return [*wrong, *(f"unfinished: {what}" for what in left), *(f"lost: {what}" for what in lost)]


def main() -> int:
    name = sys.argv[1]
    # The pool of this process logs each try while the database is unreachable.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    if name == "clock" and not FAKETIME.exists():
        print_line("clock: not tried, libfaketime is missing (Debian: apt install faketime)")
        return 0
    wrong = asyncio.run(tried(name, SiteInstance.of_this_process()))
    for line in wrong:
        print_line("  WRONG", line)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
