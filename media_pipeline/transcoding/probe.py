"""Reads what a file holds, in the sandbox, and refuses what the policy does not allow."""

import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from media_pipeline.transcoding.binaries import Binaries
from media_pipeline.transcoding.failures import Reason, Refused
from media_pipeline.transcoding.runner import Limits, ProcessFailed, Stalled, TimedOut, run
from media_pipeline.transcoding.sniff import Container, sniff_container

PROBE_LIMITS = Limits(wall_seconds=30, stall_seconds=30, cpu_seconds=30, memory_bytes=2 * 1024**3)
JSON_LIMIT = 2_000_000


@dataclass(frozen=True, slots=True)
class Policy:
    """What an upload may ask of the machines. Seconds, pixels of one picture, streams."""

    max_seconds: float = 4 * 3600
    min_seconds: float = 0.5
    max_pixels: int = 35_389_440
    max_streams: int = 24


@dataclass(frozen=True, slots=True)
class VideoStream:
    """Sizes are as displayed: rotation and pixel shape are applied. `bits` per second, 0 when unknown."""

    index: int
    codec: str
    width: int
    height: int
    rotation: int
    fps: str
    bits: int
    is_interlaced: bool
    end: float


@dataclass(frozen=True, slots=True)
class AudioStream:
    index: int
    codec: str
    channels: int
    end: float


@dataclass(frozen=True, slots=True)
class Probe:
    """What is in a file: its container, the streams we would use and the seconds really there."""

    container: Container
    seconds: float
    bytes: int
    video: VideoStream | None
    audio: AudioStream | None
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def demux_options(container: Container) -> dict[str, str]:
    """Options before every `-i`: one demuxer, local files only, nothing else."""
    return {"protocol_whitelist": "file", "format_whitelist": _family(container), "f": container.demuxer}


def probe(
    source: Path,
    *,
    folder: Path,
    binaries: Binaries,
    policy: Policy = Policy(),
    on_tick: Callable[[], None] | None = None,
) -> Probe:
    """Probe `source`, using `folder` as the working folder. Raises Refused, or TimedOut on a hung probe."""
    container = sniff_container(source)
    described = _describe(source, container, folder=folder, binaries=binaries)
    streams = described.get("streams", [])
    if len(streams) > policy.max_streams:
        raise Refused(Reason.TOO_MANY_STREAMS, count=len(streams), limit=policy.max_streams)
    video = next((stream for stream in streams if _is_film(stream)), None)
    audio = _preferred([stream for stream in streams if _is_sound(stream)])
    if video is None and audio is None:
        raise Refused(Reason.NO_STREAMS)
    if video and video["width"] * video["height"] > policy.max_pixels:
        raise Refused(Reason.TOO_LARGE_PICTURE, width=video["width"], height=video["height"])
    declared = _number(described["format"].get("duration"))
    _refuse_length(declared, policy, is_measured=False)
    ends, bits = _measure(source, container, folder=folder, binaries=binaries, on_tick=on_tick)
    used = [stream["index"] for stream in (video, audio) if stream]
    seconds = max((ends.get(index, 0.0) for index in used), default=0.0)
    _refuse_length(seconds, policy, is_measured=True)
    if container.declares_duration and seconds < declared - max(0.5, declared / 100):
        raise Refused(Reason.TRUNCATED, seconds=round(seconds, 1), declared=round(declared, 1))
    return Probe(
        container=container,
        seconds=round(seconds, 3),
        bytes=source.stat().st_size,
        video=_video(video, ends, bits) if video else None,
        audio=_audio(audio, ends) if audio else None,
    )


def _describe(source: Path, container: Container, *, folder: Path, binaries: Binaries) -> dict[str, Any]:
    argv = [
        str(binaries.ffprobe),
        "-v",
        "error",
        *_flat(container),
        "-show_format",
        "-show_streams",
        "-of",
        "json",
    ]
    lines: list[str] = []
    size = 0

    def keep(line: str) -> None:
        nonlocal size
        size += len(line)
        if size > JSON_LIMIT:
            raise Refused(Reason.TOO_MANY_STREAMS)
        lines.append(line)

    try:
        run([*argv, f"file:{source}"], folder=folder, limits=PROBE_LIMITS, readable=[source], on_line=keep)
    except ProcessFailed as error:
        if type(error) is not ProcessFailed:
            raise
        raise Refused(
            Reason.UNREADABLE, detail=error.tail.strip()[-200:].replace(str(source), "file")
        ) from error
    return json.loads("\n".join(lines))


