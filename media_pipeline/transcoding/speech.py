"""Extracts the sound of a published video in the format of speech recognizers."""

from collections.abc import Callable
from pathlib import Path

from media_pipeline.transcoding.binaries import Binaries
from media_pipeline.transcoding.runner import Limits, run

RATE = 16_000
BYTES_A_SECOND = RATE * 2


def extract_speech(
    media_file: Path, *, folder: Path, seconds: float, binaries: Binaries, on_tick: Callable[[], None]
) -> Path:
    """Write 16 kHz mono PCM of an MP4 of ours into `folder`. Raises ProcessFailed."""
    target = folder / "speech.wav"
    argv = [str(binaries.ffmpeg), "-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
    argv += ["-f", "mov", "-protocol_whitelist", "file", "-i", f"file:{media_file}"]
    argv += ["-map", "0:a:0", "-vn", "-ac", "1", "-ar", str(RATE), "-c:a", "pcm_s16le", f"file:{target}"]
    wall = 60 + seconds
    limits = Limits(
        wall_seconds=wall,
        stall_seconds=wall,
        cpu_seconds=int(wall),
        file_bytes=int((seconds + 60) * BYTES_A_SECOND),
    )
    run(argv, folder=folder, limits=limits, readable=[media_file], on_tick=on_tick)
    return target
