"""The socket of the sender of a class's picture."""

import asyncio

from live import protocol
from live.broadcast import BroadcastLocked, RecordingRun
from live.broadcast.recording_runs import RecordingRuns
from live.broadcast.sender_lease import SenderLeaseHeld, acquire_lease, release_lease
from live.consumers.chunks import ChunkConsumer, SenderHello, TakeBegin
from live.errors import MediaRefused, VideoBusy, VideoTaken
from live.hub import CloseCode
from live.hub.buckets import Rate
from live.queries.video import stream_place
from live.server.broadcast_registry import ActiveBroadcast, broadcast_registry
from live.server.event_gateway import in_database
from live.services.tickets import Participant
from live.services.video import redeem_sender_ticket
from media_pipeline.services.live_streams import live_stream_folders


class SenderConsumer(ChunkConsumer):
    sources = frozenset({"camera", "screen"})
    # Four chunks a second, and a burst for half a minute without a connection.
    rate = Rate(burst=300, seconds=0.05)
    most_bytes = protocol.MEDIA_SESSION_BYTES
    refusal = MediaRefused

    active: ActiveBroadcast

    async def disconnect(self, code: int) -> None:
        await super().disconnect(code)
        if self.recording_runs and self.active.disconnect_sender == self.close_superseded:
            # The broadcast waits for its sender to reconnect.
            self.active.disconnect_sender = None

    async def admit(self, hello: SenderHello) -> None:
        participant: Participant = await in_database(redeem_sender_ticket)(ticket=hello.ticket)
        self.cancel_hello_timer()
        path, seq = await in_database(stream_place)(participant.session_id)
        self.folder, _ = live_stream_folders(path)
        try:
            self.lease = await asyncio.to_thread(
                acquire_lease,
                self.folder,
                who=participant.user.pk,
                device=hello.device,
                take_over=hello.take_over,
            )
        except SenderLeaseHeld as error:
            raise VideoTaken from error
        try:
            self.active = await broadcast_registry().start_sending(
                session_id=participant.session_id,
                path=path,
                by=participant.user,
                lease=self.lease,
                disconnect_sender=self.close_superseded,
            )
        except BroadcastLocked as error:
            raise VideoBusy from error
        self.recording_runs = self.active.broadcast.recording_runs
        await self.join_without_events(participant, seq)
        await self.send_resume_position(hello, self.recording_runs)

    async def begin(self, command: TakeBegin, recording_runs: RecordingRuns) -> RecordingRun:
        return self.active.broadcast.begin(command.take, source=command.source)

    async def append(self, recording_run: RecordingRun, number: int, data: bytes) -> None:
        await self.active.broadcast.append(recording_run, number, data)
        self.active.mark_received()

    async def stop(self) -> None:
        assert self.participant is not None  # noqa: S101 - set with `recording_runs`
        await self.active.stop(by=self.participant.user)

    async def release_sender(self) -> None:
        await asyncio.to_thread(release_lease, self.folder, self.lease)

    async def close_after_command(self, code: CloseCode) -> None:
        await super().close_after_command(code)
        if code == CloseCode.ENDED:
            await broadcast_registry().finish(self.active)