def _measure(
    source: Path,
    container: Container,
    *,
    folder: Path,
    binaries: Binaries,
    on_tick: Callable[[], None] | None,
) -> tuple[dict[int, float], dict[int, float]]:
    """Where each stream really ends (seconds) and how many bits it holds, from every packet.

    Headers lie: a cut-off file keeps its full duration, a piped Matroska has none.
    """
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    bits: dict[int, float] = {}

    def take(line: str) -> None:
        parts = (line.split(",") + [""] * 4)[:4]
        if not parts[0].isdecimal():
            return
        index, start = int(parts[0]), _number(parts[1])
        starts[index] = min(starts.get(index, start), start)
        ends[index] = max(ends.get(index, 0.0), start + _number(parts[2]))
        bits[index] = bits.get(index, 0.0) + _number(parts[3]) * 8

    entries = "packet=stream_index,pts_time,duration_time,size"
    argv = [
        str(binaries.ffprobe),
        "-v",
        "error",
        *_flat(container),
        "-show_entries",
        entries,
        "-of",
        "csv=p=0",
    ]
    wall = 60 + source.stat().st_size / 10_000_000
    limits = Limits(wall_seconds=wall, stall_seconds=60, cpu_seconds=int(wall), memory_bytes=2 * 1024**3)
    try:
        run(
            [*argv, f"file:{source}"],
            folder=folder,
            limits=limits,
            readable=[source],
            on_line=take,
            on_tick=on_tick,
        )
    except ProcessFailed as error:
        if type(error) is not ProcessFailed:
            raise
        raise Refused(
            Reason.UNREADABLE, detail=error.tail.strip()[-200:].replace(str(source), "file")
        ) from error
    # ffmpeg shifts the whole file so that its first packet is at zero.
    origin = min(starts.values(), default=0.0)
    return {index: end - origin for index, end in ends.items()}, bits


@contextmanager
def _unreadable_refused(source: Path) -> Iterator[None]:
    try:
        yield
    except (TimedOut, Stalled):
        raise
    except ProcessFailed as error:
        detail = error.tail.strip()[-200:].replace(str(source), "file")
        raise Refused(Reason.UNREADABLE, detail=detail) from error


def _refuse_length(seconds: float, policy: Policy, *, is_measured: bool) -> None:
    if seconds > policy.max_seconds:
        raise Refused(Reason.TOO_LONG, minutes=round(seconds / 60), limit=round(policy.max_seconds / 60))
    if is_measured and seconds < policy.min_seconds:
        raise Refused(Reason.TOO_SHORT, seconds=round(seconds, 2), limit=policy.min_seconds)


def _video(stream: dict[str, Any], ends: dict[int, float], bits: dict[int, float]) -> VideoStream:
    width, height = stream["width"], stream["height"]
    pixel = _ratio(stream.get("sample_aspect_ratio", "1:1").replace(":", "/")) or Fraction(1)
    width = round(width * pixel)
    rotation = _rotation(stream)
    if rotation in {90, 270}:
        width, height = height, width
    index = stream["index"]
    end = ends.get(index, 0.0)
    fps = _ratio(stream.get("avg_frame_rate", "")) or _ratio(stream.get("r_frame_rate", "")) or Fraction(25)
    return VideoStream(
        index=index,
        codec=stream.get("codec_name", ""),
        width=width,
        height=height,
        rotation=rotation,
        fps=str(fps),
        bits=round(bits.get(index, 0.0) / end) if end else 0,
        is_interlaced=stream.get("field_order", "progressive") in {"tt", "bb", "tb", "bt"},
        end=round(end, 3),
    )


def _audio(stream: dict[str, Any], ends: dict[int, float]) -> AudioStream:
    return AudioStream(
        index=stream["index"],
        codec=stream.get("codec_name", ""),
        channels=int(stream.get("channels", 1)),
        end=round(ends.get(stream["index"], 0.0), 3),
    )


def _rotation(stream: dict[str, Any]) -> int:
    sides = stream.get("side_data_list", [])
    turned = next((side["rotation"] for side in sides if "rotation" in side), 0)
    return round(float(turned)) % 360


def _is_film(stream: dict[str, Any]) -> bool:
    is_cover = stream.get("disposition", {}).get("attached_pic", 0)
    return (
        stream.get("codec_type") == "video"
        and not is_cover
        and bool(stream.get("width") and stream.get("height"))
    )


def _is_sound(stream: dict[str, Any]) -> bool:
    return stream.get("codec_type") == "audio" and bool(stream.get("channels"))


def _preferred(streams: list[dict[str, Any]]) -> dict[str, Any] | None:
    chosen = [stream for stream in streams if stream.get("disposition", {}).get("default")]
    return next(iter([*chosen, *streams]), None)


def _flat(container: Container) -> list[str]:
    return [part for name, value in demux_options(container).items() for part in (f"-{name}", value)]


def _family(container: Container) -> str:
    families = {"mov": "mov,mp4,m4a,3gp,3g2,mj2", "matroska": "matroska,webm"}
    return families.get(container.demuxer, container.demuxer)


def _number(text: str | None) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0


def _ratio(text: str) -> Fraction | None:
    try:
        return Fraction(text) or None
    except (ValueError, ZeroDivisionError):
        return None
