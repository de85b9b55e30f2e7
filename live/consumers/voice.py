"""The socket of a trainee who was allowed to speak: like the sender's, audio only.

What is acknowledged is on disk; `live.consumers.listener` reads it from there in any process.
"""

import asyncio
import json
from typing import Any

from live import protocol
from live.broadcast import RecordingRun
from live.broadcast.folders import voices_folder
from live.broadcast.recording_runs import RecordingRuns
from live.broadcast.sender_lease import acquire_lease
from live.consumers.chunks import ChunkConsumer, SenderHello, TakeBegin
from live.enums import EventKind
from live.errors import VoiceRefused
from live.hub import CloseCode
from live.hub.buckets import Rate
from live.models import Event
from live.server.event_gateway import in_database
from live.services.tickets import Participant
from live.services.voice import end_own_voice, redeem_voice_ticket, start_voice


class VoiceConsumer(ChunkConsumer):
    sources = frozenset({"voice"})
    # Four chunks a second, and a burst after a short disconnect.
    rate = Rate(burst=80, seconds=0.1)
    most_bytes = protocol.VOICE_BYTES
    refusal = VoiceRefused

    began: Event | None = None

    async def admit(self, hello: SenderHello) -> None:
        participant: Participant = await in_database(redeem_voice_ticket)(ticket=hello.ticket)
        self.folder = voices_folder(participant.session_id)
        recording_runs = await asyncio.to_thread(RecordingRuns, self.folder)
        newest = recording_runs.last.number if recording_runs.last else 0
        self.began = await in_database(start_voice)(
            session_id=participant.session_id, by=participant.user, take=newest + 1
        )
        # Only one person may speak, so another socket of the same person takes over at once.
        self.lease = await asyncio.to_thread(
            acquire_lease, self.folder, who=participant.user.pk, device=hello.device, take_over=True
        )
        self.recording_runs = recording_runs
        await self.join_without_events(participant, self.began.seq)
        await self.send_resume_position(hello, recording_runs)

    async def begin(self, command: TakeBegin, recording_runs: RecordingRuns) -> RecordingRun:
        return await asyncio.to_thread(recording_runs.begin, command.take, source=command.source)

    async def append(self, recording_run: RecordingRun, number: int, data: bytes) -> None:
        await asyncio.to_thread(recording_run.append, number, data)

    async def stop(self) -> None:
        assert self.participant is not None  # noqa: S101 - set with `recording_runs`
        await in_database(end_own_voice)(session_id=self.participant.session_id, by=self.participant.user)

    async def release_sender(self) -> None:
        await self.stop()

    async def discard_frame(self, frame: dict[str, Any]) -> None:
        """Ignore every frame of the room but the end of this voice."""
        await super().discard_frame(frame)
        text = frame.get("text") or ""
        if self.began is None or EventKind.VOICE_ENDED not in text:
            return
        for event in json.loads(text).get("events", ()):
            if event["kind"] == EventKind.VOICE_ENDED and event["of"] == self.began.seq:
                await self.close_after_command(CloseCode.ENDED)
