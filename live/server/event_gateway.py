"""The hub of this process, wired to the database and, in the scaled mode, to Redis."""

import asyncio
import json
from collections.abc import Callable, Collection, Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

from channels.db import DatabaseSyncToAsync
from django.conf import settings
from django.db import Error as DatabaseError

from live.hub import (
    PART,
    Hub,
    LocalNotifier,
    LoggedEvent,
    LogUnavailable,
    Notifier,
    RedisNotifier,
    Summary,
)
from live.queries.admission import still_admitted
from live.queries.log import logged_events_after
from live.queries.summaries import summaries_of

# Sockets share a few threads, so that a busy class cannot use up the connection pool. A database connection is held for
# one call, not for as long as a socket is open.
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="live-db")


def in_database(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make an awaitable of a function that reads or writes the database."""
    return DatabaseSyncToAsync(function, thread_sensitive=False, executor=_threads)


class DatabaseLog:
    """`live.hub.Log` over PostgreSQL."""

    async def events_after(self, room_id: Hashable, seq: int, limit: int) -> list[LoggedEvent]:
        try:
            return await in_database(logged_events_after)(room_id, seq, limit)
        except DatabaseError as error:
            raise LogUnavailable from error

    async def still_admitted(
        self, room_id: Hashable, members: Collection[Hashable], staff: Collection[Hashable]
    ) -> Collection[Hashable]:
        try:
            return await in_database(still_admitted)(room_id, members, staff)
        except DatabaseError as error:
            raise LogUnavailable from error


async def summarize(room_id: Hashable, parts: Mapping[str, int]) -> list[Summary]:
    """Build the summaries that `live.hub` sends once a tick."""
    try:
        return await in_database(summaries_of)(room_id, parts)
    except DatabaseError as error:
        raise LogUnavailable from error


class EventGateway:
    def __init__(self) -> None:
        self._hub: Hub | None = None

    @cached_property
    def notifier(self) -> Notifier:
        return RedisNotifier(settings.REDIS_URL) if settings.REDIS_URL else LocalNotifier()

    def hub(self) -> Hub:
        """The hub of the running event loop; a process that serves sockets has one."""
        if self._hub is None or self._hub.loop is not asyncio.get_running_loop():
            self._hub = Hub(log=DatabaseLog(), notifier=self.notifier, summarize=summarize)
        return self._hub

    def notify(self, session_id: int) -> None:
        """Notify the hubs that the session's log has new events. Never raises; callable from any thread and any process."""
        if self._hub is not None:
            self._hub.wake_threadsafe(session_id)
        self.notifier.notify(session_id)

    def publish(self, session_id: int, kind: str, **facts: Any) -> None:
        """Publish an ephemeral event to the room. Never raises; callable from any thread and any process."""
        text = json.dumps(
            {"type": "passing", "kind": kind, **facts}, ensure_ascii=False, separators=(",", ":")
        )
        if self._hub is not None:
            self._hub.publish_threadsafe(session_id, text)
        self.notifier.publish(session_id, text)

    def aggregate(self, session_id: int, part: str) -> None:
        """Count `part` for the room's next summary (`summaries_of`), in every process. Never raises; from any thread."""
        if self._hub is not None:
            self._hub.aggregate_threadsafe(session_id, part)
        self.notifier.publish(session_id, f"{PART}{part}")


event_gateway = EventGateway()
