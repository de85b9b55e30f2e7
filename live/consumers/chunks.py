"""Base of the sockets that send media: text frames announce a recording run, binary frames are its numbered chunks.

A binary frame is eight bytes (recording run and chunk, big-endian) and bytes of the browser's recorder. It is
acknowledged when it is on disk; the client resends unacknowledged chunks after a reconnect.
"""

import asyncio
import struct
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from django.db import Error as DatabaseError
from pydantic import Field, TypeAdapter

from accounts.errors import DomainError
from live import protocol
from live.broadcast import Gap, NotMedia, RecordingRun
from live.broadcast.recording_runs import RecordingRuns
from live.broadcast.sender_lease import SenderLease, holds_lease, renew_lease
from live.commands.base import Command
from live.consumers.room import RoomConsumer
from live.errors import ChunkGap, LiveError, MediaTooMuch
from live.hub import CloseCode
from live.hub.buckets import Rate
from live.protocol import ProtocolError, Reply
from live.server.event_gateway import event_gateway

HEAD = struct.Struct(">II")


class SenderHello(Command):
    type: Literal["hello"]
    ticket: Annotated[str, Field(min_length=1, max_length=1000)]
    device: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{8,36}$")]
    take_over: bool = False


class TakeBegin(Command):
    """Begin or continue a recording run; runs are numbered from 1."""

    type: Literal["take"]
    take: Annotated[int, Field(ge=1, le=protocol.MEDIA_TAKES)]
    source: Literal["camera", "screen", "voice"]


class SendingStop(Command):
    type: Literal["stop"]


class ChunkConsumer(RoomConsumer, ABC):
    """The socket of a sender. Subclasses define who is admitted, what may be sent and what the end of a run means."""

    commands = TypeAdapter(Annotated[SenderHello | TakeBegin | SendingStop, Field(discriminator="type")])

    sources: ClassVar[frozenset[str]]
    rate: ClassVar[Rate]
    most_bytes: ClassVar[int]
    # The error for media that this kind does not accept.
    refusal: ClassVar[type[LiveError]]

    # Set on admission: the recording runs, and the folder with the lease that names this socket as the sender.
    recording_runs: RecordingRuns | None = None
    folder: Path
    lease: SenderLease
    recording_run: RecordingRun | None = None

    @abstractmethod
    async def admit(self, hello: SenderHello) -> None:
        """Admit the sender: participant, lease, recording runs."""

    @abstractmethod
    async def begin(self, command: TakeBegin, recording_runs: RecordingRuns) -> RecordingRun:
        """Begin or continue a recording run."""

    @abstractmethod
    async def append(self, recording_run: RecordingRun, number: int, data: bytes) -> None:
        """Store a chunk on disk. Raises `Gap` and `NotMedia`."""

    @abstractmethod
    async def stop(self) -> None:
        """Handle the sender's `stop`."""

    @abstractmethod
    async def release_sender(self) -> None:
        """Release the lease after media that cannot be read, so that another socket can send."""

    async def close_superseded(self) -> None:
        """Another device, or another socket of this one, sends now."""
        await self.close(CloseCode.NEWER_SOCKET)

    # --- Frames ----------------------------------------------------------------------------------------------

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if text_data is not None:
            await super().receive(text_data)
        elif not self.is_closing:
            async with self.command_lock:
                await self.receive_chunk(bytes_data or b"")

    async def receive_chunk(self, data: bytes) -> None:
        if len(data) > protocol.MEDIA_FRAME_BYTES:
            await self.refuse(ProtocolError.TOO_BIG, None)
            await self.close(CloseCode.TOO_BIG)
            return
        try:
            await self.store_chunk(data)
        except DomainError as error:
            await self.refuse_chunk(error, None)
        except DatabaseError:
            await self.send_unavailable(None)

    async def handle(self, command: Command) -> None:
        if isinstance(command, SenderHello) and self.recording_runs is None:
            await self.admit(command)
        elif self.recording_runs is None or isinstance(command, SenderHello):
            await self.refuse(ProtocolError.HELLO_FIRST, str(command.id))
        elif isinstance(command, TakeBegin):
            if command.source not in self.sources:
                raise self.refusal
            newest = self.recording_runs.last.number if self.recording_runs.last else 0
            if command.take not in {newest, newest + 1}:
                raise ChunkGap
            self.recording_run = await self.begin(command, self.recording_runs)
            await self.send_reply(
                Reply.ACK, id=str(command.id), take=command.take, chunk=self.recording_run.last_chunk
            )
        else:
            await self.stop()
            await self.send_reply(Reply.ACK, id=str(command.id))

    async def send_resume_position(self, hello: SenderHello, recording_runs: RecordingRuns) -> None:
        """Send the welcome with the position to resume from."""
        last = recording_runs.last
        await self.send_reply(
            Reply.WELCOME,
            id=str(hello.id),
            take=last.number if last else 0,
            chunk=last.last_chunk if last else 0,
        )

    async def store_chunk(self, data: bytes) -> None:
        """Store a chunk on disk, then acknowledge it."""
        if self.recording_runs is None or self.participant is None:
            await self.refuse(ProtocolError.HELLO_FIRST, None)
            return
        if len(data) <= HEAD.size:
            await self.refuse(ProtocolError.MALFORMED, None)
            return
        if event_gateway.hub().buckets.consume((self.participant.user.pk, type(self).__name__), self.rate):
            await self.close(CloseCode.RATE)
            return
        take_number, number = HEAD.unpack_from(data)
        if self.recording_run is None or self.recording_run.number != take_number:
            raise ChunkGap
        if self.recording_runs.size > self.most_bytes:
            raise MediaTooMuch
        if not await asyncio.to_thread(holds_lease, self.folder, self.lease):
            await self.close_superseded()
            return
        try:
            await self.append(self.recording_run, number, data[HEAD.size :])
        except Gap as gap:
            raise ChunkGap from gap
        except NotMedia as error:
            raise self.refusal from error
        await asyncio.to_thread(renew_lease, self.folder)
        await self.send_reply(Reply.ACK, take=take_number, chunk=number)

    async def send_unavailable(self, command_id: str | None) -> None:
        # The sender reconnects and resends what was not acknowledged.
        await super().send_unavailable(command_id)
        await self.close(CloseCode.UNAVAILABLE)

    async def report(self, error: DomainError, command: Command) -> None:
        await self.refuse_chunk(error, str(command.id))

    async def refuse_chunk(self, error: DomainError, command_id: str | None) -> None:
        facts = (
            {"chunk": self.recording_run.last_chunk if self.recording_run else 0}
            if isinstance(error, ChunkGap)
            else {}
        )
        await self.send_error(error.code, error, command_id, **facts)
        if self.recording_runs is None:
            if not isinstance(error, ChunkGap):
                await self.close(CloseCode.TICKET)
        elif isinstance(error, (self.refusal, MediaTooMuch)):
            await self.release_sender()
            await self.close(CloseCode.PROTOCOL)
