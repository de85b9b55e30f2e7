"""Notifications between processes.

A notification means "read the log of this room". It carries no data: a lost one delays delivery by a second at most.
Ephemeral events (a pointer, a reaction) are published once and not stored: a lost one is not repeated.
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
# After a failed notification.
SILENT_SECONDS = 1.0

type Receive = Callable[[int, str], None]


class Notifier(Protocol):
    def notify(self, room_id: int) -> None:
        """Notify the other processes. Never raises; callable from any thread."""

    def publish(self, room_id: int, text: str) -> None:
        """Publish an ephemeral frame to the other processes. Never raises; callable from any thread."""

    async def listen(
        self, wake: Callable[[int], None], wake_all: Callable[[], None], receive: Receive
    ) -> None:
        """Call `wake` for every notification of another process, `wake_all` when some may have been missed.

        `receive` gets the ephemeral frames of other processes.
        """


class LocalNotifier:
    """For a single web process: does nothing."""

    def notify(self, room_id: int) -> None:
        """Nothing to do."""

    def publish(self, room_id: int, text: str) -> None:
        """Nothing to do."""

    async def listen(
        self, wake: Callable[[int], None], wake_all: Callable[[], None], receive: Receive
    ) -> None:
        """Nothing to receive."""


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
        # While Redis is unreachable callers do not wait for its timeout: the ticks deliver events.
        if time.monotonic() < self._silent_until:
            return
        try:
            self._publisher.publish(channel, message)
        except (redis.RedisError, OSError) as error:
            self._silent_until = time.monotonic() + SILENT_SECONDS
            logger.warning("A notification could not be sent to Redis: %s", error)

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
                    # Notifications may have been missed meanwhile.
                    wake_all()
                    async for message in subscription.listen():
                        if message["type"] != "message":
                            continue
                        if message["channel"] == EPHEMERAL_CHANNEL.encode():
                            self._receive(message["data"], receive)
                        elif message["data"].isdigit():
                            wake(int(message["data"]))
            except (redis.RedisError, OSError) as error:
                logger.warning("Notifications cannot be received from Redis: %s", error)
            await asyncio.sleep(self._retry_seconds)

    def _receive(self, data: bytes, receive: Receive) -> None:
        name, _, rest = data.decode("utf-8", "replace").partition(" ")
        room_id, _, text = rest.partition(" ")
        # Redis also delivers our own messages to us.
        if name != self._name and room_id.isdigit():
            receive(int(room_id), text)
