"""The socket by which the page that sends the class hears a trainee's voice.

The voice lies on the disk (`live.consumers.voice`) and is read from there, in whichever process it is: no media goes
through Redis or the log. The trainer's page mixes it into what it sends, so that every way of watching has it, in step.
"""

import asyncio
from typing import Annotated, Literal

from django.db import Error as DatabaseError
from pydantic import Field, TypeAdapter

from accounts.errors import DomainError
from live.broadcast.folders import voices_folder
from live.broadcast.takes import kept_after
from live.commands.base import Command
from live.consumers.room import RoomConsumer
from live.enums import LiveRole
from live.hub import CloseCode
from live.models import Event, LiveSession
from live.protocol import ProtocolError, Reply
from live.queries.admission import role_in
from live.queries.voice import voice_in
from live.server.event_gateway import in_database
from live.services.tickets import Seat
from live.services.video import redeem_sender_ticket

LOOK_SECONDS = 0.1
ASK_SECONDS = 1.0
# What the page that hears has not confirmed yet; the rest waits on the disk.
UNHEARD_BYTES = 128 * 1024


class ListenHello(Command):
    """`of` is the event that began the voice."""

    type: Literal["listen"]
    ticket: Annotated[str, Field(min_length=1, max_length=1000)]
    of: Annotated[int, Field(ge=0, lt=2**62)]


class Heard(Command):
    """How many bytes of it have come in all."""

    type: Literal["heard"]
    bytes: Annotated[int, Field(ge=0, lt=2**40)]


class ListenerConsumer(RoomConsumer):
    """One listening page: chunk by chunk, from the voice's beginning."""

    words = TypeAdapter(Annotated[ListenHello | Heard, Field(discriminator="type")])

    passing: asyncio.Task[None] | None = None
    sent = confirmed = 0

    async def disconnect(self, code: int) -> None:
        await super().disconnect(code)
        if self.passing:
            self.passing.cancel()

    async def obey(self, command: Command) -> None:
        if isinstance(command, Heard):
            self.confirmed = min(self.sent, command.bytes)
        elif isinstance(command, ListenHello) and self.seat is None:
            await self.begin(command)
        else:
            await self.refuse(ProtocolError.UNKNOWN_COMMAND, str(command.id))

    async def report(self, error: DomainError, command: Command) -> None:
        await super().report(error, command)
        await self.close(CloseCode.TICKET)

    async def begin(self, word: ListenHello) -> None:
        self.seat = await in_database(redeem_sender_ticket)(ticket=word.ticket)
        self.stop_waiting()
        spoken = await in_database(voice_in)(self.seat.session_id)
        await self.say(Reply.WELCOME, id=str(word.id), on=bool(spoken and spoken.seq == word.of))
        if spoken is None or spoken.seq != word.of:
            await self.close(CloseCode.ENDED)
            return
        self.passing = asyncio.ensure_future(self.pass_on(self.seat, spoken))

    async def pass_on(self, seat: Seat, spoken: Event) -> None:
        folder, number, offset = voices_folder(seat.session_id), int(spoken.payload["take"]), 0
        asked_at = asyncio.get_running_loop().time()
        while not self.is_closing:
            if self.sent - self.confirmed < UNHEARD_BYTES:
                data, is_over = await asyncio.to_thread(kept_after, folder, number, offset)
                if data:
                    offset += len(data)
                    self.sent += len(data)
                    await self.send(bytes_data=data)
                    continue
                if is_over:
                    number, offset = number + 1, 0
            now = asyncio.get_running_loop().time()
            if now - asked_at > ASK_SECONDS:
                asked_at = now
                if not await in_database(_goes_on)(seat, spoken.seq):
                    await self.close(CloseCode.ENDED)
            await asyncio.sleep(LOOK_SECONDS)


def _goes_on(seat: Seat, seq: int) -> bool:
    """The voice is still heard, and whoever hears it still belongs to the staff."""
    try:
        spoken = voice_in(seat.session_id)
        session = LiveSession.objects.select_related("class_session__cohort").get(pk=seat.session_id)
        return bool(spoken and spoken.seq == seq) and role_in(session, seat.user) == LiveRole.TRAINER
    except DatabaseError:
        return True
