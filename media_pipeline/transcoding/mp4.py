"""Reads the index of an MP4 file we made: checks the bytes, not the exit code of ffmpeg."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from media_pipeline.transcoding.failures import TranscodingFailed

INDEX_LIMIT_BYTES = 64 * 1024**2
PARENTS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}


class BadFile(TranscodingFailed):
    """The file is not a whole MP4 of one track."""


@dataclass(frozen=True, slots=True)
class Track:
    """`key_frames` counts from 0; `setup` is the sample description: equal for parts that can be joined."""

    frames: int
    seconds: float
    key_frames: list[int]
    setup: bytes


def read_track(path: Path) -> Track:
    """The one track of the MP4 at `path`, checked to be complete. Raises BadFile."""
    try:
        index, data_bytes = _read_index(path)
        boxes = dict(_walk(index, 0, len(index)))
        timescale = struct.unpack_from(">I", boxes[b"mdhd"], 12 if boxes[b"mdhd"][0] == 0 else 20)[0]
        frames, total = _sizes(boxes[b"stsz"])
        if total > data_bytes:
            raise BadFile(f"{path.name} has {data_bytes} of {total} bytes of samples")
        return Track(
            frames=frames,
            seconds=_ticks(boxes[b"stts"]) / timescale,
            key_frames=_key_frames(boxes.get(b"stss"), frames),
            setup=_without_rates(boxes[b"stsd"]),
        )
    except (KeyError, struct.error, OSError) as error:
        raise BadFile(f"{path.name} is not a whole MP4: {error}") from error


def _without_rates(description: bytes) -> bytes:
    """A sample description without its `btrt` box, which has the average rate: it differs between chunks."""
    at = description.find(b"btrt") - 4
    if at < 0:
        return description
    return description[:at] + description[at + int.from_bytes(description[at : at + 4]) :]


def _read_index(path: Path) -> tuple[bytes, int]:
    index, data_bytes = b"", 0
    with path.open("rb") as file:
        end = file.seek(0, 2)
        position = 0
        while position < end:
            file.seek(position)
            head = file.read(16)
            size, kind = struct.unpack_from(">I4s", head)
            header = 8
            if size == 1:
                size, header = struct.unpack_from(">Q", head, 8)[0], 16
            if size < header or position + size > end:
                raise BadFile(f"{path.name} is cut off")
            if kind == b"mdat":
                data_bytes += size - header
            elif kind == b"moov" and size < INDEX_LIMIT_BYTES:
                file.seek(position + header)
                index = file.read(size - header)
            position += size
    return index, data_bytes


def _walk(data: bytes, position: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    while position + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, position)
        if size < 8 or position + size > end:
            raise KeyError(kind)
        if kind in PARENTS:
            yield from _walk(data, position + 8, position + size)
        else:
            yield kind, data[position + 8 : position + size]
        position += size


def _sizes(box: bytes) -> tuple[int, int]:
    _, same, count = struct.unpack_from(">III", box)
    if same:
        return count, same * count
    return count, sum(struct.unpack_from(f">{count}I", box, 12))


def _ticks(box: bytes) -> int:
    count = struct.unpack_from(">I", box, 4)[0]
    runs = struct.unpack_from(f">{count * 2}I", box, 8)
    return sum(runs[at] * runs[at + 1] for at in range(0, len(runs), 2))


def _key_frames(box: bytes | None, frames: int) -> list[int]:
    if box is None:
        return list(range(frames))
    count = struct.unpack_from(">I", box, 4)[0]
    return [number - 1 for number in struct.unpack_from(f">{count}I", box, 8)]
