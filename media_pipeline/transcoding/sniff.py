"""Recognizes a file's container by its first bytes, so that ffmpeg never guesses.

ffmpeg's own guess is a security hole: a text `ffconcat` or `.m3u8` named `lesson.mp4` makes it open other files.
"""

from dataclasses import dataclass
from pathlib import Path

import puremagic

from media_pipeline.transcoding.failures import Reason, Refused

HEAD_BYTES = 4_096
ISO_BOXES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"}
PICTURE_BRANDS = {b"avif", b"avis", b"heic", b"heix", b"hevc", b"mif1", b"msf1"}
TS_SYNC = 0x47


@dataclass(frozen=True, slots=True)
class Container:
    """`demuxer` is what ffmpeg's -f takes; `extension` what the stored file is named."""

    demuxer: str
    extension: str
    mime_type: str
    # The header has the duration; for other containers it is estimated from the bit rate.
    declares_duration: bool = False

    @property
    def is_indexed(self) -> bool:
        """Key frames are found by an index; elsewhere a seek may land behind the one that is needed."""
        return self.demuxer in {"mov", "matroska"}


MP4 = Container("mov", "mp4", "video/mp4", declares_duration=True)
MATROSKA = Container("matroska", "mkv", "video/x-matroska", declares_duration=True)
AVI = Container("avi", "avi", "video/x-msvideo")
WAV = Container("wav", "wav", "audio/wav")
MPEG_TS = Container("mpegts", "ts", "video/mp2t")
MPEG_PS = Container("mpeg", "mpg", "video/mpeg")
OGG = Container("ogg", "ogg", "application/ogg")
FLV = Container("flv", "flv", "video/x-flv")
WINDOWS_MEDIA = Container("asf", "wmv", "video/x-ms-wmv")
FLAC = Container("flac", "flac", "audio/flac")
MP3 = Container("mp3", "mp3", "audio/mpeg")
AAC = Container("aac", "aac", "audio/aac")
PREFIXES = (
    (b"\x1a\x45\xdf\xa3", MATROSKA),
    (b"\x00\x00\x01\xba", MPEG_PS),
    (b"OggS", OGG),
    (b"FLV\x01", FLV),
    (bytes.fromhex("3026b2758e66cf11"), WINDOWS_MEDIA),
    (b"fLaC", FLAC),
    (b"ID3", MP3),
)
CONTAINERS = (MP4, MATROSKA, AVI, WAV, MPEG_TS, MPEG_PS, OGG, FLV, WINDOWS_MEDIA, FLAC, MP3, AAC)


def sniff_container(path: Path) -> Container:
    """The container of the file at `path`. Raises Refused: EMPTY, TEXT, UNKNOWN (with what it looks like)."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    return sniff_bytes(head)


def sniff_bytes(head: bytes) -> Container:
    """As `sniff_container`, for the first 4 kB of a file."""
    if not head:
        raise Refused(Reason.EMPTY)
    container = _by_signature(head)
    if container:
        return container
    if _is_text(head):
        raise Refused(Reason.TEXT)
    raise Refused(Reason.UNKNOWN, looks_like=_looks_like(head))


def _by_signature(head: bytes) -> Container | None:
    return _iso(head) or _riff(head) or _prefixed(head) or _transport(head) or _mpeg_audio(head)


def _iso(head: bytes) -> Container | None:
    is_picture = head[4:8] == b"ftyp" and head[8:12] in PICTURE_BRANDS
    return MP4 if head[4:8] in ISO_BOXES and not is_picture else None


def _riff(head: bytes) -> Container | None:
    return {b"AVI ": AVI, b"WAVE": WAV}.get(head[8:12]) if head.startswith(b"RIFF") else None


def _prefixed(head: bytes) -> Container | None:
    return next((container for prefix, container in PREFIXES if head.startswith(prefix)), None)


def _transport(head: bytes) -> Container | None:
    # 188-byte packets, or 192 with the timestamps of camcorders.
    is_plain = len(head) > 376 and head[0] == head[188] == head[376] == TS_SYNC
    is_timed = len(head) > 388 and head[4] == head[196] == head[388] == TS_SYNC
    return MPEG_TS if is_plain or is_timed else None


def _mpeg_audio(head: bytes) -> Container | None:
    if len(head) < 2 or head[0] != 0xFF:
        return None
    # ISO 13818-7 ADTS has layer bits 00; MPEG audio layer III has 01.
    return {0xF0: AAC, 0xF2: MP3, 0xE2: MP3}.get(head[1] & 0xF6)


def _is_text(head: bytes) -> bool:
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return controls == 0


def _looks_like(head: bytes) -> str:
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return ""
    return matches[0].name if matches else ""
