"""The doorbell: "look into the log of this room". It carries no data, so losing a ring costs a second at most."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Protocol

import redis
import redis.asyncio

logger = logging.getLogger(__name__)

CHANNEL = "live:doorbell"


class Doorbell(Protocol):
    def ring(self, room_id: int) -> None:
        """Tell the other processes. Never raises; callable from any thread."""

    async def listen(self, wake: Callable[[int], None], wake_all: Callable[[], None]) -> None:
        """Call `wake` for every ring of another process, `wake_all` when some may have been missed."""


class LocalDoorbell:
    """One web process: there is nobody else to tell."""

    def ring(self, room_id: int) -> None:
        """Nothing to do."""

    async def listen(self, wake: Callable[[int], None], wake_all: Callable[[], None]) -> None:
        """Nothing to hear."""


class RedisDoorbell:
    """Redis publish/subscribe, one SUBSCRIBE a process."""

    def __init__(self, url: str, *, retry_seconds: float = 0.5) -> None:
        self._url = url
        self._retry_seconds = retry_seconds
        self._publisher = redis.Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=0.5)
        self._silent_until = 0.0

    def ring(self, room_id: int) -> None:
        # While Redis is away nobody waits for its time-out: the ticks carry the rooms.
        if time.monotonic() < self._silent_until:
            return
        try:
            self._publisher.publish(CHANNEL, room_id)
        except (redis.RedisError, OSError) as error:
            self._silent_until = time.monotonic() + 1.0
            logger.warning("The doorbell could not be rung: %s", error)

    async def listen(self, wake: Callable[[int], None], wake_all: Callable[[], None]) -> None:
        while True:
            client = redis.asyncio.Redis.from_url(
                self._url, socket_connect_timeout=2, health_check_interval=10
            )
            try:
                async with client, client.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    # Rings may have been missed while away.
                    wake_all()
                    async for message in subscription.listen():
                        if message["type"] == "message" and message["data"].isdigit():
                            wake(int(message["data"]))
            except (redis.RedisError, OSError) as error:
                logger.warning("The doorbell cannot be heard: %s", error)
            await asyncio.sleep(self._retry_seconds)
