"""The sockets of a voice: a trainee's, which speaks the protocol of the sender, and that of the trainer's page, which hears it.

What is acknowledged is on disk. The other socket reads it from there, in whichever process it is: no media goes through
Redis or the log. The trainer's page mixes it into what it sends, so that every way of watching has it, in step.
"""

import asyncio
import json
from typing import Annotated, Any, Literal

from django.db import Error as DatabaseError
from pydantic import Field, TypeAdapter, ValidationError

from accounts.errors import DomainError
from live import protocol, services
from live.commands.base import Command
from live.consumers import RoomConsumer
from live.enums import EventKind, LiveRole
from live.errors import ChunkGap, LiveError, MediaTooMuch, VoiceRefused
from live.folders import voices_folder
from live.hub import CloseCode
from live.hub.buckets import Rate
from live.ingest import HEAD, MediaConsumer, SenderHello, SendingStop, TakeBegin
from live.media import Gap, NotMedia
from live.media.claims import claim, refresh, still_holds
from live.media.takes import Takes, kept_after
from live.models import Event, LiveSession
from live.protocol import ProtocolError, Reply
from live.queries import role_in, voice_in
from live.services import Seat
from live.switchboard import in_database, switchboard

# Four chunks a second, and what a short cut has left to send.
VOICE_RATE = Rate(burst=80, seconds=0.1)
LOOK_SECONDS = 0.1
ASK_SECONDS = 1.0
# What the page that hears has not confirmed yet; the rest waits on the disk.
UNHEARD_BYTES = 128 * 1024


class VoiceConsumer(MediaConsumer):
    """The socket of a trainee who was let to speak."""

    takes: Takes | None = None
    began: Event | None = None

    async def disconnect(self, code: int) -> None:
        await RoomConsumer.disconnect(self, code)

    async def follow(self, word: SenderHello | TakeBegin | SendingStop) -> None:
        if isinstance(word, SenderHello) and self.takes is None:
            await self.enter(word)
        elif self.takes is None or self.seat is None or isinstance(word, SenderHello):
            await self.refuse(ProtocolError.HELLO_FIRST, str(word.id))
        elif isinstance(word, TakeBegin):
            newest = self.takes.last.number if self.takes.last else 0
            if word.source != "voice":
                raise VoiceRefused
            if word.take not in {newest, newest + 1}:
                raise ChunkGap
            self.take = await asyncio.to_thread(self.takes.begin, word.take, source="voice")
            await self.say(Reply.ACK, id=str(word.id), take=word.take, chunk=self.take.last_chunk)
        else:
            await in_database(services.end_own_voice)(session_id=self.seat.session_id, by=self.seat.user)
            await self.say(Reply.ACK, id=str(word.id))

    async def enter(self, hello: SenderHello) -> None:
        seat: Seat = await in_database(services.redeem_voice_ticket)(ticket=hello.ticket)
        folder = voices_folder(seat.session_id)
        takes = await asyncio.to_thread(Takes, folder)
        newest = takes.last.number if takes.last else 0
        self.began = await in_database(services.start_voice)(
            session_id=seat.session_id, by=seat.user, take=newest + 1
        )
        # Only one is let to speak: another socket of the same person follows at once.
        self.claim = await asyncio.to_thread(
            claim, folder, who=seat.user.pk, device=hello.device, take_over=True
        )
        self.takes = takes
        await self.sit_in(seat, self.began.seq, on_close=self.dismiss)
        chunk = takes.last.last_chunk if takes.last else 0
        await self.say(Reply.WELCOME, id=str(hello.id), take=newest, chunk=chunk)

    async def hear_nothing(self, frame: dict[str, Any]) -> None:
        """Of all that happens in the room only one thing concerns this socket."""
        await super().hear_nothing(frame)
        text = frame.get("text") or ""
        if self.began is None or EventKind.VOICE_ENDED not in text:
            return
        for event in json.loads(text).get("events", ()):
            if event["kind"] == EventKind.VOICE_ENDED and event["of"] == self.began.seq:
                await self.dismiss(CloseCode.ENDED)

    async def dismiss(self, code: CloseCode) -> None:
        await self.close(code)

    async def keep(self, data: bytes) -> None:
        if self.takes is None or self.seat is None or self.claim is None:
            await self.refuse(ProtocolError.HELLO_FIRST, None)
            return
        if len(data) <= HEAD.size:
            await self.refuse(ProtocolError.MALFORMED, None)
            return
        if switchboard.hub().buckets.take((self.seat.user.pk, "voice"), VOICE_RATE):
            await self.close(CloseCode.RATE)
            return
        take_number, number = HEAD.unpack_from(data)
        if self.take is None or self.take.number != take_number:
            raise ChunkGap
        if self.takes.size > protocol.VOICE_BYTES:
            raise MediaTooMuch
        if not await asyncio.to_thread(still_holds, self.takes.folder, self.claim):
            await self.give_way()
            return
        try:
            await asyncio.to_thread(self.take.append, number, data[HEAD.size :])
        except Gap as gap:
            raise ChunkGap from gap
        except NotMedia as error:
            raise VoiceRefused from error
        await asyncio.to_thread(refresh, self.takes.folder)
        await self.say(Reply.ACK, take=take_number, chunk=number)

    async def refuse_sending(self, error: DomainError, command_id: str | None) -> None:
        code = error.code if isinstance(error, LiveError) else "refused"
        facts = {"chunk": self.take.last_chunk if self.take else 0} if isinstance(error, ChunkGap) else {}
        await self.say_error(code, error, command_id, **facts)
        if isinstance(error, ChunkGap):
            return
        if self.takes is None:
            await self.close(CloseCode.TICKET)
        elif self.seat is not None:
            await in_database(services.end_own_voice)(session_id=self.seat.session_id, by=self.seat.user)
            await self.close(CloseCode.PROTOCOL)


