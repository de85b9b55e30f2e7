"""The socket of a trainee who was let to speak: as the sender's, with sound alone.

What is acknowledged is on disk; `live.consumers.listener` reads it from there, in whichever process it is.
"""

import asyncio
import json
from typing import Any

from live import protocol
from live.broadcast import Take
from live.broadcast.claims import claim
from live.broadcast.folders import voices_folder
from live.broadcast.takes import Takes
from live.consumers.chunks import ChunkConsumer, SenderHello, TakeBegin
from live.enums import EventKind
from live.errors import VoiceRefused
from live.hub import CloseCode
from live.hub.buckets import Rate
from live.models import Event
from live.server.event_gateway import in_database
from live.services.tickets import Seat
from live.services.voice import end_own_voice, redeem_voice_ticket, start_voice


class VoiceConsumer(ChunkConsumer):
    sources = frozenset({"voice"})
    # Four chunks a second, and what a short cut has left to send.
    rate = Rate(burst=80, seconds=0.1)
    most_bytes = protocol.VOICE_BYTES
    refusal = VoiceRefused

    began: Event | None = None

    async def enter(self, hello: SenderHello) -> None:
        seat: Seat = await in_database(redeem_voice_ticket)(ticket=hello.ticket)
        self.folder = voices_folder(seat.session_id)
        takes = await asyncio.to_thread(Takes, self.folder)
        newest = takes.last.number if takes.last else 0
        self.began = await in_database(start_voice)(session_id=seat.session_id, by=seat.user, take=newest + 1)
        # Only one is let to speak: another socket of the same person follows at once.
        self.claim = await asyncio.to_thread(
            claim, self.folder, who=seat.user.pk, device=hello.device, take_over=True
        )
        self.takes = takes
        await self.sit_in(seat, self.began.seq)
        await self.say_place(hello, takes)

    async def begin(self, word: TakeBegin, takes: Takes) -> Take:
        return await asyncio.to_thread(takes.begin, word.take, source=word.source)

    async def append(self, take: Take, number: int, piece: bytes) -> None:
        await asyncio.to_thread(take.append, number, piece)

    async def stop(self) -> None:
        assert self.seat is not None  # noqa: S101 - set with `takes`
        await in_database(end_own_voice)(session_id=self.seat.session_id, by=self.seat.user)

    async def give_up(self) -> None:
        await self.stop()

    async def hear_nothing(self, frame: dict[str, Any]) -> None:
        """Of all that happens in the room only one thing concerns this socket."""
        await super().hear_nothing(frame)
        text = frame.get("text") or ""
        if self.began is None or EventKind.VOICE_ENDED not in text:
            return
        for event in json.loads(text).get("events", ()):
            if event["kind"] == EventKind.VOICE_ENDED and event["of"] == self.began.seq:
                await self.dismiss(CloseCode.ENDED)
