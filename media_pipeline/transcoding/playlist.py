"""HLS playlists (RFC 8216) as data: rates, and the part of the syntax that we write and read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from media_pipeline.transcoding.failures import TranscodingFailed


class BadPlaylist(TranscodingFailed):
    """The playlist is not one that we write."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    uri: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Segment:
    seconds: float
    range: ByteRange


@dataclass(frozen=True, slots=True)
class MediaPlaylist:
    target_seconds: int
    header: ByteRange
    segments: list[Segment]
    is_ended: bool

    @property
    def seconds(self) -> float:
        return sum(segment.seconds for segment in self.segments)

    @property
    def bytes(self) -> int:
        return self.header.length + sum(segment.range.length for segment in self.segments)

    @property
    def average_bits(self) -> int:
        """AVERAGE-BANDWIDTH: all segment bytes over all seconds (RFC 8216, 4.3.4.2)."""
        return round(sum(segment.range.length for segment in self.segments) * 8 / self.seconds)

    @property
    def peak_bits(self) -> int:
        """BANDWIDTH: the largest rate of contiguous segments lasting 0.5 to 1.5 target durations (RFC 8216, 4.1)."""
        peak = self.average_bits
        for first in range(len(self.segments)):
            seconds = size = 0.0
            for segment in self.segments[first:]:
                seconds += segment.seconds
                size += segment.range.length
                if seconds > self.target_seconds * 1.5:
                    break
                if seconds >= self.target_seconds * 0.5:
                    peak = max(peak, round(size * 8 / seconds))
        return peak


@dataclass(frozen=True, slots=True)
class Variant:
    """One EXT-X-STREAM-INF. Rates in bits per second, audio included."""

    uri: str
    peak_bits: int
    average_bits: int
    codecs: str
    width: int
    height: int
    fps: float


@dataclass(frozen=True, slots=True)
class AlternateSound:
    """Another sound for the same pictures. Without `uri` it is the one in the pictures' own files."""

    uri: str
    language: str
    name: str


@dataclass(frozen=True, slots=True)
class Subtitles:
    """One WebVTT track. `language` is a BCP 47 tag, `uri` its own media playlist."""

    uri: str
    language: str
    name: str


def read_media_playlist(path: Path) -> MediaPlaylist:
    """Parse a single-file fMP4 media playlist. Raises BadPlaylist."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0] != "#EXTM3U":
        raise BadPlaylist(f"{path.name}: no #EXTM3U")
    target = re.search(r"^#EXT-X-TARGETDURATION:(\d+)$", "\n".join(lines), re.MULTILINE)
    header = re.search(r'^#EXT-X-MAP:URI="([^"]+)",BYTERANGE="(\d+)@(\d+)"$', "\n".join(lines), re.MULTILINE)
    if target is None or header is None:
        raise BadPlaylist(f"{path.name}: no target duration or no header")
    segments: list[Segment] = []
    seconds, span = None, None
    for line in lines:
        if line.startswith("#EXTINF:"):
            seconds = float(line.removeprefix("#EXTINF:").rstrip(","))
        elif line.startswith("#EXT-X-BYTERANGE:"):
            span = line.removeprefix("#EXT-X-BYTERANGE:").split("@")
        elif line and not line.startswith("#"):
            if seconds is None or span is None or len(span) != 2:
                raise BadPlaylist(f"{path.name}: a segment without its length or range")
            segments.append(Segment(seconds, ByteRange(line, offset=int(span[1]), length=int(span[0]))))
            seconds, span = None, None
    return MediaPlaylist(
        target_seconds=int(target[1]),
        header=ByteRange(header[1], offset=int(header[3]), length=int(header[2])),
        segments=segments,
        is_ended="#EXT-X-ENDLIST" in lines,
    )


def read_master_uris(path: Path) -> list[str]:
    """Every URI of a master playlist, in order. Raises BadPlaylist."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines or lines[0] != "#EXTM3U":
        raise BadPlaylist(f"{path.name}: no #EXTM3U")
    tagged = [match[1] for line in lines if (match := re.match(r'#EXT-X-MEDIA:.*URI="([^"]+)"', line))]
    return tagged + [line for line in lines if line and not line.startswith("#")]


def master_text(
    variants: Sequence[Variant], subtitles: Sequence[Subtitles], sounds: Sequence[AlternateSound] = ()
) -> str:
    """A master playlist. Written by us because ffmpeg's BANDWIDTH leaves the audio out."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    lines += [_sound_line(sound, is_default=number == 0) for number, sound in enumerate(sounds)]
    lines += [
        f'#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="{track.name}",LANGUAGE="{track.language}",'
        f'DEFAULT=NO,AUTOSELECT=YES,URI="{track.uri}"'
        for track in subtitles
    ]
    for variant in variants:
        size = (
            f",RESOLUTION={variant.width}x{variant.height},FRAME-RATE={variant.fps:.3f}"
            if variant.width
            else ""
        )
        sound = ',AUDIO="sound"' if sounds else ""
        captions = ',SUBTITLES="captions"' if subtitles else ""
        lines.append(
            f"#EXT-X-STREAM-INF:BANDWIDTH={variant.peak_bits},AVERAGE-BANDWIDTH={variant.average_bits},"
            f'CODECS="{variant.codecs}"{size}{captions}{sound}'
        )
        lines.append(variant.uri)
    return "\n".join(lines) + "\n"


def _sound_line(sound: AlternateSound, *, is_default: bool) -> str:
    language = f',LANGUAGE="{sound.language}"' if sound.language else ""
    uri = f',URI="{sound.uri}"' if sound.uri else ""
    default = "YES" if is_default else "NO"
    return (
        f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="{sound.name}"{language},'
        f"DEFAULT={default},AUTOSELECT=YES{uri}"
    )


def subtitles_text(uri: str, seconds: float) -> str:
    """A media playlist of one WebVTT file that lasts as long as the video."""
    target = -(-seconds // 1)
    return (
        f"#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{target:.0f}\n#EXT-X-PLAYLIST-TYPE:VOD\n"
        f"#EXTINF:{seconds:.3f},\n{uri}\n#EXT-X-ENDLIST\n"
    )
