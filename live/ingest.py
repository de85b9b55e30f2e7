"""The socket of whoever sends the picture: text frames say what follows, binary frames are numbered chunks of it.

A binary frame is eight bytes (take and chunk, big-endian) and a piece of what the browser's recorder wrote. It is
answered when it is on disk; what was not answered is sent again after a lost line.
"""

import asyncio
import struct
from functools import partial
from typing import Annotated, Literal

from django.db import Error as DatabaseError
from pydantic import Field, TypeAdapter, ValidationError

from accounts.errors import DomainError
from live import protocol, services
from live.commands.base import Command
from live.consumers import SENTENCES, RoomConsumer
from live.errors import ChunkGap, LiveError, MediaRefused, MediaTooMuch, VideoBusy, VideoTaken
from live.hub import CloseCode
from live.hub.buckets import Rate
from live.media import Busy, Gap, NotMedia, Take
from live.media.claims import Claim, Claimed, claim, refresh, release, still_holds
from live.protocol import ProtocolError, Reply
from live.queries import stream_place
from live.services import Seat
from live.studio import Live, studio
from live.switchboard import in_database, switchboard
from media_pipeline.services import growing_folders

HEAD = struct.Struct(">II")
# Four chunks a second, and what half a minute without a line has left to send.
CHUNK_RATE = Rate(burst=300, seconds=0.05)


class SenderHello(Command):
    type: Literal["hello"]
    ticket: Annotated[str, Field(min_length=1, max_length=1000)]
    device: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{8,36}$")]
    take_over: bool = False


class TakeBegin(Command):
    """One run of the recorder begins or goes on; takes are numbered from 1."""

    type: Literal["take"]
    take: Annotated[int, Field(ge=1, le=protocol.MEDIA_TAKES)]
    source: Literal["camera", "screen", "voice"]


class SendingStop(Command):
    type: Literal["stop"]


WORDS: TypeAdapter[SenderHello | TakeBegin | SendingStop] = TypeAdapter(
    Annotated[SenderHello | TakeBegin | SendingStop, Field(discriminator="type")]
)


class MediaConsumer(RoomConsumer):
    """One sender's socket."""

    live: Live | None = None
    claim: Claim | None = None
    take: Take | None = None

    async def disconnect(self, code: int) -> None:
        await super().disconnect(code)
        if self.live and self.live.put_out == self.give_way:
            # The broadcast waits for its sender to come back.
            self.live.put_out = None

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.is_closing:
            return
        most = protocol.FRAME_BYTES if text_data is not None else protocol.MEDIA_FRAME_BYTES
        if len(text_data.encode() if text_data is not None else bytes_data or b"") > most:
            await self.refuse(ProtocolError.TOO_BIG, None)
            await self.close(CloseCode.TOO_BIG)
            return
        command_id = None
        try:
            if text_data is None:
                await self.keep(bytes_data or b"")
                return
            word = WORDS.validate_json(text_data)
            command_id = str(word.id)
            await self.follow(word)
        except ValidationError:
            await self.refuse(ProtocolError.MALFORMED, None)
        except DomainError as error:
            await self.refuse_sending(error, command_id)
        except DatabaseError:
            await self.say_error(ProtocolError.UNAVAILABLE, SENTENCES[ProtocolError.UNAVAILABLE], command_id)
            await self.close(CloseCode.UNAVAILABLE)

    async def follow(self, word: SenderHello | TakeBegin | SendingStop) -> None:
        if isinstance(word, SenderHello) and self.live is None:
            await self.enter(word)
        elif self.live is None or isinstance(word, SenderHello):
            await self.refuse(ProtocolError.HELLO_FIRST, str(word.id))
        elif isinstance(word, TakeBegin):
            last = self.live.broadcast.takes.last
            newest = last.number if last else 0
            if word.source == "voice":
                raise MediaRefused
            if word.take not in {newest, newest + 1}:
                raise ChunkGap
            self.take = self.live.broadcast.begin(word.take, source=word.source)
            await self.say(Reply.ACK, id=str(word.id), take=word.take, chunk=self.take.last_chunk)
        else:
            assert self.seat is not None  # noqa: S101 - set with `live`
            await self.live.silence(by=self.seat.user)
            await self.say(Reply.ACK, id=str(word.id))

    async def enter(self, hello: SenderHello) -> None:
        seat: Seat = await in_database(services.redeem_sender_ticket)(ticket=hello.ticket)
        if self.patience is not None:
            self.patience.cancel()
        path, seq = await in_database(stream_place)(seat.session_id)
        served, _ = growing_folders(path)
        try:
            self.claim = await asyncio.to_thread(
                claim, served, who=seat.user.pk, device=hello.device, take_over=hello.take_over
            )
        except Claimed as error:
            raise VideoTaken from error
        try:
            self.live = await studio().enter(
                session_id=seat.session_id, path=path, by=seat.user, claim=self.claim, put_out=self.give_way
            )
        except Busy as error:
            raise VideoBusy from error
        await self.sit_in(seat, seq, on_close=self.dismiss)
        last = self.live.broadcast.takes.last
        await self.say(
            Reply.WELCOME,
            id=str(hello.id),
            take=last.number if last else 0,
            chunk=last.last_chunk if last else 0,
        )

    async def dismiss(self, code: CloseCode) -> None:
        await self.close(code)
        if code == CloseCode.ENDED and self.live:
            await studio().finish(self.live)

    async def give_way(self) -> None:
        """Another device, or another socket of this one, sends now."""
        await self.close(CloseCode.NEWER_SOCKET)

    async def keep(self, data: bytes) -> None:
        """Put a chunk on disk, then say so."""
        if self.live is None or self.seat is None or self.claim is None:
            await self.refuse(ProtocolError.HELLO_FIRST, None)
            return
        if len(data) <= HEAD.size:
            await self.refuse(ProtocolError.MALFORMED, None)
            return
        if switchboard.hub().buckets.take((self.seat.user.pk, "media"), CHUNK_RATE):
            await self.close(CloseCode.RATE)
            return
        take_number, number = HEAD.unpack_from(data)
        live, take = self.live, self.take
        if take is None or take.number != take_number:
            raise ChunkGap
        if live.broadcast.takes.size > protocol.MEDIA_SESSION_BYTES:
            raise MediaTooMuch
        if not await asyncio.to_thread(still_holds, live.served, self.claim):
            await self.give_way()
            return
        try:
            await live.broadcast.append(take, number, data[HEAD.size :])
        except Gap as gap:
            raise ChunkGap from gap
        except NotMedia as error:
            raise MediaRefused from error
        live.heard()
        await asyncio.to_thread(partial(refresh, live.served))
        await self.say(Reply.ACK, take=take_number, chunk=number)

    async def refuse_sending(self, error: DomainError, command_id: str | None) -> None:
        code = error.code if isinstance(error, LiveError) else "refused"
        facts = {"chunk": self.take.last_chunk if self.take else 0} if isinstance(error, ChunkGap) else {}
        await self.say_error(code, error, command_id, **facts)
        if isinstance(error, ChunkGap):
            return
        if isinstance(error, MediaRefused | MediaTooMuch) and self.live and self.claim:
            await asyncio.to_thread(release, self.live.served, self.claim)
            await self.close(CloseCode.PROTOCOL)
        elif self.live is None:
            await self.close(CloseCode.TICKET)
