"""Two server processes and a real Redis between them, which is then killed."""

import asyncio
import itertools
import socket
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial

import pytest
from redis import Redis as RedisClient
from redis import RedisError

from live.hub import RedisNotifier
from live.hub.notifier import CHANNEL
from tests.external_programs import program
from tests.live.conftest import Server, db, enrolled, start_server, stop_server
from tests.served_site import free_port
from tests.waiting import becomes_true, wait_until

pytestmark = [
    pytest.mark.scaled("two servers and a Redis between them"),
    pytest.mark.django_db(transaction=True),
]


class Redis:
    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        redis_server = program("redis-server", package="redis-server")
        self.process = subprocess.Popen(
            [
                redis_server,
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ],
            stdout=subprocess.DEVNULL,
        )

    def heard_by(self, count: int) -> None:
        """Until so many processes listen to it."""

        def is_heard() -> bool:
            with suppress(RedisError):
                return client.pubsub_numsub(CHANNEL)[0][1] == count
            return False

        with RedisClient.from_url(self.url) as client:
            wait_until(is_heard)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    redis = Redis()
    redis.start()
    yield redis
    redis.kill()


@pytest.fixture(scope="module")
def servers(redis: Redis, django_db_setup: None) -> Iterator[list[Server]]:
    servers = [start_server(REDIS_URL=redis.url) for _ in range(2)]
    yield servers
    for server in servers:
        stop_server(server)


async def test_a_message_crosses_processes_at_once_and_survives_the_death_of_redis(
    servers, redis, session, trainee, instructor
):
    here, there = servers
    # A single one would be refused by its rate limit.
    second, third = await db(enrolled, session), await db(enrolled, session)
    async with (
        here.member(session, trainee) as one,
        here.member(session, second) as two,
        here.member(session, third) as three,
        there.member(session, instructor) as reader,
    ):
        senders = itertools.cycle((one, two, three))

        async def say(text: str) -> float:
            """How long it took to the other process, in seconds."""
            began = time.monotonic()
            sent = await next(senders).ask("chat.send", text=text)
            await reader.until(sent["seq"])
            return time.monotonic() - began

        notified = [await say(f"with Redis {number}") for number in range(5)]
        redis.kill()
        polled = [await say(f"without Redis {number}") for number in range(3)]
        redis.start()
        await asyncio.to_thread(redis.heard_by, 2)
        notified.append(await say("Redis is back"))

    assert [event["seq"] for event in reader.events] == list(range(1, 10))
    # Without Redis the log of the room is polled.
    assert statistics.median(notified) < statistics.median(polled)


def test_a_redis_that_does_not_answer_is_waited_for_once_in_a_while():
    tries = 0
    with socket.create_server(("127.0.0.1", 0), backlog=1000) as silent:
        notifier = RedisNotifier(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        for _ in range(1000):
            notifier.notify(1)
        silent.setblocking(False)
        with suppress(BlockingIOError):
            while True:
                silent.accept()[0].close()
                tries += 1

    assert 1 <= tries < 20


async def test_an_ephemeral_event_reaches_the_other_processes_once(redis):
    heard: list[tuple[str, int, str]] = []
    notifiers = {name: RedisNotifier(redis.url, retry_seconds=0.1) for name in ("here", "there")}
    listening = []
    for name, notifier in notifiers.items():
        ready = asyncio.Event()
        receive = partial(lambda who, room, text: heard.append((who, room, text)), name)
        listening.append(asyncio.create_task(notifier.listen(lambda _: None, ready.set, receive)))
        await asyncio.wait_for(ready.wait(), 5)

    notifiers["here"].publish(7, '{"x": "a b"}')
    await becomes_true(lambda: heard)
    # Redis delivers in one order to all: a process that receives this has received what came before.
    notifiers["there"].publish(8, "{}")
    await becomes_true(lambda: any(name == "here" for name, _, _ in heard))
    for task in listening:
        task.cancel()

    assert heard == [("there", 7, '{"x": "a b"}'), ("here", 8, "{}")]
