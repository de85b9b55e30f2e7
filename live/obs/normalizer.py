"""One ffmpeg that converts what OBS sends into what a browser's recorder would send.

OBS sends pictures of any size and rate, keyframes every two to ten seconds, and AAC. Everything after this (recording
runs, the encoder, near-live fragments, phones) expects one format: H.264 of at most 360p (a screen 720p) at some
400 kbit/s with a keyframe every second, and Opus. Because of the conversion no phone decodes untrusted bytes.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from live.broadcast.process import SandboxedFfmpeg
from live.obs.receiver import Inbox
from media_pipeline.services.live_streams import Limits

# A class may last a working day; decoding 1080p and encoding 360p costs about a third of a core.
LIMITS = Limits(cpu_seconds=8 * 3600, file_bytes=1024**2, memory_bytes=2 * 1024**3, nice=0)
SIZES = {"camera": (640, 360, 15), "screen": (1280, 720, 10)}
# A cluster holds at most one picture at these rates, so that every keyframe begins one.
CLUSTER_MS = "60"
CHUNK_SECONDS = 0.25
CHUNK_BYTES = 256 * 1024


def arguments(source: str) -> list[str]:
    """The arguments of ffmpeg. `source` is what the picture mostly shows: a camera or a screen."""
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
    """A running ffmpeg between a caller's inbox and a recording run."""

    def __init__(self, ffmpeg: SandboxedFfmpeg, inbox: Inbox) -> None:
        self.ffmpeg = ffmpeg
        self.inbox = inbox
        self._feeding = asyncio.ensure_future(self._feed())

    @classmethod
    async def start(cls, inbox: Inbox, *, source: str, folder: Path) -> "Normalizer":
        return cls(await SandboxedFfmpeg.start(arguments(source), folder=folder, limits=LIMITS), inbox)

    async def _feed(self) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):
            while piece := await self.inbox.get():
                self.ffmpeg.stdin.write(piece)
                await self.ffmpeg.stdin.drain()
            self.ffmpeg.stdin.close()

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield a quarter of a second at a time, like a browser; ends with ffmpeg."""
        gathered, since = b"", time.monotonic()
        while data := await self.ffmpeg.stdout.read(CHUNK_BYTES - len(gathered)):
            gathered += data
            if time.monotonic() - since >= CHUNK_SECONDS or len(gathered) >= CHUNK_BYTES:
                yield gathered
                gathered, since = b"", time.monotonic()
        if gathered:
            yield gathered

    async def end(self) -> str:
        """Kill it and wait for the exit. Return its last error output."""
        self._feeding.cancel()
        await asyncio.gather(self._feeding, return_exceptions=True)
        await self.ffmpeg.end()
        return self.ffmpeg.tail.decode("utf-8", "replace").strip()
