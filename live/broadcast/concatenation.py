"""Joins the segments of a broadcast between two moments into one MP4, copied where their codecs match.

A cut falls on a segment border inside the part: nothing that was cut away is in the file.
Segments hold bytes that browsers wrote, so ffmpeg reads them in the sandbox of the media pipeline.
"""

import os
import re
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from live.broadcast.playlists import PICTURES, EncoderRun, Listing, Segment
from live.broadcast.timeline import Span, Timeline
from media_pipeline.services.sandbox import Limits, TranscodingFailed, find_binaries, run

LARGE = PICTURES[0]
# Lengths of segments are rounded; a border this near is the one that was meant.
NEAR_MS = 50
LIMITS = Limits(
    wall_seconds=3 * 3600,
    stall_seconds=120,
    cpu_seconds=6 * 3600,
    file_bytes=64 * 1024**3,
    memory_bytes=2 * 1024**3,
)
QUIET = ["-hide_banner", "-loglevel", "error", "-nostdin", "-progress", "pipe:1", "-nostats"]
# What `live.broadcast.encoder` writes, and what a browser's H.264 is copied into.
KNOWN = ["-codec_whitelist", "h264,aac", "-protocol_whitelist", "file"]
PICTURES_A_SECOND = 25
# Of what ffmpeg wrote against what was listed.
SHORT_MS, SHORT_SHARE = 1_500, 0.02
# Where a sample entry says how large its pictures are.
SIZE_AT = 32


class Incomplete(TranscodingFailed):
    """The MP4 is shorter than its segments: the disk was full, or a segment is missing."""


@dataclass(frozen=True, slots=True)
class RecordingPart:
    """Segments of one run, without a gap; `began` is the moment of the first in milliseconds of 1970."""

    run: EncoderRun
    segments: tuple[Segment, ...]
    began: int
    length: int


def parts_of_recording(listing: Listing, *, start: int = 0, end: int | None = None) -> list[RecordingPart]:
    """The whole segments between two places of the recording, in milliseconds; to its end without `end`."""
    recording_parts = []
    passed = 0.0
    for one in listing.runs:
        inside: list[tuple[float, Segment]] = []
        in_run = 0.0
        for segment in listing.segments(LARGE, one):
            begins, ends = passed * 1000, (passed + segment.seconds) * 1000
            if begins >= start - NEAR_MS and (end is None or ends <= end + NEAR_MS):
                inside.append((in_run, segment))
            passed += segment.seconds
            in_run += segment.seconds
        if inside:
            seconds = sum(segment.seconds for _, segment in inside)
            began = round((one.began_at + inside[0][0]) * 1000)
            recording_parts.append(
                RecordingPart(one, tuple(segment for _, segment in inside), began, round(seconds * 1000))
            )
    return recording_parts


def timeline_of(recording_parts: Sequence[RecordingPart]) -> Timeline:
    return Timeline.of(
        Span(recording_part.began, recording_part.length) for recording_part in recording_parts
    )


def concatenate(
    recording_parts: Sequence[RecordingPart],
    *,
    served: Path,
    folder: Path,
    on_tick: Callable[[], None] | None = None,
) -> Path:
    """One MP4 of `recording_parts` in `folder`, which should be empty. Raises Incomplete, TranscodingFailed, OSError.

    Segments of the same size and codec are copied; others are all encoded to the size that most of the class has. `on_tick` is
    called about twice a second; an exception it raises stops the work.
    """
    decoder_configurations = {
        _decoder_configuration((served / _head(recording_part)).read_bytes())
        for recording_part in recording_parts
    }
    size = _most_common_size(recording_parts, served)
    encoding = [] if len(decoder_configurations) == 1 else _reencoding(*size)
    parts = []
    for number, recording_part in enumerate(recording_parts, 1):
        raw, part = folder / f"raw-{number}.mp4", folder / f"part-{number}.mp4"
        _write(
            raw,
            [served / _head(recording_part), *(served / segment.name for segment in recording_part.segments)],
        )
        _ffmpeg(
            ["-format_whitelist", "mov", "-f", "mov", "-i", f"file:{raw}", *_mapping(encoding), str(part)],
            folder=folder,
            on_tick=on_tick,
        )
        raw.unlink()
        parts.append(part)
    mp4 = parts[0] if len(parts) == 1 else _concatenate_files(recording_parts, parts, folder, on_tick)
    _require_whole(mp4, sum(recording_part.length for recording_part in recording_parts), folder)
    return mp4


def _head(recording_part: RecordingPart) -> str:
    return f"{LARGE}-{recording_part.run.number}-init.mp4"


def _write(target: Path, files: Sequence[Path]) -> None:
    with target.open("wb") as mp4:
        for file in files:
            mp4.write(file.read_bytes())


