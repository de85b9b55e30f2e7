"""What the encoding commands share: how a source is opened, the bounds of the work, its progress."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ffmpeg

from media_pipeline.transcoding.binaries import Binaries
from media_pipeline.transcoding.plan import Plan
from media_pipeline.transcoding.probe import demux_options
from media_pipeline.transcoding.runner import Limits, run

OnFraction = Callable[[float], None]
# x264 takes 1.5 threads per core and per rendition otherwise, each with its stack: that exceeds the memory limit.
THREADS = min(4, os.cpu_count() or 1)
# Decoding is many times faster than encoding. More threads only add overhead, 6-9 % of its time.
DECODER_THREADS = 1
STALL_SECONDS = 120
QUIET = ("-hide_banner", "-nostdin", "-v", "error", "-progress", "pipe:1", "-stats_period", "0.5")


def open_source(source: Path, plan: Plan, **options: Any) -> ffmpeg.nodes.FilterableStream:
    """The source as an input of ffmpeg-python; `options` go before its `-i`."""
    return ffmpeg.input(f"file:{source}", threads=DECODER_THREADS, **options, **demux_options(plan.container))


def bare() -> dict[str, str | int]:
    """No metadata of the source in what is published: phones record the place of filming."""
    return {"map_metadata": -1, "map_chapters": -1, "fflags": "+bitexact"}


def compiled(output: ffmpeg.nodes.OutputStream, binaries: Binaries, *flags: str) -> list[str]:
    command = ffmpeg.compile(
        output.global_args(*QUIET, *flags), cmd=str(binaries.ffmpeg), overwrite_output=True
    )
    return list(command)


def run_over(
    argv: list[str],
    *,
    seconds: float,
    bits: int,
    folder: Path,
    readable: list[Path],
    on_fraction: OnFraction,
) -> None:
    """Run an encoding of `seconds` at `bits` per second at most; `on_fraction` (0-1) is called while it runs."""
    done = 0.0

    def read(line: str) -> None:
        nonlocal done
        name, _, value = line.partition("=")
        if name == "out_time_us" and value.isdecimal():
            done = min(1.0, int(value) / 1_000_000 / seconds)

    run(
        argv,
        folder=folder,
        limits=limits_over(seconds, bits),
        readable=readable,
        on_line=read,
        on_tick=lambda: on_fraction(done),
    )
    on_fraction(1.0)


def limits_over(seconds: float, bits: int) -> Limits:
    """Limits far above what a normal file of this length takes (about 2.5 CPU seconds a second at 1080p)."""
    return Limits(
        wall_seconds=300 + seconds * 40,
        stall_seconds=STALL_SECONDS,
        cpu_seconds=int(300 + seconds * 40),
        file_bytes=int(bits / 8 * seconds * 2) + 64 * 1024**2,
    )
