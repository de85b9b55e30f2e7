"""Reads Matroska (RFC 9559) as a browser's MediaRecorder writes it: its tracks, and the clusters at which decoding may begin.

Only the container is read, never the media in it. Elements that a MediaRecorder does not write are refused.
"""

import struct
from dataclasses import dataclass

EBML, SEGMENT, CLUSTER, TRACKS = 0x1A45DFA3, 0x18538067, 0x1F43B675, 0x1654AE6B
TIMESTAMP, SIMPLE_BLOCK, BLOCK_GROUP = 0xE7, 0xA3, 0xA0
TRACK_ENTRY, TRACK_NUMBER, TRACK_TYPE, CODEC, VIDEO = 0xAE, 0xD7, 0x83, 0x86, 0xE0
WIDTH, HEIGHT = 0xB0, 0xBA
# Seek head, info, cues, tags, void, checksum, position and size of the cluster before: passed over.
IGNORED = {0x114D9B74, 0x1549A966, 0x1C53BB6B, 0x1254C367, 0xEC, 0xBF, 0xA7, 0xAB}
ENTERED = {SEGMENT, CLUSTER}
HEADER_BYTES = 64 * 1024
ELEMENT_BYTES = 8 * 1024**2
BLOCK_HEAD = 5
KEYFRAME = 0x80
PICTURES = {"V_MPEG4/ISO/AVC", "V_VP8", "V_VP9"}
SOUNDS = {"A_OPUS"}


class NotMedia(Exception):
    """The bytes are not what a MediaRecorder writes."""


@dataclass(frozen=True, slots=True)
class Track:
    """`kind` is 1 for pictures, 2 for sound; sizes in pixels, 0 for sound."""

    number: int
    kind: int
    codec: str
    width: int
    height: int


@dataclass(slots=True)
class Cluster:
    """Where a cluster begins in the file, its time in milliseconds, and whether its first picture is a keyframe."""

    offset: int
    time: int = 0
    is_key: bool = False
    has_pictures: bool = False


