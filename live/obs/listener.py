"""Classes sent with OBS: each caller of the SRT listener becomes the sender of its class, like a browser's socket."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from django.db import Error as DatabaseError

from live import protocol
from live.broadcast import BroadcastLocked, Gap, NotMedia, RecordingRun
from live.broadcast.folders import live_folder
from live.broadcast.sender_lease import (
    OBS_DEVICE,
    SenderLease,
    SenderLeaseHeld,
    acquire_lease,
    holds_lease,
    renew_lease,
)
from live.errors import LiveError, MediaTooMuch, ObsMediaRefused, VideoBusy, VideoTaken
from live.obs.keys import ObsTarget, obs_target, record_obs_status
from live.obs.normalizer import Normalizer
from live.obs.receiver import Inbox, Receiver
from live.obs.state import obs_keys
from live.server.broadcast_registry import ActiveBroadcast, broadcast_registry
from live.server.event_gateway import in_database
from media_pipeline.services.live_streams import live_stream_folders

logger = logging.getLogger(__name__)

# The interval after which new keys are valid and ended classes are closed.
KEYS_SECONDS = 1.0
# OBS reconnects within two seconds: a refused stream is ignored for a while.
REFUSED_SECONDS = 5.0
# The time to the first media: OBS may begin up to ten seconds before its first keyframe.
FIRST_SECONDS = 20.0
NOTE_SECONDS = 5.0
# A connection that ended after fewer bytes does not prove that the media was wrong.
ENOUGH_BYTES = 64 * 1024


class ObsListener:
    """All callers of this process."""

    def __init__(self, *, address: str, port: int) -> None:
        self.folder = live_folder() / "srt"
        self.receiver = Receiver(address=address, port=port, folder=self.folder, on_caller=self.accept_caller)
        self._refused_until: dict[str, float] = {}
        self._callers: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self.receiver.run())
            group.create_task(self._update_keys())

    async def _update_keys(self) -> None:
        while True:
            try:
                keys = await in_database(obs_keys)()
            except DatabaseError:
                # On an error current senders continue: their media is stored on disk.
                logger.warning("The OBS keys cannot be read; the next round tries again.")
            else:
                now = time.monotonic()
                self.receiver.allow(
                    {stream: key for stream, key in keys.items() if self._refused_until.get(stream, 0) < now}
                )
            await asyncio.sleep(KEYS_SECONDS)

    def accept_caller(self, *, stream: str, inbox: Inbox, disconnect_sender: Callable[[], None]) -> None:
        caller = asyncio.ensure_future(self._serve(stream, inbox, disconnect_sender))
        # The event loop holds only weak references to tasks.
        self._callers.add(caller)
        caller.add_done_callback(self._callers.discard)

    async def _serve(self, stream: str, inbox: Inbox, disconnect_sender: Callable[[], None]) -> None:
        try:
            target = await in_database(obs_target)(stream=stream)
            await ObsSender(target, stream, inbox, disconnect_sender).send(self.folder)
        except LiveError as refusal:
            logger.warning("OBS was refused (%s): %s", refusal.code, refusal.__cause__ or refusal)
            self._refused_until[stream] = time.monotonic() + REFUSED_SECONDS
            try:
                await in_database(record_obs_status)(stream=stream, refusal=refusal)
            except DatabaseError:
                logger.warning("The reason why OBS was refused could not be stored.")
        except (DatabaseError, OSError):
            logger.exception("Media from OBS could not be stored.")
        finally:
            disconnect_sender()


class ObsSender:
    """One caller: what it sends becomes a recording run of its class."""

    def __init__(
        self, target: ObsTarget, stream: str, inbox: Inbox, disconnect_sender: Callable[[], None]
    ) -> None:
        self.target = target
        self.stream = stream
        self.inbox = inbox
        self.disconnect_sender = disconnect_sender
        self.active: ActiveBroadcast | None = None
        self.lease: SenderLease | None = None
        self.noted_at = 0.0

    async def send(self, folder: Path) -> None:
        """Store what arrives until it ends. Raises a LiveError where it is refused."""
        normalizer = await Normalizer.start(self.inbox, source=self.target.picture, folder=folder)
        chunks = normalizer.chunks()
        recording_run: RecordingRun | None = None
        try:
            # Media without a picture and sound is refused here.
            chunk: bytes | None = await self._first(chunks)
            while chunk:
                if self.active is None or recording_run is None:
                    self.active = await self._start_sending()
                    recording_run = self._begin(self.active)
                await self._store_chunk(self.active, recording_run, chunk)
                chunk = await anext(chunks, None)
        except ObsMediaRefused as refusal:
            raise refusal from NotMedia(await normalizer.end())
        finally:
            await normalizer.end()
            if self.active and self.active.disconnect_sender == self.close_superseded:
                # The broadcast waits for its sender to reconnect.
                self.active.disconnect_sender = None
            if self.active and recording_run and self.active.broadcast.recording_runs.last is recording_run:
                self.active.broadcast.pause()

    async def _first(self, chunks: AsyncIterator[bytes]) -> bytes | None:
        try:
            first = await asyncio.wait_for(anext(chunks, None), FIRST_SECONDS)
        except TimeoutError:
            first = None
        if first is None and not (self.inbox.has_ended and self.inbox.received < ENOUGH_BYTES):
            raise ObsMediaRefused
        return first

    async def _start_sending(self) -> ActiveBroadcast:
        served, _ = live_stream_folders(self.target.path)
        try:
            self.lease = await asyncio.to_thread(
                acquire_lease, served, who=self.target.by.pk, device=OBS_DEVICE, take_over=False
            )
        except SenderLeaseHeld as error:
            raise VideoTaken from error
        try:
            return await broadcast_registry().start_sending(
                session_id=self.target.session_id,
                path=self.target.path,
                by=self.target.by,
                lease=self.lease,
                disconnect_sender=self.close_superseded,
            )
        except BroadcastLocked as error:
            raise VideoBusy from error

    def _begin(self, active: ActiveBroadcast) -> RecordingRun:
        last = active.broadcast.recording_runs.last
        number = last.number + 1 if last else 1
        if number > protocol.MEDIA_TAKES:
            raise MediaTooMuch
        return active.broadcast.begin(number, source=self.target.picture)

    async def _store_chunk(self, active: ActiveBroadcast, recording_run: RecordingRun, chunk: bytes) -> None:
        assert self.lease is not None  # noqa: S101 - set with `live`
        if not await asyncio.to_thread(holds_lease, active.served, self.lease):
            raise VideoTaken
        if active.broadcast.recording_runs.size > protocol.MEDIA_SESSION_BYTES:
            raise MediaTooMuch
        try:
            await active.broadcast.append(recording_run, recording_run.last_chunk + 1, chunk)
        except (Gap, NotMedia) as error:
            raise ObsMediaRefused from error
        active.mark_received()
        await asyncio.to_thread(renew_lease, active.served)
        if time.monotonic() - self.noted_at > NOTE_SECONDS:
            self.noted_at = time.monotonic()
            await self._record_status()

    async def _record_status(self) -> None:
        """Check the key again: its maker may have lost the role, or the class may have ended."""
        try:
            await in_database(obs_target)(stream=self.stream)
            await in_database(record_obs_status)(stream=self.stream)
        except DatabaseError:
            logger.warning("The database is unreachable; media from OBS is stored on disk nevertheless.")

    async def close_superseded(self) -> None:
        """Another device sends now."""
        self.disconnect_sender()
