"""Probes a file in the sandbox and refuses what the policy does not allow."""

import json
import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from media_pipeline.transcoding.binaries import Binaries
from media_pipeline.transcoding.failures import Reason, Refused
from media_pipeline.transcoding.runner import (
    Killed,
    Limits,
    ProcessFailed,
    SandboxFailed,
    Stalled,
    TimedOut,
    run,
)
from media_pipeline.transcoding.sniff import CONTAINERS, Container, sniff_container

# Pixels of one picture: 8192 x 4320. Decoders hold several, of up to eight bytes a pixel.
MAX_PIXELS = 35_389_440
# Cameras make pixels up to twice as wide as high; editing programs write other shapes, which still play.
MAX_STRETCH = 16
PROBE_LIMITS = Limits(wall_seconds=30, stall_seconds=30, cpu_seconds=30, memory_bytes=2 * 1024**3)
JSON_LIMIT = 2_000_000
# PQ and HLG, by ffmpeg's names.
HDR_TRANSFERS = frozenset({"smpte2084", "arib-std-b67"})


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits of an upload. Seconds, pixels of one picture, streams."""

    max_seconds: float = 4 * 3600
    min_seconds: float = 0.5
    max_pixels: int = MAX_PIXELS
    max_streams: int = 24


@dataclass(frozen=True, slots=True)
class VideoStream:
    """Sizes are as displayed: rotation and pixel shape are applied. `bits` per second, 0 when unknown.

    `fps` is from the header, `frames` and `last` (the second of the last picture) are counted; `gop` is the longest
    distance between key frames in seconds.
    """

    index: int
    codec: str
    width: int
    height: int
    rotation: int
    fps: str
    bits: int
    is_interlaced: bool
    end: float
    frames: int = 0
    last: float = 0.0
    gop: float = 0.0
    transfer: str = ""
    depth: int = 8

    @property
    def is_hdr(self) -> bool:
        return self.transfer in HDR_TRANSFERS


@dataclass(frozen=True, slots=True)
class AudioStream:
    """`language` is from the file, an ISO 639-2 code or empty; `label` its title."""

    index: int
    codec: str
    channels: int
    end: float
    language: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """The contents of a file: its container, the streams we would use and its real length in seconds."""

    container: Container
    seconds: float
    bytes: int
    video: VideoStream | None
    # The default sound comes first.
    sounds: list[AudioStream]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def probe_from_json(data: dict[str, Any]) -> Probe:
    """The inverse of `Probe.as_json`. Raises KeyError or TypeError for foreign data."""
    container = next(known for known in CONTAINERS if known.demuxer == data["container"]["demuxer"])
    return Probe(
        container=container,
        seconds=data["seconds"],
        bytes=data["bytes"],
        video=VideoStream(**data["video"]) if data["video"] else None,
        sounds=[AudioStream(**sound) for sound in data["sounds"]],
    )


@dataclass(slots=True)
class _Packets:
    """Measurements from the packets of one stream."""

    start: float = math.inf
    end: float = 0.0
    last: float = 0.0
    bits: float = 0.0
    count: int = 0
    key_at: float | None = None
    gop: float = 0.0

    def add_packet(self, start: float, seconds: float, size: float, *, is_key: bool) -> None:
        self.start = min(self.start, start)
        self.end = max(self.end, start + seconds)
        self.last = max(self.last, start)
        self.bits += size * 8
        self.count += 1
        if is_key:
            self.gop = max(self.gop, start - self.key_at) if self.key_at is not None else self.gop
            self.key_at = start

    def moved(self, origin: float) -> "_Packets":
        """The same, counted from the first moment of the file, which is where ffmpeg puts zero."""
        gop = max(self.gop, self.end - self.key_at) if self.key_at is not None else self.end - origin
        return _Packets(
            self.start - origin, self.end - origin, self.last - origin, self.bits, self.count, None, gop
        )


def demux_options(container: Container) -> dict[str, str]:
    """Options before every `-i`: one demuxer, local files only, pictures of limited size."""
    return {
        "protocol_whitelist": "file",
        "format_whitelist": _family(container),
        "max_pixels": str(MAX_PIXELS),
        "f": container.demuxer,
    }


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
    video = next((stream for stream in streams if _is_displayable(stream)), None)
    sounds = _default_first([stream for stream in streams if _is_sound(stream)])
    if video is None and not sounds:
        raise Refused(Reason.NO_STREAMS)
    if video and video["width"] * video["height"] > policy.max_pixels:
        raise Refused(Reason.TOO_LARGE_PICTURE, width=video["width"], height=video["height"])
    if video:
        _refuse_stretched(video)
    declared = _number(described["format"].get("duration"))
    _refuse_length(declared, policy, is_measured=False)
    packets = _measure(source, container, folder=folder, binaries=binaries, on_tick=on_tick)
    # An announced track without packets is ignored.
    sounds = [stream for stream in sounds if stream["index"] in packets]
    video = video if video and video["index"] in packets else None
    if video is None and not sounds:
        raise Refused(Reason.NO_STREAMS)
    seconds = max(packets[stream["index"]].end for stream in [video, *sounds] if stream)
    _refuse_length(seconds, policy, is_measured=True)
    if container.declares_duration and seconds < declared - max(0.5, declared / 100):
        raise Refused(Reason.TRUNCATED, seconds=round(seconds, 1), declared=round(declared, 1))
    return Probe(
        container=container,
        seconds=round(seconds, 3),
        bytes=source.stat().st_size,
        video=_video(video, packets[video["index"]]) if video else None,
        sounds=[_sound(stream, packets[stream["index"]]) for stream in sounds],
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

    with unreadable_refused(source):
        argv.append(f"file:{source}")
        stderr = run(argv, folder=folder, limits=PROBE_LIMITS, readable=[source], on_line=keep).tail
    described = json.loads("\n".join(lines))
    _refuse_oversized_picture(described, stderr)
    return described


def _refuse_oversized_picture(described: dict[str, Any], stderr: str) -> None:
    """Refuse a picture whose size is missing because the decoder found it too large."""
    is_shown = all(_is_displayable(stream) for stream in described.get("streams", []) if _is_picture(stream))
    found = re.search(r"Picture size (\d+)x(\d+) ", stderr)
    if found and not is_shown:
        raise Refused(Reason.TOO_LARGE_PICTURE, width=int(found[1]), height=int(found[2]))


def _measure(
    source: Path,
    container: Container,
    *,
    folder: Path,
    binaries: Binaries,
    on_tick: Callable[[], None] | None,
) -> dict[int, _Packets]:
    """Measure each stream from all its packets.

    Headers are not reliable: that of a cut-off file has the full duration, that of a piped Matroska none.
    """
    packets: dict[int, _Packets] = {}

    def add_packet(line: str) -> None:
        parts = (line.split(",") + [""] * 5)[:5]
        if parts[0].isdecimal() and parts[1] not in {"", "N/A"}:
            stream = packets.setdefault(int(parts[0]), _Packets())
            stream.add_packet(_number(parts[1]), _number(parts[2]), _number(parts[3]), is_key="K" in parts[4])

    entries = "packet=stream_index,pts_time,duration_time,size,flags"
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
    with unreadable_refused(source):
        run(
            [*argv, f"file:{source}"],
            folder=folder,
            limits=limits,
            readable=[source],
            on_line=add_packet,
            on_tick=on_tick,
        )
    origin = min((stream.start for stream in packets.values()), default=0.0)
    return {index: stream.moved(origin) for index, stream in packets.items()}


@contextmanager
def unreadable_refused(source: Path) -> Iterator[None]:
    """An error of the program itself refuses `source`; a program that was killed or timed out does not."""
    try:
        yield
    except (TimedOut, Stalled, SandboxFailed, Killed):
        raise
    except ProcessFailed as error:
        detail = error.tail.strip()[-200:].replace(str(source), "file")
        raise Refused(Reason.UNREADABLE, detail=detail) from error


def _refuse_stretched(stream: dict[str, Any]) -> None:
    shape = _pixel_shape(stream)
    if not Fraction(1, MAX_STRETCH) <= shape <= MAX_STRETCH:
        raise Refused(Reason.STRETCHED, shape=f"{shape.numerator}:{shape.denominator}")


def _pixel_shape(stream: dict[str, Any]) -> Fraction:
    """Width of a pixel by its height; square where the file has no usable value."""
    return _ratio(stream.get("sample_aspect_ratio", "").replace(":", "/")) or Fraction(1)


def _refuse_length(seconds: float, policy: Policy, *, is_measured: bool) -> None:
    if seconds > policy.max_seconds:
        raise Refused(Reason.TOO_LONG, minutes=round(seconds / 60), limit=round(policy.max_seconds / 60))
    if is_measured and seconds < policy.min_seconds:
        raise Refused(Reason.TOO_SHORT, seconds=round(seconds, 2), limit=policy.min_seconds)


def _video(stream: dict[str, Any], packets: _Packets) -> VideoStream:
    width, height = stream["width"], stream["height"]
    width = round(width * _pixel_shape(stream))
    rotation = _rotation(stream)
    if rotation in {90, 270}:
        width, height = height, width
    fps = _ratio(stream.get("avg_frame_rate", "")) or _ratio(stream.get("r_frame_rate", "")) or Fraction(25)
    return VideoStream(
        index=stream["index"],
        codec=stream.get("codec_name", ""),
        width=width,
        height=height,
        rotation=rotation,
        fps=str(fps),
        bits=round(packets.bits / packets.end) if packets.end else 0,
        is_interlaced=stream.get("field_order", "progressive") in {"tt", "bb", "tb", "bt"},
        end=round(packets.end, 3),
        frames=packets.count,
        last=round(packets.last, 3),
        gop=round(packets.gop, 3),
        transfer=stream.get("color_transfer", ""),
        depth=_depth(stream.get("pix_fmt", "")),
    )


def _depth(pixel_format: str) -> int:
    """Bits a color has: `yuv420p10le` has 10."""
    found = re.search(r"p(?:0)?(9|10|12|14|16)(?:le|be)$", pixel_format)
    return int(found[1]) if found else 8


def _sound(stream: dict[str, Any], packets: _Packets) -> AudioStream:
    tags = {name.lower(): str(value) for name, value in stream.get("tags", {}).items()}
    language = tags.get("language", "")
    return AudioStream(
        index=stream["index"],
        codec=stream.get("codec_name", ""),
        channels=int(stream.get("channels", 1)),
        end=round(packets.end, 3),
        language=language if re.fullmatch("[a-z]{2,3}", language) and language != "und" else "",
        label=_plain(tags.get("title", "")),
    )


def _plain(text: str) -> str:
    """A label from an untrusted file, fit for a line of a playlist."""
    return "".join(letter for letter in text if letter.isprintable() and letter not in '"<>&').strip()[:60]


def _rotation(stream: dict[str, Any]) -> int:
    sides = stream.get("side_data_list", [])
    turned = next((side["rotation"] for side in sides if "rotation" in side), 0)
    return round(float(turned)) % 360


def _is_picture(stream: dict[str, Any]) -> bool:
    is_cover = stream.get("disposition", {}).get("attached_pic", 0)
    return stream.get("codec_type") == "video" and not is_cover


def _is_displayable(stream: dict[str, Any]) -> bool:
    return _is_picture(stream) and bool(stream.get("width") and stream.get("height"))


def _is_sound(stream: dict[str, Any]) -> bool:
    return stream.get("codec_type") == "audio" and bool(stream.get("channels"))


def _default_first(streams: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(streams, key=lambda stream: not stream.get("disposition", {}).get("default"))


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
