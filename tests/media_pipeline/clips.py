"""Short real media files, made once per test run by the ffmpeg under test."""

import subprocess
from pathlib import Path

import pytest

from media_pipeline.transcoding.binaries import able_to, find_binaries

BINARIES = find_binaries()


def needs(what: str, name: str) -> pytest.MarkDecorator:
    """Skip a test where this ffmpeg has no filter, decoder or encoder of that name; the small one of the wheel lacks some."""
    has_none = name not in able_to(BINARIES.ffmpeg, what)
    return pytest.mark.skipif(has_none, reason=f"this ffmpeg has none of the {what} {name} (Debian's does)")


def make_video(
    target: Path,
    *,
    size: str = "640x360",
    fps: str = "25",
    seconds: float = 2,
    has_sound: bool = True,
    sound_seconds: float | None = None,
    options: tuple[str, ...] = (),
) -> Path:
    argv = ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate={fps}:duration={seconds}"]
    if has_sound:
        argv += ["-f", "lavfi", "-i", f"sine=frequency=440:duration={sound_seconds or seconds}"]
    return make(target, *argv, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", *options)


def two_sounds(target: Path, *, seconds: float = 2) -> Path:
    """A video with two sounds: Arabic, a tone of 440 Hz, and English, one of 1760 Hz."""
    return make(
        target,
        *("-f", "lavfi", "-i", f"testsrc2=size=320x240:rate=25:duration={seconds}"),
        *("-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}"),
        *("-f", "lavfi", "-i", f"sine=frequency=1760:duration={seconds}"),
        *("-map", "0:v", "-map", "1:a", "-map", "2:a"),
        *("-metadata:s:a:0", "language=ara", "-metadata:s:a:1", "language=eng"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"),
    )


def sound(target: Path, *, seconds: float = 2, options: tuple[str, ...] = ()) -> Path:
    return make(target, "-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}", *options)


def make(target: Path, *argv: str) -> Path:
    command = [str(BINARIES.ffmpeg), "-y", "-v", "error", *argv, str(target)]
    subprocess.run(command, check=True, timeout=60)
    return target