class ListenHello(Command):
    """`of` is the event that began the voice."""

    type: Literal["listen"]
    ticket: Annotated[str, Field(min_length=1, max_length=1000)]
    of: Annotated[int, Field(ge=0, lt=2**62)]


class Heard(Command):
    """How many bytes of it have come in all."""

    type: Literal["heard"]
    bytes: Annotated[int, Field(ge=0, lt=2**40)]


LISTENER_WORDS: TypeAdapter[ListenHello | Heard] = TypeAdapter(
    Annotated[ListenHello | Heard, Field(discriminator="type")]
)


class VoiceListener(RoomConsumer):
    """The socket by which the page that sends the class hears the voice, chunk by chunk, from its beginning."""

    passing: asyncio.Task[None] | None = None
    sent = confirmed = 0

    async def disconnect(self, code: int) -> None:
        await super().disconnect(code)
        if self.passing:
            self.passing.cancel()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.is_closing:
            return
        if text_data is None or len(text_data) > protocol.FRAME_BYTES:
            await self.close(CloseCode.TOO_BIG)
            return
        try:
            word = LISTENER_WORDS.validate_json(text_data)
            if isinstance(word, Heard):
                self.confirmed = min(self.sent, word.bytes)
            elif self.seat is None:
                await self.begin(word)
            else:
                await self.refuse(ProtocolError.UNKNOWN_COMMAND, str(word.id))
        except ValidationError:
            await self.refuse(ProtocolError.MALFORMED, None)
        except DomainError as error:
            await self.say_error(error.code if isinstance(error, LiveError) else "refused", error, None)
            await self.close(CloseCode.TICKET)
        except DatabaseError:
            await self.close(CloseCode.UNAVAILABLE)

    async def begin(self, word: ListenHello) -> None:
        self.seat = await in_database(services.redeem_sender_ticket)(ticket=word.ticket)
        if self.patience is not None:
            self.patience.cancel()
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
