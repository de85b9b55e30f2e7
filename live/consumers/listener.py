"""The socket by which the page that sends the class receives a trainee's voice.

The voice is stored on disk (`live.consumers.voice`) and any process reads it from there: no media goes through
Redis or the log. The instructor's page mixes it into what it sends, so that every playback mode has it in sync.
"""

import asyncio
from typing import Annotated, Literal

from django.db import Error as DatabaseError
from pydantic import Field, TypeAdapter

from accounts.errors import DomainError
from live.broadcast.folders import voices_folder
from live.broadcast.recording_runs import stored_after
from live.commands.base import Command
from live.consumers.room import RoomConsumer
from live.enums import LiveRole
from live.hub import CloseCode
from live.models import Event, LiveSession
from live.protocol import ProtocolError, Reply
from live.queries.admission import role_in
from live.queries.voice import voice_in
from live.server.event_gateway import in_database
from live.services.tickets import Participant
from live.services.video import redeem_sender_ticket

POLL_SECONDS = 0.1
ASK_SECONDS = 1.0
# At most so many bytes are unconfirmed by the listening page; the rest waits on disk.
UNHEARD_BYTES = 128 * 1024


class ListenHello(Command):
    """`of` is the event that began the voice."""

    type: Literal["listen"]
    ticket: Annotated[str, Field(min_length=1, max_length=1000)]
    of: Annotated[int, Field(ge=0, lt=2**62)]


class Heard(Command):
    """Confirm `bytes`, the total received."""

    type: Literal["heard"]
    bytes: Annotated[int, Field(ge=0, lt=2**40)]


class ListenerConsumer(RoomConsumer):
    """Sends one listening page the voice, chunk by chunk from its beginning."""

    commands = TypeAdapter(Annotated[ListenHello | Heard, Field(discriminator="type")])

    streaming: asyncio.Task[None] | None = None
    sent = confirmed = 0

    async def disconnect(self, code: int) -> None:
        await super().disconnect(code)
        if self.streaming:
            self.streaming.cancel()

    async def handle(self, command: Command) -> None:
        if isinstance(command, Heard):
            self.confirmed = min(self.sent, command.bytes)
        elif isinstance(command, ListenHello) and self.participant is None:
            await self.begin(command)
        else:
            await self.refuse(ProtocolError.UNKNOWN_COMMAND, str(command.id))

    async def report(self, error: DomainError, command: Command) -> None:
        await super().report(error, command)
        await self.close(CloseCode.TICKET)

    async def begin(self, command: ListenHello) -> None:
        self.participant = await in_database(redeem_sender_ticket)(ticket=command.ticket)
        self.cancel_hello_timer()
        spoken = await in_database(voice_in)(self.participant.session_id)
        await self.send_reply(Reply.WELCOME, id=str(command.id), on=bool(spoken and spoken.seq == command.of))
        if spoken is None or spoken.seq != command.of:
            await self.close(CloseCode.ENDED)
            return
        self.streaming = asyncio.ensure_future(self.stream_voice(self.participant, spoken))

    async def stream_voice(self, participant: Participant, spoken: Event) -> None:
        folder, number, offset = voices_folder(participant.session_id), int(spoken.payload["take"]), 0
        asked_at = asyncio.get_running_loop().time()
        while not self.is_closing:
            if self.sent - self.confirmed < UNHEARD_BYTES:
                data, is_over = await asyncio.to_thread(stored_after, folder, number, offset)
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
                if not await in_database(_is_still_speaking)(participant, spoken.seq):
                    await self.close(CloseCode.ENDED)
            await asyncio.sleep(POLL_SECONDS)


def _is_still_speaking(participant: Participant, seq: int) -> bool:
    """Whether the voice has not ended and the listener is still staff."""
    try:
        spoken = voice_in(participant.session_id)
        session = LiveSession.objects.select_related("class_session__cohort").get(pk=participant.session_id)
        return (
            bool(spoken and spoken.seq == seq) and role_in(session, participant.user) == LiveRole.INSTRUCTOR
        )
    except DatabaseError:
        return True