class Reader:
    """Takes the bytes in order and lists the clusters seen so far. Raises `NotMedia` at the first wrong byte."""

    def __init__(self, *, is_sound_alone: bool = False) -> None:
        self.is_sound_alone = is_sound_alone
        self.tracks: list[Track] = []
        self.clusters: list[Cluster] = []
        # The time of the last block, in milliseconds.
        self.time = 0
        self._buffer = bytearray()
        # Of the file, the place where the buffer begins; and how much of what comes is passed over.
        self._at = 0
        self._skip = 0
        self._has_begun = False

    @property
    def picture(self) -> Track | None:
        return next((track for track in self.tracks if track.kind == 1), None)

    @property
    def header_bytes(self) -> int:
        """The number of bytes before the first cluster; a decoder needs them first wherever it begins."""
        return self.clusters[0].offset if self.clusters else 0

    def feed(self, data: bytes) -> None:
        self._buffer += data
        while self._step():
            pass

    def _take(self, count: int) -> None:
        del self._buffer[:count]
        self._at += count

    def _step(self) -> bool:
        if self._skip:
            passed = min(self._skip, len(self._buffer))
            self._take(passed)
            self._skip -= passed
            if self._skip or not passed:
                return False
        head = _head(self._buffer)
        if head is None:
            return False
        element, size, length = head
        if not self._has_begun:
            if element != EBML:
                raise NotMedia("it does not begin as Matroska does")
            self._has_begun = True
        elif element == EBML:
            raise NotMedia("a second beginning")
        if element in ENTERED:
            if element == CLUSTER:
                self._require_tracks()
                self.clusters.append(Cluster(self._at))
            self._take(length)
            return True
        if size is None or size > ELEMENT_BYTES:
            raise NotMedia("an element without an end")
        return self._read(element, length, size)

    def _read(self, element: int, length: int, size: int) -> bool:
        """Read or skip one element; False when more bytes have to arrive first."""
        if element in {EBML, TRACKS, TIMESTAMP}:
            if size > HEADER_BYTES:
                raise NotMedia("an endless header")
            if len(self._buffer) < length + size:
                return False
            body = bytes(self._buffer[length : length + size])
            if element == TRACKS:
                self.tracks = [_track(entry) for name, entry in _children(body) if name == TRACK_ENTRY]
            elif element == TIMESTAMP:
                self._cluster().time = self.time = int.from_bytes(body)
        elif element == SIMPLE_BLOCK:
            if len(self._buffer) < length + min(size, BLOCK_HEAD):
                return False
            self._block(bytes(self._buffer[length : length + BLOCK_HEAD]))
        elif element not in IGNORED and element != BLOCK_GROUP:
            raise NotMedia(f"an unknown element {element:X}")
        self._take(length)
        self._skip = size
        return True

    def _cluster(self) -> Cluster:
        if not self.clusters:
            raise NotMedia("media before a cluster")
        return self.clusters[-1]

    def _block(self, head: bytes) -> None:
        cluster = self._cluster()
        if len(head) < 4 or not head[0] & 0x80:
            raise NotMedia("a broken block")
        (offset,) = struct.unpack(">h", head[1:3])
        self.time = max(self.time, cluster.time + offset)
        if self.picture and head[0] & 0x7F == self.picture.number and not cluster.has_pictures:
            cluster.has_pictures = True
            cluster.is_key = bool(head[3] & KEYFRAME)

    def _require_tracks(self) -> None:
        pictures = [track for track in self.tracks if track.kind == 1]
        sounds = [track for track in self.tracks if track.kind == 2]
        if self.is_sound_alone:
            if len(self.tracks) != 1 or len(sounds) != 1 or sounds[0].codec not in SOUNDS:
                raise NotMedia("not one sound alone")
            return
        if len(self.tracks) != 2 or len(pictures) != 1 or len(sounds) != 1:
            raise NotMedia("not one picture with one sound")
        if pictures[0].codec not in PICTURES or sounds[0].codec not in SOUNDS:
            raise NotMedia(f"unknown codecs {pictures[0].codec}, {sounds[0].codec}")
        if not (16 <= pictures[0].width <= 4096 and 16 <= pictures[0].height <= 4096):
            raise NotMedia("a picture of an impossible size")


def _head(data: bytes | bytearray) -> tuple[int, int | None, int] | None:
    """Identifier, size (None: unknown) and length of an element's head; None when it is not all there."""
    if not data:
        return None
    length = 9 - data[0].bit_length()
    if length > 4:
        raise NotMedia("no element")
    if len(data) <= length:
        return None
    element = int.from_bytes(data[:length])
    width = 9 - data[length].bit_length()
    if width > 8:
        raise NotMedia("no size")
    if len(data) < length + width:
        return None
    value = int.from_bytes(data[length : length + width]) & ((1 << 7 * width) - 1)
    is_unknown = value == (1 << 7 * width) - 1
    return element, None if is_unknown else value, length + width


def _children(body: bytes) -> list[tuple[int, bytes]]:
    children = []
    while body:
        element, size, length = _head(body) or (0, None, 0)
        if size is None or length + size > len(body):
            raise NotMedia("a broken header")
        children.append((element, body[length : length + size]))
        body = body[length + size :]
    return children


def _track(entry: bytes) -> Track:
    fields = dict(_children(entry))
    video = dict(_children(fields.get(VIDEO, b"")))
    return Track(
        number=int.from_bytes(fields.get(TRACK_NUMBER, b"")),
        kind=int.from_bytes(fields.get(TRACK_TYPE, b"")),
        codec=fields.get(CODEC, b"").rstrip(b"\0").decode("ascii", "replace"),
        width=int.from_bytes(video.get(WIDTH, b"")),
        height=int.from_bytes(video.get(HEIGHT, b"")),
    )
