"""The socket of whoever sends the picture of a class."""

import asyncio

from live import protocol
from live.broadcast import Busy, Take
from live.broadcast.claims import Claimed, claim, release
from live.broadcast.takes import Takes
from live.consumers.chunks import ChunkConsumer, SenderHello, TakeBegin
from live.errors import MediaRefused, VideoBusy, VideoTaken
from live.hub import CloseCode
from live.hub.buckets import Rate
from live.queries.video import stream_place
from live.server.broadcast_registry import Live, broadcast_registry
from live.server.event_gateway import in_database
from live.services.tickets import Seat
from live.services.video import redeem_sender_ticket
from media_pipeline.services.growing import growing_folders


class SenderConsumer(ChunkConsumer):
    sources = frozenset({"camera", "screen"})
    # Four chunks a second, and what half a minute without a line has left to send.
    rate = Rate(burst=300, seconds=0.05)
    most_bytes = protocol.MEDIA_SESSION_BYTES
    refusal = MediaRefused

    live: Live

    async def disconnect(self, code: int) -> None:
        await super().disconnect(code)
        if self.takes and self.live.put_out == self.give_way:
            # The broadcast waits for its sender to come back.
            self.live.put_out = None

    async def enter(self, hello: SenderHello) -> None:
        seat: Seat = await in_database(redeem_sender_ticket)(ticket=hello.ticket)
        self.stop_waiting()
        path, seq = await in_database(stream_place)(seat.session_id)
        self.folder, _ = growing_folders(path)
        try:
            self.claim = await asyncio.to_thread(
                claim, self.folder, who=seat.user.pk, device=hello.device, take_over=hello.take_over
            )
        except Claimed as error:
            raise VideoTaken from error
        try:
            self.live = await broadcast_registry().enter(
                session_id=seat.session_id, path=path, by=seat.user, claim=self.claim, put_out=self.give_way
            )
        except Busy as error:
            raise VideoBusy from error
        self.takes = self.live.broadcast.takes
        await self.sit_in(seat, seq)
        await self.say_place(hello, self.takes)

    async def begin(self, word: TakeBegin, takes: Takes) -> Take:
        return self.live.broadcast.begin(word.take, source=word.source)

    async def append(self, take: Take, number: int, piece: bytes) -> None:
        await self.live.broadcast.append(take, number, piece)
        self.live.heard()

    async def stop(self) -> None:
        assert self.seat is not None  # noqa: S101 - set with `takes`
        await self.live.silence(by=self.seat.user)

    async def give_up(self) -> None:
        await asyncio.to_thread(release, self.folder, self.claim)

    async def dismiss(self, code: CloseCode) -> None:
        await super().dismiss(code)
        if code == CloseCode.ENDED:
            await broadcast_registry().finish(self.live)
