"""What processes tell each other.

The notifier says "look into the log of this room". It carries no data, so losing a ring costs a second at most. Passing
words (a pointer, a reaction) are said once and never kept: losing one loses it.
"""

import asyncio
import logging
import time
import uuid
from collections.abc import Callable
from typing import Protocol

import redis
import redis.asyncio

logger = logging.getLogger(__name__)

CHANNEL = "live:notifier"
EPHEMERAL_CHANNEL = "live:passing"
# After a ring that failed.
SILENT_SECONDS = 1.0

type Receive = Callable[[int, str], None]


class Notifier(Protocol):
    def notify(self, room_id: int) -> None:
        """Tell the other processes. Never raises; callable from any thread."""

    def publish(self, room_id: int, text: str) -> None:
        """Tell the other processes a passing frame. Never raises; callable from any thread."""

    async def listen(
        self, wake: Callable[[int], None], wake_all: Callable[[], None], receive: Receive
    ) -> None:
        """Call `wake` for every ring of another process, `wake_all` when some may have been missed.

        `hear` gets the passing frames of other processes.
        """


class LocalNotifier:
    """One web process: there is nobody else to tell."""

    def notify(self, room_id: int) -> None:
        """Nothing to do."""

    def publish(self, room_id: int, text: str) -> None:
        """Nobody to tell."""

    async def listen(
        self, wake: Callable[[int], None], wake_all: Callable[[], None], receive: Receive
    ) -> None:
        """Nothing to hear."""


class RedisNotifier:
    """Redis publish/subscribe, one SUBSCRIBE a process."""

    def __init__(self, url: str, *, retry_seconds: float = 0.5) -> None:
        self._url = url
        self._retry_seconds = retry_seconds
        self._publisher = redis.Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=0.5)
        self._silent_until = 0.0
        self._name = uuid.uuid4().hex

    def notify(self, room_id: int) -> None:
        self._publish(CHANNEL, str(room_id))

    def publish(self, room_id: int, text: str) -> None:
        self._publish(EPHEMERAL_CHANNEL, f"{self._name} {room_id} {text}")

    def _publish(self, channel: str, message: str) -> None:
        # While Redis is away nobody waits for its time-out: the ticks carry the rooms.
        if time.monotonic() < self._silent_until:
            return
        try:
            self._publisher.publish(channel, message)
        except (redis.RedisError, OSError) as error:
            self._silent_until = time.monotonic() + SILENT_SECONDS
            logger.warning("The notifier could not be rung: %s", error)

    async def listen(
        self, wake: Callable[[int], None], wake_all: Callable[[], None], receive: Receive
    ) -> None:
        while True:
            client = redis.asyncio.Redis.from_url(
                self._url, socket_connect_timeout=2, health_check_interval=10
            )
            try:
                async with client, client.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL, EPHEMERAL_CHANNEL)
                    # Rings may have been missed while away.
                    wake_all()
                    async for message in subscription.listen():
                        if message["type"] != "message":
                            continue
                        if message["channel"] == EPHEMERAL_CHANNEL.encode():
                            self._receive(message["data"], receive)
                        elif message["data"].isdigit():
                            wake(int(message["data"]))
            except (redis.RedisError, OSError) as error:
                logger.warning("The notifier cannot be heard: %s", error)
            await asyncio.sleep(self._retry_seconds)

    def _receive(self, data: bytes, receive: Receive) -> None:
        name, _, rest = data.decode("utf-8", "replace").partition(" ")
        room_id, _, text = rest.partition(" ")
        # Redis repeats to us what we said ourselves.
        if name != self._name and room_id.isdigit():
            receive(int(room_id), text)
