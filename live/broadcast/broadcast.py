"""One class's broadcast: recording runs on disk, an encoder that is restarted when it exits, and the playlists."""

import asyncio
import fcntl
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO

from live.broadcast.encoder import LIMITS, Encoder, arguments, can_copy
from live.broadcast.matroska import NotMedia
from live.broadcast.playlists import EncoderRun, Listing
from live.broadcast.recording_runs import RecordingRun, RecordingRuns
from live.broadcast.streams import KEEPERS, StreamKeeper

logger = logging.getLogger(__name__)

BLOCK_BYTES = 64 * 1024
POLL_SECONDS = 0.1
# ffmpeg hangs when it makes no segment for so many seconds although enough was fed.
STALL_SECONDS = 15
STALL_MEDIA_MS = 8_000
# Failures in a row without a new segment before the rest of a recording run is skipped.
TRIES = 3
LOCK_SECONDS = 6
# Lengths of segments are rounded and sound begins a little before the picture; whole pictures are a second apart.
NEAR_MS = 400


class BroadcastLocked(Exception):
    """Another process holds the lock of this broadcast and did not release it in time."""


class Broadcast:
    """Runs on one event loop. `on_segments` is called after each publication with the number of published segments."""

    def __init__(
        self, *, served: Path, sent: Path, on_segments: Callable[[int], Awaitable[None]] | None = None
    ) -> None:
        self.served = served
        self.sent = sent
        self.on_segments = on_segments
        self.recording_runs: RecordingRuns
        self.listing: Listing
        self.keepers: list[StreamKeeper] = []
        self.encoder: Encoder | None = None
        self.is_finishing = False
        self._lock: IO[str] | None = None
        self._changed = asyncio.Event()
        self._encoding: asyncio.Task[None] | None = None
        # One thread writes what is served, in order: a canceled task may leave a write unfinished.
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="broadcast")
        self._done: set[int] = set()

    # --- Life cycle --------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Lock the broadcast for this process and continue from disk. Raises `BroadcastLocked`."""
        self.served.mkdir(parents=True, exist_ok=True)
        self.sent.mkdir(parents=True, exist_ok=True)
        lock = (self.served / "lock_").open("w")
        for _ in range(int(LOCK_SECONDS / POLL_SECONDS)):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(POLL_SECONDS)
        else:
            lock.close()
            raise BroadcastLocked
        self._lock = lock
        self.recording_runs = await asyncio.to_thread(RecordingRuns, self.sent)
        self.listing = await asyncio.to_thread(Listing.of, self.served)
        self.keepers = [await asyncio.to_thread(make, self.served) for make in KEEPERS]
        self._encoding = asyncio.ensure_future(self._encode_all())

    async def release(self) -> None:
        """Release the lock at once; another process continues from disk. Raises what made the broadcast fail, after releasing the lock."""
        try:
            if self._encoding:
                self._encoding.cancel()
                with suppress(asyncio.CancelledError):
                    await self._encoding
        finally:
            await self._release_lock()

    async def finish(self) -> None:
        """Encode what is left, end the playlists, delete the recording runs.

        Raises OSError, for example of a full disk, after releasing the lock: another process may finish it later.
        """
        try:
            if self.recording_runs.last:
                self.recording_runs.last.close()
            self.is_finishing = True
            self._changed.set()
            if self._encoding:
                await self._encoding
            if self.listing.count:
                await self._write(self.listing.write, is_finished=True)
            for keeper in self.keepers:
                await self._write(keeper.remove)
            await self._write(self.recording_runs.remove)
        finally:
            await self._release_lock()

    async def _write[**P](self, writing: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        await asyncio.get_running_loop().run_in_executor(self._writer, partial(writing, *args, **kwargs))

    async def _release_lock(self) -> None:
        """Release the lock once all pending writes are on disk."""
        await asyncio.to_thread(self._writer.shutdown)
        if self._lock:
            self._lock.close()

    # --- Input ----------------------------------------------------------------------------------------------

    def begin(self, number: int, *, source: str) -> RecordingRun:
        recording_run = self.recording_runs.begin(number, source=source)
        self._changed.set()
        return recording_run

    async def append(self, recording_run: RecordingRun, number: int, data: bytes) -> bool:
        """Store a chunk on disk. Raises `recording_runs.Gap`, and `NotMedia`, which closes the recording run."""
        try:
            is_new = await asyncio.to_thread(recording_run.append, number, data)
        except NotMedia:
            recording_run.close()
            self._changed.set()
            raise
        self._changed.set()
        return is_new

    def pause(self) -> None:
        """The sender has stopped for now."""
        if self.recording_runs.last:
            self.recording_runs.last.close()
            self._changed.set()

    # --- Encoding ----------------------------------------------------------------------------------------

    async def _encode_all(self) -> None:
        while True:
            recording_run = next(
                (
                    recording_run
                    for recording_run in self.recording_runs.all
                    if recording_run.number not in self._done
                ),
                None,
            )
            if recording_run is not None:
                await self._encode(recording_run)
                self._done.add(recording_run.number)
            elif self.is_finishing:
                return
            else:
                await self._wait()

    async def _wait(self) -> None:
        await self._changed.wait()
        self._changed.clear()

    async def _encode(self, recording_run: RecordingRun) -> None:
        """Make segments of a whole recording run; restart ffmpeg when it exits early."""
        failures = 0
        while True:
            while not recording_run.reader.clusters and not recording_run.is_closed:
                await self._wait()
            runs = [run for run in self.listing.runs if run.recording_run == recording_run.number]
            if not recording_run.reader.clusters or (runs and runs[-1].is_whole):
                return
            before = self.listing.count
            if await self._run(recording_run, max((self.listing.end_of(run) for run in runs), default=0)):
                return
            failures = 0 if self.listing.count > before else failures + 1
            if failures >= TRIES:
                logger.error("ffmpeg gives up on take %s: %s", recording_run.number, self._last_output())
                recording_run.close()
                return
            logger.warning(
                "ffmpeg ended in take %s and is started again: %s", recording_run.number, self._last_output()
            )

    def _last_output(self) -> str:
        return self.encoder.tail.decode("utf-8", "replace") if self.encoder else ""

    async def _run(self, recording_run: RecordingRun, published: int) -> bool:
        """Run one ffmpeg from the millisecond `published` on. Return whether it reached the end of the recording run."""
        picture = recording_run.reader.picture
        assert picture is not None  # noqa: S101 - the reader refuses media without one
        first = recording_run.reader.clusters[0].time
        copies = can_copy(picture, is_screen=recording_run.is_screen)
        while True:
            is_closed = recording_run.is_closed
            offset, time_of_offset = _start_position(recording_run, first + published, copies=copies)
            if offset is not None:
                break
            if is_closed:
                # Everything is published.
                return True
            await self._wait()
        start = max(published, time_of_offset - first)
        skip = 0.0 if copies else max(0, published - (time_of_offset - first)) / 1000
        run = self.listing.begin(
            recording_run=recording_run.number,
            start=start,
            began_at=recording_run.facts["began_at"] + start / 1000,
            width=picture.width,
            height=picture.height,
        )
        argv = arguments(run, picture, is_screen=recording_run.is_screen, skip=skip)
        self.encoder = await Encoder.start(argv, folder=self.served, limits=LIMITS)
        watching = asyncio.ensure_future(self._watch(recording_run, run, self.encoder))
        storing_fragments = asyncio.ensure_future(self._store_fragments(run, self.encoder))
        try:
            run.is_whole = await self.encoder.feed(self._blocks(recording_run, offset, self.encoder))
        finally:
            watching.cancel()
            await self.encoder.end()
            await storing_fragments
        if run.is_whole:
            run.save(self.served)
        await self._publish()
        return run.is_whole

    async def _blocks(
        self, recording_run: RecordingRun, offset: int, encoder: Encoder
    ) -> AsyncIterator[bytes]:
        """Yield the header, then everything from `offset` on, as it arrives."""
        with recording_run.media.open("rb", buffering=0) as media:
            yield media.read(recording_run.reader.header_bytes)
            at = media.seek(offset)
            while True:
                if at < recording_run.size:
                    block = media.read(min(BLOCK_BYTES, recording_run.size - at))
                    at += len(block)
                    yield block
                elif recording_run.is_closed:
                    return
                else:
                    await self._wait_or_exit(encoder)

    async def _wait_or_exit(self, encoder: Encoder) -> None:
        waiting = asyncio.ensure_future(self._wait())
        exiting = asyncio.ensure_future(encoder.process.wait())
        try:
            await asyncio.wait({waiting, exiting}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (waiting, exiting):
                task.cancel()
        if encoder.process.returncode is not None:
            raise BrokenPipeError

    async def _watch(self, recording_run: RecordingRun, run: EncoderRun, encoder: Encoder) -> None:
        """Publish what ffmpeg lists, and kill an ffmpeg that hangs."""
        known, seen_at = self.listing.count, time.monotonic()
        while True:
            await asyncio.sleep(POLL_SECONDS)
            count = self.listing.count
            if count != known:
                known, seen_at = count, time.monotonic()
                await self._publish()
            fed = recording_run.reader.time - recording_run.reader.clusters[0].time - self.listing.end_of(run)
            if fed < STALL_MEDIA_MS:
                seen_at = time.monotonic()
            elif time.monotonic() - seen_at > STALL_SECONDS:
                logger.warning("ffmpeg has made nothing for %s s and is ended.", STALL_SECONDS)
                encoder.kill()
                return

    async def _store_fragments(self, run: EncoderRun, encoder: Encoder) -> None:
        """Pass what ffmpeg streams to the stream keepers."""
        async for block in encoder.stream():
            # A finished class has no viewers. ffmpeg's output is read even when it cannot be stored.
            if self.is_finishing:
                continue
            for keeper in self.keepers:
                try:
                    await self._write(keeper.keep, block, run=run.number, began=run.began_at)
                except OSError:
                    logger.exception("A fragment of the class could not be written to disk.")

    async def _publish(self) -> None:
        if not self.listing.count:
            return
        try:
            await self._write(self.listing.write)
            if self.on_segments:
                await self.on_segments(self.listing.count)
        except OSError:
            # A full disk: tried again with the next segment.
            logger.exception("The playlists could not be written.")


def _start_position(recording_run: RecordingRun, wanted: int, *, copies: bool) -> tuple[int | None, int]:
    """Offset and time of the cluster with a keyframe at which encoding for the moment `wanted` begins.

    Copied pictures begin at the first keyframe that is not published; others are decoded from the keyframe before.
    """
    keys = [cluster for cluster in recording_run.reader.clusters if cluster.is_key]
    if copies:
        later = [cluster for cluster in keys if cluster.time >= wanted - NEAR_MS]
        return (later[0].offset, later[0].time) if later else (None, 0)
    if recording_run.reader.time <= wanted + 40:
        return None, 0
    earlier = [cluster for cluster in keys if cluster.time <= wanted] or keys[:1]
    return (earlier[-1].offset, earlier[-1].time) if earlier else (None, 0)