def _mapping(encoding: Sequence[str]) -> list[str]:
    return [
        "-map",
        "0:v:0",
        "-map",
        "0:a:0?",
        *(encoding or ["-c", "copy"]),
        "-movflags",
        "+faststart",
        "-f",
        "mp4",
    ]


def _reencoding(width: int, height: int) -> list[str]:
    """Filters that give every part the same size, frame rate and time base, so that they can be joined."""
    fit = f"scale={width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2"
    return [
        *["-vf", f"{fit},pad={width}:{height}:(ow-iw)/2:(oh-ih)/2,setsar=1,fps={PICTURES_A_SECOND}"],
        *[
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "20",
            "-profile:v",
            "main",
            "-pix_fmt",
            "yuv420p",
        ],
        *["-g", str(2 * PICTURES_A_SECOND), "-video_track_timescale", "90000", "-threads", "2"],
        *["-c:a", "aac", "-ac", "1", "-ar", "48000", "-b:a", "64k", "-af", "aresample=async=1000"],
    ]


def _concatenate_files(
    recording_parts: Sequence[RecordingPart],
    parts: Sequence[Path],
    folder: Path,
    on_tick: Callable[[], None] | None,
) -> Path:
    """Each part begins where the listed length of those before it ends, as in the playlists, so that no part drifts."""
    listed = "".join(
        f"file '{part.name}'\nduration {recording_part.length / 1000:.3f}\n"
        for recording_part, part in zip(recording_parts, parts, strict=True)
    )
    (folder / "parts.txt").write_text(f"ffconcat version 1.0\n{listed}")
    mp4 = folder / "film.mp4"
    _ffmpeg(
        [
            *["-format_whitelist", "concat,mov", "-f", "concat", "-i", f"file:{folder / 'parts.txt'}"],
            *[*_mapping(()), str(mp4)],
        ],
        folder=folder,
        on_tick=on_tick,
    )
    for part in parts:
        part.unlink()
    return mp4


def _ffmpeg(arguments: Sequence[str], *, folder: Path, on_tick: Callable[[], None] | None) -> None:
    ffmpeg = find_binaries().ffmpeg
    run(
        [str(ffmpeg), *QUIET, *KNOWN, *arguments],
        folder=folder,
        limits=LIMITS,
        readable=[ffmpeg],
        on_tick=on_tick,
    )


def _require_whole(mp4: Path, length: int, folder: Path) -> None:
    ffprobe = find_binaries().ffprobe
    said: list[str] = []
    run(
        [
            *[
                str(ffprobe),
                "-v",
                "error",
                "-protocol_whitelist",
                "file",
                "-format_whitelist",
                "mov",
                "-f",
                "mov",
            ],
            *["-show_entries", "format=duration", "-of", "csv=p=0", f"file:{mp4}"],
        ],
        folder=folder,
        limits=LIMITS,
        readable=[ffprobe],
        on_line=said.append,
    )
    found = re.fullmatch(r"\d+(?:\.\d+)?", said[0] if said else "")
    if not found or float(found[0]) * 1000 < length - max(SHORT_MS, SHORT_SHARE * length):
        raise Incomplete(f"the film has {said[:1]} s of {length / 1000:.1f}")
    with mp4.open("rb") as file:
        os.fsync(file.fileno())


# --- The initialization segment --------------------------------------------------------------------------------


def _most_common_size(recording_parts: Sequence[RecordingPart], served: Path) -> tuple[int, int]:
    """The size most of the class has, in even pixels."""
    lengths: dict[tuple[int, int], int] = {}
    for recording_part in recording_parts:
        size = _size((served / _head(recording_part)).read_bytes())
        lengths[size] = lengths.get(size, 0) + recording_part.length
    width, height = max(lengths, key=lambda size: lengths[size])
    return width - width % 2, height - height % 2


def _boxes(data: bytes, kind: bytes) -> Iterator[bytes]:
    """The boxes of a kind (ISO/IEC 14496-12), at any depth of an initialization segment of our own ffmpeg."""
    for found in re.finditer(re.escape(kind), data):
        at = found.start() - 4
        if at >= 0:
            (size,) = struct.unpack_from(">I", data, at)
            if 8 <= size <= len(data) - at:
                yield data[at : at + size]


def _decoder_configuration(head: bytes) -> bytes:
    """The decoder configuration of the picture; equal where one part may follow the other without encoding."""
    return next(_boxes(head, b"avcC"), head)


def _size(head: bytes) -> tuple[int, int]:
    entry = next(_boxes(head, b"avc1"), b"")
    if len(entry) < SIZE_AT + 4:
        raise Incomplete("a part without a picture")
    width, height = struct.unpack_from(">HH", entry, SIZE_AT)
    return width, height
