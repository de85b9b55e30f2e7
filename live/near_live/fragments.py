"""Splits fragmented MP4 (ISO/IEC 14496-12) from ffmpeg into what a browser can append: an initialization segment, then fragments.

Only the boxes are read, never the media in them.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

BOX_BYTES = 8 * 1024**2
BOX_HEAD = 8
CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf"}
# Boxes between fragments or after the last one that Media Source Extensions do not need.
LEFT_OUT = {b"styp", b"sidx", b"mfra", b"free"}
# ISO/IEC 14496-15: reserved fields of a picture's sample entry, before the boxes in it.
PICTURE_ENTRY_BYTES = 78
# ffmpeg's AAC is always of low complexity (RFC 6381).
SOUND = "mp4a.40.2"
HAS_BASE, HAS_DESCRIPTION, HAS_DURATION, HAS_SIZE, HAS_FLAGS = 0x1, 0x2, 0x8, 0x10, 0x20
HAS_OFFSET, HAS_FIRST_FLAGS = 0x1, 0x4
EACH_DURATION, EACH_SIZE, EACH_FLAGS = 0x100, 0x200, 0x400
NEEDS_OTHERS = 0x10000


class NotFragments(Exception):
    """The bytes are not what our ffmpeg writes."""


@dataclass(frozen=True, slots=True)
class InitSegment:
    """The beginning of a stream (ftyp, moov). `codecs` is the codecs parameter (RFC 6381) for the browser."""

    data: bytes
    codecs: str


@dataclass(frozen=True, slots=True)
class Fragment:
    """moof and mdat. `is_keyframe`: it begins with a keyframe, so that playback may begin here."""

    data: bytes
    is_keyframe: bool


class Splitter:
    """Takes the bytes in order, in blocks of any size. Raises `NotFragments`."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._parts: list[bytes] = []
        self._picture = 0

    def feed(self, data: bytes) -> list[InitSegment | Fragment]:
        """Return the parts that are complete now."""
        self._buffer += data
        found: list[InitSegment | Fragment] = []
        while box := self._box():
            kind, whole = box
            if kind in LEFT_OUT:
                continue
            self._parts.append(whole)
            if kind == b"moov":
                found.append(self._head(whole))
            elif kind == b"mdat":
                found.append(self._fragment())
            elif kind not in {b"ftyp", b"moof"}:
                raise NotFragments(f"an unknown box {kind!r}")
        return found

    def _box(self) -> tuple[bytes, bytes] | None:
        if len(self._buffer) < BOX_HEAD:
            return None
        size, kind = struct.unpack_from(">I4s", self._buffer)
        if not BOX_HEAD <= size <= BOX_BYTES:
            raise NotFragments(f"a box of {size} bytes")
        if len(self._buffer) < size:
            return None
        whole = bytes(self._buffer[:size])
        del self._buffer[:size]
        return kind, whole

    def _head(self, moov: bytes) -> InitSegment:
        self._picture, picture_codec = _picture_of(moov)
        return InitSegment(self._taken(b"ftyp", b"moov"), f"{picture_codec}, {SOUND}")

    def _fragment(self) -> Fragment:
        moof = self._parts[0]
        return Fragment(
            self._taken(b"moof", b"mdat"), self._picture > 0 and _is_keyframe(moof, self._picture)
        )

    def _taken(self, *kinds: bytes) -> bytes:
        if [part[4:8] for part in self._parts] != list(kinds):
            raise NotFragments("boxes in another order")
        data = b"".join(self._parts)
        self._parts.clear()
        return data


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kinds and bodies of the boxes in `data`."""
    at = 0
    while at < len(data):
        if at + BOX_HEAD > len(data):
            raise NotFragments("a broken box")
        size, kind = struct.unpack_from(">I4s", data, at)
        if size < BOX_HEAD or at + size > len(data):
            raise NotFragments("a broken box")
        yield kind, data[at + BOX_HEAD : at + size]
        at += size


def _inside(data: bytes, *path: bytes) -> Iterator[bytes]:
    """Bodies of all boxes at `path` below `data`."""
    for kind, body in _boxes(data):
        if kind == path[0]:
            yield from _inside(body, *path[1:]) if len(path) > 1 else [body]


def _picture_of(moov: bytes) -> tuple[int, str]:
    """Id and codec of the video track."""
    try:
        for track in _inside(moov, b"moov", b"trak"):
            (description,) = _inside(track, b"mdia", b"minf", b"stbl", b"stsd")
            kind, entry = next(_boxes(description[8:]))
            if kind != b"avc1":
                continue
            (header,) = _inside(track, b"tkhd")
            (settings,) = (body for kind, body in _boxes(entry[PICTURE_ENTRY_BYTES:]) if kind == b"avcC")
            # After version, flags and two times, of four or eight bytes each.
            number = struct.unpack_from(">I", header, 20 if header[0] else 12)[0]
            return number, f"avc1.{settings[1:4].hex()}"
    except (ValueError, IndexError, StopIteration, struct.error) as error:
        raise NotFragments("a broken initialization segment") from error
    raise NotFragments("no video codec that browsers play")


def _is_keyframe(moof: bytes, picture: int) -> bool:
    """Whether the first video sample can be decoded without an earlier one."""
    try:
        for track in _inside(moof, b"moof", b"traf"):
            boxes = dict(_boxes(track))
            number, flags = _track_header(boxes[b"tfhd"])
            if number != picture or b"trun" not in boxes:
                continue
            first = _first_flags(boxes[b"trun"], flags)
            return first is not None and not first & NEEDS_OTHERS
    except (KeyError, struct.error) as error:
        raise NotFragments("a broken fragment") from error
    return False


def _track_header(body: bytes) -> tuple[int, int | None]:
    """Id of the track, and the default flags of its samples."""
    given, number = struct.unpack_from(">II", body)
    at = 8
    for bit, size in ((HAS_BASE, 8), (HAS_DESCRIPTION, 4), (HAS_DURATION, 4), (HAS_SIZE, 4)):
        at += size if given & bit else 0
    return number, struct.unpack_from(">I", body, at)[0] if given & HAS_FLAGS else None


def _first_flags(body: bytes, usual: int | None) -> int | None:
    given, count = struct.unpack_from(">II", body)
    if count == 0:
        return None
    at = 8 + (4 if given & HAS_OFFSET else 0)
    if given & HAS_FIRST_FLAGS:
        return int(struct.unpack_from(">I", body, at)[0])
    if given & EACH_FLAGS:
        at += sum(4 for bit in (EACH_DURATION, EACH_SIZE) if given & bit)
        return int(struct.unpack_from(">I", body, at)[0])
    return usual
