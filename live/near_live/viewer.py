"""The socket of a near-live viewer: MP4 fragments as they are made, instead of a playlist.

Text frames announce a run of the encoder; each binary frame is its initialization segment or a fragment. The viewer
confirms the number of binary frames received, so that a slow connection is noticed and not filled up.
"""

import asyncio
from contextlib import suppress
from typing import IO, Annotated, Literal

from django.conf import settings
from pydantic import Field, TypeAdapter

from accounts.errors import DomainError
from live.commands.base import Command
from live.consumers.room import RoomConsumer
from live.errors import NearlyLiveFull
from live.hub import CloseCode
from live.hub.buckets import Rate
from live.near_live.fragment_relay import FragmentRelay, Viewer, fragment_relay_of
from live.near_live.fragment_store import open_viewer_slot
from live.near_live.tickets import redeem_viewer_ticket
from live.protocol import ProtocolError, Reply
from live.queries.video import stream_place
from live.server.event_gateway import event_gateway, in_database
from media_pipeline.services.live_streams import live_stream_folders

# One a second, and a burst after a pause of the instructor's connection.
GOT_RATE = Rate(burst=60, seconds=0.1)


class ViewerHello(Command):
    type: Literal["hello"]
    ticket: Annotated[str, Field(min_length=1, max_length=1000)]


class Got(Command):
    """Confirm the first `count` binary frames of this socket."""

    type: Literal["got"]
    count: Annotated[int, Field(ge=0, lt=2**31)]


class ViewerConsumer(RoomConsumer):
    """One viewer's socket."""

    commands = TypeAdapter(Annotated[ViewerHello | Got, Field(discriminator="type")])

    relay: FragmentRelay | None = None
    viewer: Viewer | None = None
    # A viewer slot; closing the file releases it.
    place: IO[bytes] | None = None
    streaming: asyncio.Task[None] | None = None

    async def disconnect(self, code: int) -> None:
        await super().disconnect(code)
        self.release()

    def release(self) -> None:
        if self.relay and self.viewer:
            self.relay.leave(self.viewer)
        if self.streaming:
            self.streaming.cancel()
        if self.place:
            self.place.close()

    async def handle(self, command: Command) -> None:
        if isinstance(command, ViewerHello) and self.participant is None:
            await self.admit(command)
        elif self.participant is None or self.viewer is None or not isinstance(command, Got):
            await self.refuse(ProtocolError.HELLO_FIRST, str(command.id))
        elif event_gateway.hub().buckets.consume((self.participant.user.pk, "got"), GOT_RATE):
            await self.slow_down(command)
        else:
            self.viewer.confirm(command.count)

    async def admit(self, hello: ViewerHello) -> None:
        participant = await in_database(redeem_viewer_ticket)(ticket=hello.ticket)
        path, seq = await in_database(stream_place)(participant.session_id)
        served, _ = live_stream_folders(path)
        self.place = await asyncio.to_thread(open_viewer_slot, served, most=settings.LIVE_NEARLY_LIVE_VIEWERS)
        if self.place is None:
            raise NearlyLiveFull
        await self.join_without_events(participant, seq, is_counted=False)
        await self.send_reply(Reply.WELCOME, id=str(hello.id))
        self.relay = fragment_relay_of(served)
        self.viewer = Viewer(
            member=participant.user.pk,
            send_json=self.send_reply,
            send_bytes=self.send_bytes,
            close_socket=self.close_socket,
        )
        self.streaming = asyncio.ensure_future(self.stream(self.viewer, self.relay))
        self.relay.join(self.viewer)

    async def send_bytes(self, data: bytes) -> None:
        await self.send(bytes_data=data)

    async def stream(self, viewer: Viewer, relay: FragmentRelay) -> None:
        # On any error of the server the socket is gone.
        with suppress(Exception):
            await viewer.stream(relay)

    def close_socket(self, code: CloseCode) -> None:
        self.release()
        self.closing = asyncio.ensure_future(self.close(code))

    async def report(self, error: DomainError, command: Command) -> None:
        await super().report(error, command)
        if self.participant is None:
            await self.close(CloseCode.TICKET)
