"""The server of the bench that is ours: the site's hub and consumer, with a log in memory in place of PostgreSQL.

Only what would ask the database is replaced: the ticket and the welcome's snapshot, the log, and what a message and a
heartbeat write. `BENCH_BATCHED=0` lets no room count as busy.
"""

import asyncio
import datetime as dt
import json
import os
from collections.abc import Collection, Hashable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
django.setup()

from accounts.models import User  # noqa: E402 - needs the app registry
from live.commands import Command, Heartbeat, Hello  # noqa: E402
from live.commands.chat import ChatSend  # noqa: E402
from live.consumers import RoomConsumer  # noqa: E402
from live.enums import LiveRole  # noqa: E402
from live.hub import Hub, Limits, LocalNotifier, LoggedEvent, Subscriber  # noqa: E402
from live.protocol import Reply  # noqa: E402
from live.server.event_gateway import event_gateway  # noqa: E402
from live.services.tickets import Participant  # noqa: E402

ROOM = 1
# What a newcomer is shown, as in `live.queries.messages_of`.
NEWCOMER_MESSAGES = 50
REPLAY_EVENTS = 500


class MemoryLog:
    """`live.hub.Log` with everybody admitted."""

    def __init__(self) -> None:
        self.events: list[LoggedEvent] = []

    def append(self, text: str, command_id: str) -> int:
        seq = len(self.events) + 1
        # The fields of `live.queries.event_body`.
        body = {
            "seq": seq,
            "kind": "chat",
            "at": dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
            "name": "منى",
            "by": "0f8e2a91c3d4",
            "id": command_id,
            "text": text,
        }
        self.events.append(LoggedEvent(seq, json.dumps(body, ensure_ascii=False, separators=(",", ":"))))
        return seq

    async def events_after(self, room_id: Hashable, seq: int, limit: int) -> list[LoggedEvent]:
        # The database answers a little later too, from a thread.
        await asyncio.sleep(0)
        return self.events[seq : seq + limit]

    async def still_admitted(
        self, room_id: Hashable, members: Collection[Hashable], staff: Collection[Hashable]
    ) -> Collection[Hashable]:
        return members


memory = MemoryLog()


def hub() -> Hub:
    """The hub of this process, where the site's own code looks for it."""
    if event_gateway._hub is None:
        is_batched = os.environ.get("BENCH_BATCHED", "1") == "1"
        limits = Limits() if is_batched else Limits(busy_events=1_000_000)
        event_gateway._hub = Hub(log=memory, notifier=LocalNotifier(), limits=limits)
    return event_gateway._hub


class BenchConsumer(RoomConsumer):
    async def handle(self, command: Command) -> None:
        if self.participant is None:
            # The first frame of a process asks for the hub before anything else does.
            hub()
        if isinstance(command, ChatSend) and self.participant is not None:
            seq = memory.append(command.text, str(command.id))
            hub().wake(ROOM)
            await self.send_reply(Reply.ACK, id=str(command.id), seq=seq)
        else:
            await super().handle(command)

    async def welcome(self, hello: Hello) -> None:
        if self.hello_timer is not None:
            self.hello_timer.cancel()
        user = User(pk=int(hello.ticket))
        self.participant = Participant(ROOM, user, LiveRole.TRAINEE, "منى", "ar")
        self.device = hello.device
        self.subscriber = hub().join(ROOM, member=user.pk, send=self.base_send, on_close=self.close)
        seq = len(memory.events)
        can_replay = hello.since is not None and seq - REPLAY_EVENTS <= hello.since <= seq
        facts: dict[str, Any] = {
            "seq": seq,
            "state": "open",
            "resync": hello.since is not None and not can_replay,
        }
        if not can_replay:
            facts["messages"] = [json.loads(event.text) for event in memory.events[-NEWCOMER_MESSAGES:]]
        await self.send_reply(Reply.WELCOME, id=str(hello.id), **facts)
        after = hello.since if can_replay and hello.since is not None else seq
        await hub().replay(self.subscriber, after=after, snapshot=seq)

    async def handle_heartbeat(
        self, command: Heartbeat, participant: Participant, subscriber: Subscriber
    ) -> None:
        if command.seen is not None:
            subscriber.confirm(command.seen)
        await self.send_reply(Reply.ACK, id=str(command.id), presence={"minutes": 0, "held": 0})


consumer = BenchConsumer.as_asgi()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await consumer(scope, receive, send)
