"""Classes sent with OBS: each caller of the SRT listener becomes the sender of its class, as a browser's socket does."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from django.db import Error as DatabaseError

from live import protocol
from live.broadcast import Busy, Gap, NotMedia, Take
from live.broadcast.claims import OBS_DEVICE, Claim, Claimed, claim, refresh, still_holds
from live.broadcast.folders import live_folder
from live.errors import LiveError, MediaTooMuch, ObsMediaRefused, VideoBusy, VideoTaken
from live.obs.keys import ObsSeat, note_obs, obs_seat
from live.obs.normalizer import Normalizer
from live.obs.receiver import Inbox, Receiver
from live.obs.state import obs_keys
from live.server.broadcast_registry import Live, broadcast_registry
from live.server.event_gateway import in_database
from media_pipeline.services.growing import growing_folders

logger = logging.getLogger(__name__)

# How fast a new key opens and an ended class closes.
KEYS_SECONDS = 1.0
# OBS calls again within two seconds: whoever was refused is not heard for a while.
REFUSED_SECONDS = 5.0
# Until the first of a picture: OBS may begin up to ten seconds before its first whole one.
FIRST_SECONDS = 20.0
NOTE_SECONDS = 5.0
# A line that was cut after less says nothing of what would have come.
LITTLE_BYTES = 64 * 1024


class ObsListener:
    """All callers of this process."""

    def __init__(self, *, address: str, port: int) -> None:
        self.folder = live_folder() / "srt"
        self.receiver = Receiver(address=address, port=port, folder=self.folder, on_caller=self.answer)
        self._held_back: dict[str, float] = {}
        self._callers: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self.receiver.run())
            group.create_task(self._tell_keys())

    async def _tell_keys(self) -> None:
        while True:
            try:
                keys = await in_database(obs_keys)()
            except DatabaseError:
                # Whoever sends goes on: what comes is kept on the disk.
                logger.warning("The keys of OBS cannot be read just now.")
            else:
                now = time.monotonic()
                self.receiver.allow(
                    {stream: key for stream, key in keys.items() if self._held_back.get(stream, 0) < now}
                )
            await asyncio.sleep(KEYS_SECONDS)

    def answer(self, *, stream: str, inbox: Inbox, put_out: Callable[[], None]) -> None:
        caller = asyncio.ensure_future(self._serve(stream, inbox, put_out))
        # The event loop keeps only weak references to tasks.
        self._callers.add(caller)
        caller.add_done_callback(self._callers.discard)

    async def _serve(self, stream: str, inbox: Inbox, put_out: Callable[[], None]) -> None:
        try:
            seat = await in_database(obs_seat)(stream=stream)
            await ObsSender(seat, stream, inbox, put_out).send(self.folder)
        except LiveError as refusal:
            logger.warning("OBS was refused (%s): %s", refusal.code, refusal.__cause__ or refusal)
            self._held_back[stream] = time.monotonic() + REFUSED_SECONDS
            try:
                await in_database(note_obs)(stream=stream, refusal=refusal)
            except DatabaseError:
                logger.warning("The trainer cannot be told just now why OBS was refused.")
        except (DatabaseError, OSError):
            logger.exception("What OBS sends could not be kept.")
        finally:
            put_out()


class ObsSender:
    """One caller: what it sends becomes a take of its class."""

    def __init__(self, seat: ObsSeat, stream: str, inbox: Inbox, put_out: Callable[[], None]) -> None:
        self.seat = seat
        self.stream = stream
        self.inbox = inbox
        self.put_out = put_out
        self.live: Live | None = None
        self.claim: Claim | None = None
        self.noted_at = 0.0

    async def send(self, folder: Path) -> None:
        """Keep what comes until it ends. Raises why it is refused."""
        normalizer = await Normalizer.start(self.inbox, source=self.seat.picture, folder=folder)
        chunks = normalizer.chunks()
        take: Take | None = None
        try:
            # Whatever is no picture with sound never gets further than this.
            chunk: bytes | None = await self._first(chunks)
            while chunk:
                if self.live is None or take is None:
                    self.live = await self._enter()
                    take = self._begin(self.live)
                await self._keep(self.live, take, chunk)
                chunk = await anext(chunks, None)
        except ObsMediaRefused as refusal:
            raise refusal from NotMedia(await normalizer.end())
        finally:
            await normalizer.end()
            if self.live and self.live.put_out == self.give_way:
                # The broadcast waits for its sender to come back.
                self.live.put_out = None
            if self.live and take and self.live.broadcast.takes.last is take:
                self.live.broadcast.pause()

    async def _first(self, chunks: AsyncIterator[bytes]) -> bytes | None:
        try:
            first = await asyncio.wait_for(anext(chunks, None), FIRST_SECONDS)
        except TimeoutError:
            first = None
        if first is None and not (self.inbox.has_ended and self.inbox.received < LITTLE_BYTES):
            raise ObsMediaRefused
        return first

    async def _enter(self) -> Live:
        served, _ = growing_folders(self.seat.path)
        try:
            self.claim = await asyncio.to_thread(
                claim, served, who=self.seat.by.pk, device=OBS_DEVICE, take_over=False
            )
        except Claimed as error:
            raise VideoTaken from error
        try:
            return await broadcast_registry().enter(
                session_id=self.seat.session_id,
                path=self.seat.path,
                by=self.seat.by,
                claim=self.claim,
                put_out=self.give_way,
            )
        except Busy as error:
            raise VideoBusy from error

    def _begin(self, live: Live) -> Take:
        last = live.broadcast.takes.last
        number = last.number + 1 if last else 1
        if number > protocol.MEDIA_TAKES:
            raise MediaTooMuch
        return live.broadcast.begin(number, source=self.seat.picture)

    async def _keep(self, live: Live, take: Take, chunk: bytes) -> None:
        assert self.claim is not None  # noqa: S101 - set with `live`
        if not await asyncio.to_thread(still_holds, live.served, self.claim):
            raise VideoTaken
        if live.broadcast.takes.size > protocol.MEDIA_SESSION_BYTES:
            raise MediaTooMuch
        try:
            await live.broadcast.append(take, take.last_chunk + 1, chunk)
        except (Gap, NotMedia) as error:
            raise ObsMediaRefused from error
        live.heard()
        await asyncio.to_thread(refresh, live.served)
        if time.monotonic() - self.noted_at > NOTE_SECONDS:
            self.noted_at = time.monotonic()
            await self._note()

    async def _note(self) -> None:
        """Whoever made the key may have lost the role meanwhile, or the class has ended."""
        try:
            await in_database(obs_seat)(stream=self.stream)
            await in_database(note_obs)(stream=self.stream)
        except DatabaseError:
            logger.warning("The database is away; what OBS sends is kept all the same.")

    async def give_way(self) -> None:
        """Another device sends now."""
        self.put_out()
