"""The socket of a viewer who follows the class nearly live: fragments of MP4 as they are made, instead of a playlist.

Text frames say which run of the encoder follows; each binary frame is its head or a fragment. The viewer confirms how
many binary frames it has, so that a slow line is noticed and never filled.
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
from live.flow.fragment_relay import FragmentRelay, Viewer, fragment_relay_of
from live.flow.shelf import take_seat
from live.flow.tickets import redeem_viewer_ticket
from live.hub import CloseCode
from live.hub.buckets import Rate
from live.protocol import ProtocolError, Reply
from live.queries.video import stream_place
from live.server.event_gateway import event_gateway, in_database
from media_pipeline.services.growing import growing_folders

# One a second, and a few at once after a pause of the trainer's line.
GOT_RATE = Rate(burst=60, seconds=0.1)


class ViewerHello(Command):
    type: Literal["hello"]
    ticket: Annotated[str, Field(min_length=1, max_length=1000)]


class Got(Command):
    """The first `count` binary frames of this socket have come."""

    type: Literal["got"]
    count: Annotated[int, Field(ge=0, lt=2**31)]


class ViewerConsumer(RoomConsumer):
    """One viewer's socket."""

    words = TypeAdapter(Annotated[ViewerHello | Got, Field(discriminator="type")])

    relay: FragmentRelay | None = None
    viewer: Viewer | None = None
    # One of the places nearly live; closing the file gives it back.
    place: IO[bytes] | None = None
    following: asyncio.Task[None] | None = None

    async def disconnect(self, code: int) -> None:
        await super().disconnect(code)
        self.let_go()

    def let_go(self) -> None:
        if self.relay and self.viewer:
            self.relay.leave(self.viewer)
        if self.following:
            self.following.cancel()
        if self.place:
            self.place.close()

    async def obey(self, command: Command) -> None:
        if isinstance(command, ViewerHello) and self.seat is None:
            await self.enter(command)
        elif self.seat is None or self.viewer is None or not isinstance(command, Got):
            await self.refuse(ProtocolError.HELLO_FIRST, str(command.id))
        elif event_gateway.hub().buckets.take((self.seat.user.pk, "got"), GOT_RATE):
            await self.slow_down(command)
        else:
            self.viewer.confirm(command.count)

    async def enter(self, hello: ViewerHello) -> None:
        seat = await in_database(redeem_viewer_ticket)(ticket=hello.ticket)
        path, seq = await in_database(stream_place)(seat.session_id)
        served, _ = growing_folders(path)
        self.place = await asyncio.to_thread(take_seat, served, most=settings.LIVE_NEARLY_LIVE_VIEWERS)
        if self.place is None:
            raise NearlyLiveFull
        await self.sit_in(seat, seq, is_counted=False)
        await self.say(Reply.WELCOME, id=str(hello.id))
        self.relay = fragment_relay_of(served)
        self.viewer = Viewer(member=seat.user.pk, tell=self.say, give=self.give, put_out=self.put_out)
        self.following = asyncio.ensure_future(self.follow(self.viewer, self.relay))
        self.relay.join(self.viewer)

    async def give(self, data: bytes) -> None:
        await self.send(bytes_data=data)

    async def follow(self, viewer: Viewer, relay: FragmentRelay) -> None:
        # Whatever the server raises, the socket is gone.
        with suppress(Exception):
            await viewer.follow(relay)

    def put_out(self, code: CloseCode) -> None:
        self.let_go()
        self.waiting = asyncio.ensure_future(self.close(code))

    async def report(self, error: DomainError, command: Command) -> None:
        await super().report(error, command)
        if self.seat is None:
            await self.close(CloseCode.TICKET)
