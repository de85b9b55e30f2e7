"""Decodes what was published with the ffmpeg under test and none of our code."""

import itertools
import json
import re
import subprocess
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageStat

from tests.media_pipeline.clips import BINARIES


def stream(path: Path, kind: str = "v") -> dict[str, Any]:
    """ffprobe's data of the first stream of `kind` (v or a), with the length of the file as `seconds`."""
    argv = [str(BINARIES.ffprobe), "-v", "error", "-of", "json", "-show_format", "-show_streams"]
    told = json.loads(_said([*argv, "-select_streams", kind, str(path)]))
    return {**told["streams"][0], "seconds": float(told["format"]["duration"])}


def picture(path: Path, at: float) -> Image.Image:
    """The picture a viewer sees at second `at`: the last one that came before."""
    size = stream(path)
    argv = [str(BINARIES.ffmpeg), "-v", "error", "-i", str(path), "-t", str(at), "-map", "0:v:0", "-fps_mode"]
    argv += ["passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    made = subprocess.run(argv, capture_output=True, check=True).stdout
    width, height = size["width"], size["height"]
    return Image.frombytes("RGB", (width, height), made[-width * height * 3 :])


def difference(one: Path, other: Path, at: float) -> float:
    """The mean difference of the levels (0-255) of two videos at one moment."""
    return sum(ImageStat.Stat(ImageChops.difference(picture(one, at), picture(other, at))).mean) / 3


def color(path: Path, at: float, *, left: float = 0.5, top: float = 0.5) -> str:
    """The name of the color at a point of the picture, given in shares of its sides."""
    seen = picture(path, at)
    red, green, blue = seen.getpixel((int(seen.width * left), int(seen.height * top)))  # type: ignore[misc]
    named = {"red": red, "lime": green, "blue": blue}
    strongest = max(named, key=lambda name: named[name])
    return strongest if named[strongest] > 128 > sorted(named.values())[1] else f"{red},{green},{blue}"


def frames(path: Path) -> list[str]:
    """A hash of every decoded picture, in order."""
    argv = [str(BINARIES.ffmpeg), "-v", "error", "-i", str(path), "-map", "0:v:0", "-f", "framemd5", "-"]
    return [line.rsplit(",", 1)[1].strip() for line in _said(argv).splitlines() if not line.startswith("#")]


def times(path: Path, kind: str) -> list[float]:
    """When each picture (v) or piece of sound (a) is due, in seconds and in order."""
    argv = [str(BINARIES.ffprobe), "-v", "error", "-of", "csv=p=0", "-show_entries", "packet=pts_time"]
    return sorted(
        float(line.strip(",")) for line in _said([*argv, "-select_streams", kind, str(path)]).split()
    )


def places(path: Path, kind: str) -> list[tuple[float, int]]:
    """When each picture (v) or piece of sound (a) is due, and at which byte of the file it lies."""
    argv = [str(BINARIES.ffprobe), "-v", "error", "-of", "csv=p=0", "-show_entries", "packet=pts_time,pos"]
    lines = _said([*argv, "-select_streams", kind, str(path)]).split()
    return [(float(at), int(byte)) for at, byte in (line.split(",")[:2] for line in lines)]


def loudness(path: Path) -> float:
    """LUFS of the mono sound on both channels."""
    argv = [str(BINARIES.ffmpeg), "-hide_banner", "-nostats", "-i", str(path), "-map", "0:a:0"]
    ran = subprocess.run(
        [*argv, "-af", "ebur128=framelog=quiet:dualmono=true", "-f", "null", "-"],
        capture_output=True,
        check=True,
        text=True,
    )
    return float(re.findall(r"^\s*I:\s+(-?[\d.]+) LUFS", ran.stderr, re.MULTILINE)[-1])


def pitch(path: Path, at: float, seconds: float = 0.5) -> float:
    """How often the sound crosses zero upwards in a second: the frequency of a plain tone, 0 for silence."""
    argv = [str(BINARIES.ffmpeg), "-v", "error", "-i", str(path), "-ss", str(at), "-t", str(seconds)]
    argv += ["-map", "0:a:0", "-ac", "1", "-f", "s8", "-"]
    made = subprocess.run(argv, capture_output=True, check=True).stdout
    levels = [byte - 256 if byte > 127 else byte for byte in made]
    crossings = sum(one < 0 <= other for one, other in itertools.pairwise(levels))
    return crossings / seconds if max(map(abs, levels), default=0) > 2 else 0.0


def _said(argv: list[str]) -> str:
    return subprocess.run(argv, capture_output=True, check=True, text=True).stdout
