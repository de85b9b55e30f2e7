"""One ffmpeg that makes of what OBS sends what a browser's recorder would have sent.

OBS sends pictures of any size and rate, whole ones every two to ten seconds, and AAC. Everything behind this (takes, the
encoder, the conversation profile, phones) knows one shape: H.264 of at most 360p (a screen 720p) at some 400 kbit/s with
a whole picture every second, and Opus. It also means that no phone decodes a byte that a stranger made.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from live.srt.receiver import Inbox
from media_pipeline.services.growing import Limits, confined_ffmpeg

# A class may last a working day; decoding 1080p and encoding 360p costs about a third of a core.
LIMITS = Limits(cpu_seconds=8 * 3600, file_bytes=1024**2, memory_bytes=2 * 1024**3, nice=0)
SIZES = {"camera": (640, 360, 15), "screen": (1280, 720, 10)}
# A cluster holds at most one picture at these rates, so that every whole picture begins one.
CLUSTER_MS = "60"
CHUNK_SECONDS = 0.25
CHUNK_BYTES = 256 * 1024
TAIL_BYTES = 2000


def arguments(source: str) -> list[str]:
    """What ffmpeg is told. `source` is what is mostly seen: a camera or a screen."""
    width, height, rate = SIZES[source]
    scaled = f"scale='min({width},iw)':'min({height},ih)':force_original_aspect_ratio=decrease:force_divisible_by=2"
    return [
        *["-hide_banner", "-loglevel", "error", "-nostdin", "-protocol_whitelist", "pipe"],
        *["-format_whitelist", "mpegts", "-codec_whitelist", "h264,hevc,aac,opus"],
        *["-max_pixels", "9000000", "-probesize", "1M", "-analyzeduration", "2M"],
        *["-f", "mpegts", "-i", "pipe:0", "-map", "0:v:0", "-map", "0:a:0"],
        *[
            "-vf",
            f"fps={rate},{scaled},setsar=1",
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-tune",
            "zerolatency",
        ],
        *["-profile:v", "main", "-pix_fmt", "yuv420p", "-crf", "27", "-maxrate", "450k", "-bufsize", "450k"],
        *["-sc_threshold", "0", "-g", "600", "-force_key_frames", "expr:gte(t,n_forced)", "-threads", "2"],
        *["-c:a", "libopus", "-b:a", "48k", "-ac", "1", "-ar", "48000", "-af", "aresample=async=1000"],
        *["-f", "matroska", "-live", "1", "-cluster_time_limit", CLUSTER_MS, "-flush_packets", "1", "pipe:1"],
    ]


class Normalizer:
    """A running ffmpeg between a caller's inbox and a take."""

    def __init__(self, process: asyncio.subprocess.Process, inbox: Inbox) -> None:
        self.process = process
        self.inbox = inbox
        self.tail = b""
        self._tasks = [asyncio.ensure_future(self._feed()), asyncio.ensure_future(self._listen())]

    @classmethod
    async def start(cls, inbox: Inbox, *, source: str, folder: Path) -> "Normalizer":
        command, environment = await asyncio.to_thread(
            confined_ffmpeg, arguments(source), folder=folder, limits=LIMITS
        )
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=folder,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        return cls(process, inbox)

    async def _feed(self) -> None:
        pipe = self.process.stdin
        assert pipe is not None  # noqa: S101 - asked for above
        with suppress(BrokenPipeError, ConnectionResetError):
            while piece := await self.inbox.take():
                pipe.write(piece)
                await pipe.drain()
            pipe.close()

    async def _listen(self) -> None:
        assert self.process.stderr is not None  # noqa: S101
        while said := await self.process.stderr.read(4096):
            self.tail = (self.tail + said)[-TAIL_BYTES:]

    async def chunks(self) -> AsyncIterator[bytes]:
        """A quarter of a second at a time, as a browser gives it; ends with ffmpeg."""
        pipe = self.process.stdout
        assert pipe is not None  # noqa: S101
        gathered, since = b"", time.monotonic()
        while data := await pipe.read(CHUNK_BYTES - len(gathered)):
            gathered += data
            if time.monotonic() - since >= CHUNK_SECONDS or len(gathered) >= CHUNK_BYTES:
                yield gathered
                gathered, since = b"", time.monotonic()
        if gathered:
            yield gathered

    async def end(self) -> str:
        """Kill it and wait for that. What it said last."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.process.stdin:
            self.process.stdin.close()
        await self.process.wait()
        return self.tail.decode("utf-8", "replace").strip()
