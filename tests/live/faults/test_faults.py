"""A class during which Redis, a web process and PostgreSQL are killed and phones disconnect."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from lms.embedded.postgres import Addresses, Postgres, recorded_pid
from tests.live.conftest import ROOT, Server, start_server, stop_server
from tests.live.faults.phones import Phone
from tests.live.hub.test_notifier import Redis

pytestmark = pytest.mark.scaled("two servers, Redis and PostgreSQL are killed under a class")

PHONES = 44
SPEAKERS = 16
# Each speaker's pace: a message in two seconds is what the room takes from one person.
PAUSE_SECONDS = 2.2
AWAY_SECONDS = 13
# The servers as in production: pool, cache, and commits that are on the disk when they are acknowledged.
SITE = {"DJANGO_SETTINGS_MODULE": "lms.settings", "PGOPTIONS": ""}
# A world that is lost is made again.
QUICK = {"PGOPTIONS": "-c synchronous_commit=off"}


class Database:
    """A PostgreSQL of this test alone."""

    def __init__(self, postgres: Postgres, addresses: Addresses) -> None:
        self.postgres = postgres
        self.url = addresses.application
        self.owner_url = addresses.owner

    def stop(self) -> None:
        pid = recorded_pid(self.postgres.home.data)
        assert pid is not None
        process = psutil.Process(pid)
        # "Fast shutdown": sessions are thrown out, transactions rolled back.
        process.send_signal(signal.SIGINT)
        process.wait(20)

    def start(self) -> None:
        assert self.postgres.revive()

    def log_of(self, session: int) -> list[tuple[int, str, str]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(
                "SELECT seq, client_id::text, payload->>'text' FROM live_event WHERE session_id = %s ORDER BY seq",
                [session],
            ).fetchall()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    postgres = Postgres(Path(tmp_path_factory.mktemp("faults")) / "var" / "postgres")
    with postgres.in_use() as addresses:
        yield Database(postgres, addresses)
    # As root a server lives outside the test's folder.
    shutil.rmtree(postgres.home.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def world(database: Database) -> dict[str, Any]:
    made = subprocess.run(
        [sys.executable, "-m", "tests.live.faults.fault_world", str(PHONES)],
        cwd=ROOT,
        env={
            **os.environ,
            **SITE,
            **QUICK,
            "DATABASE_URL": database.url,
            "DATABASE_OWNER_URL": database.owner_url,
        },
        stdout=subprocess.PIPE,
        check=True,
    )  # fmt: skip
    return json.loads(made.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    redis = Redis()
    redis.start()
    yield redis
    redis.kill()


class Site:
    """Two web processes, one of each kind; what nginx does between them is a turn for each."""

    def __init__(self, **environment: str) -> None:
        self.environment = environment
        self.servers = [self._start(kind) for kind in ("daphne", "uvicorn")]
        self.turn = 0

    def _start(self, kind: str) -> Server:
        return start_server(SOCKET_SERVER=kind, **self.environment)

    def pick(self) -> Server:
        alive = [server for server in self.servers if server.process.poll() is None]
        self.turn += 1
        return alive[self.turn % len(alive)]

    def kill(self, number: int) -> None:
        self.servers[number].process.kill()
        self.servers[number].process.wait()

    def restart(self, number: int) -> None:
        self.servers[number] = self._start(("daphne", "uvicorn")[number])

    def stop(self) -> None:
        for server in self.servers:
            stop_server(server)


@pytest.fixture(scope="module")
def site(database: Database, redis: Redis, world: dict[str, Any]) -> Iterator[Site]:
    site = Site(**SITE, DATABASE_URL=database.url, REDIS_URL=redis.url)
    yield site
    site.stop()


async def everything_fails(site: Site, redis: Redis, database: Database, phones: list[Phone]) -> None:
    """One after the other, each while the last may still be felt; returns when all is well again."""
    await asyncio.sleep(3)
    redis.kill()
    await asyncio.sleep(4)
    redis.start()
    await asyncio.sleep(1)
    site.kill(1)
    await asyncio.to_thread(site.restart, 1)
    for phone in phones[-12:]:
        phone.drop(away=AWAY_SECONDS)
    gone = time.monotonic()
    await asyncio.sleep(1)
    await asyncio.to_thread(database.stop)
    await asyncio.sleep(2)
    await asyncio.to_thread(database.start)
    await asyncio.sleep(max(0.0, AWAY_SECONDS + 2 - (time.monotonic() - gone)))


async def test_every_acknowledged_message_reaches_everyone_once_and_in_order(
    site, redis, database, world, capsys
):
    phones = [Phone(login, world["ticket_path"], site.pick) for login in world["logins"]]
    lives = [asyncio.create_task(phone.live()) for phone in phones]
    async with asyncio.timeout(120):
        for phone in phones:
            await phone.is_in.wait()
    acknowledged: dict[str, tuple[int, str]] = {}
    is_over = asyncio.Event()

    async def talk(number: int) -> None:
        await asyncio.sleep(PAUSE_SECONDS * number / SPEAKERS)
        count = 0
        while not is_over.is_set():
            text = f"{number}: {count}"
            count += 1
            command_id, seq = await phones[number].say(text)
            acknowledged[command_id] = (seq, text)
            await asyncio.sleep(PAUSE_SECONDS)

    talking = [asyncio.create_task(talk(number)) for number in range(SPEAKERS)]
    await everything_fails(site, redis, database, phones)
    is_over.set()
    async with asyncio.timeout(120):
        await asyncio.gather(*talking)
        last = max(seq for seq, _ in acknowledged.values())
        while any((phone.since or 0) < last for phone in phones):  # noqa: ASYNC110 - phones do not tell
            await asyncio.sleep(0.1)
    for life in lives:
        life.cancel()
    await asyncio.gather(*lives, return_exceptions=True)

    log = database.log_of(world["session"])
    drops = Counter(drop for phone in phones for drop in phone.drops)
    with capsys.disabled():
        print(
            f"\n{len(acknowledged)} acknowledged, {len(log)} in the log, {sum(len(phone.heard) for phone in phones)} "
            f"of {len(log) * len(phones)} deliveries to {len(phones)} phones; lines lost: {dict(drops)}"
        )
    # What was acknowledged is in the log once, under the acknowledged number.
    assert {command_id: (seq, text) for seq, command_id, text in log} == acknowledged
    assert [seq for seq, _, _ in log] == list(range(1, len(log) + 1))
    # Everyone received the whole log, once, in order.
    wanted = [(seq, text) for seq, _, text in log]
    assert [number for number, phone in enumerate(phones) if phone.heard != wanted] == []
    assert not any(phone.is_resynced for phone in phones)
    # The faults had an effect.
    assert sum(drops.values()) >= 12
    said = Counter(text.partition(":")[0] for _, _, text in log)
    assert len(said) == SPEAKERS
    assert min(said.values()) >= 2
