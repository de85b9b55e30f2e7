"""The file names of a package, and its master playlists."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from media_pipeline.transcoding.failures import TranscodingFailed
from media_pipeline.transcoding.ladder import AV1, LOW_SOUND, SOUND, PlannedRendition
from media_pipeline.transcoding.plan import Plan, Sound, dub_name
from media_pipeline.transcoding.playlist import (
    AlternateSound,
    MediaPlaylist,
    Subtitles,
    Variant,
    master_text,
    read_media_playlist,
    subtitles_text,
)

MASTER_NAME = "master"
MASTER = f"{MASTER_NAME}.m3u8"
POSTER = "poster.jpg"
STORYBOARD = "storyboard.jpg"
STORYBOARD_CUES = "storyboard.vtt"
PICTURES = (POSTER, STORYBOARD, STORYBOARD_CUES)
AUDIO = SOUND
# A table of contents for our player; in HLS it would appear as subtitles.
CHAPTERS = "chapters"
AUDIO_CODEC = "mp4a.40.2"
CODEC_SEARCH_BYTES = 16_384


class PackagingFailed(TranscodingFailed):
    """The output of ffmpeg is not the expected package."""


@dataclass(frozen=True, slots=True)
class Captions:
    """A WebVTT file of the package."""

    language: str
    label: str
    kind: str
    path: Path

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.language.lower()}"


@dataclass(frozen=True, slots=True)
class PackagedRendition:
    """A finished rendition or sound: sizes in pixels and bytes, rates in bits per second with audio."""

    name: str
    width: int
    height: int
    codecs: str
    peak_bits: int
    average_bits: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Package:
    seconds: float
    renditions: list[PackagedRendition]


def write_master(
    plan: Plan,
    *,
    folder: Path,
    captions: Sequence[Captions] = (),
    codecs_known: Mapping[str, str] | None = None,
) -> Package:
    """Measure the segments in `folder` and write the captions and the master playlists around them.

    Each sound has a master playlist of its own over the files that carry it; that of the first also lists the others, for
    players that can mix. `codecs_known` has the codecs of each rendition where its MP4 file is not in `folder`.
    """
    renditions = []
    variants: dict[str, Variant] = {}
    alternates = _alternates(plan)
    for rendition in plan.packaged_renditions:
        playlist = _read(folder, rendition.name)
        codecs = codecs_known[rendition.name] if codecs_known else _codecs(folder, rendition, plan)
        renditions.append(_measured(rendition.name, playlist, codecs, rendition.width, rendition.height))
        variants[rendition.name] = _variant(renditions[-1], float(Fraction(plan.fps) / rendition.every))
    for sound in plan.listed_sounds:
        renditions.append(_measured(sound.name, _read(folder, sound.name), AUDIO_CODEC, 0, 0))
        if not plan.renditions:
            # hls.js drops audio-only variants where there are video variants, so sounds are variants only when alone.
            variants[sound.name] = _variant(renditions[-1], 0)
    seconds = _read(folder, renditions[0].name).seconds
    tracks = [_write_captions(track, folder, seconds) for track in captions if track.kind != CHAPTERS]
    for track in captions:
        shutil.copyfile(track.path, folder / f"{track.name}.vtt")
    for number, master in enumerate(masters_of(plan), start=1):
        carried = [variants[name] for name in _names(plan, number)]
        text = master_text(carried, tracks, alternates if number == 1 else [])
        (folder / master).write_text(text, encoding="utf-8")
    return Package(seconds=round(seconds, 3), renditions=renditions)


def _codecs(folder: Path, rendition: PlannedRendition, plan: Plan) -> str:
    media_file = folder / f"{rendition.name}.mp4"
    codec = av1_codec(media_file) if rendition.codec == AV1 else avc_codec(media_file)
    return f"{codec},{AUDIO_CODEC}" if plan.sounds else codec


def _read(folder: Path, name: str) -> MediaPlaylist:
    playlist = read_media_playlist(folder / f"{name}.m3u8")
    if not playlist.segments:
        raise PackagingFailed(f"{name}.m3u8 has no segment: is the disk full?")
    return playlist


def masters_of(plan: Plan) -> list[str]:
    """The master playlists of a package: one for each sound that has its own files, that of the first named MASTER."""
    count = len(plan.tracks) if plan.is_dubbed else 1
    return [f"{dub_name(MASTER_NAME, number)}.m3u8" for number in range(1, count + 1)]


def _names(plan: Plan, number: int) -> list[str]:
    """The renditions, or else the sounds, that the master of that number lists."""
    if plan.renditions:
        return [dub_name(rendition.name, number) for rendition in plan.renditions]
    kinds = (SOUND, LOW_SOUND)
    listed = {sound.name for sound in plan.listed_sounds}
    return [name for kind in kinds if (name := dub_name(kind, number)) in listed]


def _alternates(plan: Plan) -> list[AlternateSound]:
    """Alternate sounds besides the one muxed with the pictures; nothing when there is one sound."""
    tracks = plan.tracks
    if len(tracks) < 2:
        return []
    return [
        AlternateSound(
            uri="" if number == 0 else f"{sound.name}.m3u8",
            language=sound.language,
            name=sound_label(sound, number),
        )
        for number, sound in enumerate(tracks)
    ]


def sound_label(sound: Sound, number: int) -> str:
    """The label of a sound for players that do not show its language."""
    return sound.label or sound.language or str(number + 1)


def _measured(name: str, playlist: MediaPlaylist, codecs: str, width: int, height: int) -> PackagedRendition:
    return PackagedRendition(
        name=name,
        width=width,
        height=height,
        codecs=codecs,
        peak_bits=playlist.peak_bits,
        average_bits=playlist.average_bits,
        bytes=playlist.bytes,
    )


def _variant(rendition: PackagedRendition, fps: float) -> Variant:
    return Variant(
        uri=f"{rendition.name}.m3u8",
        peak_bits=rendition.peak_bits,
        average_bits=rendition.average_bits,
        codecs=rendition.codecs,
        width=rendition.width,
        height=rendition.height,
        fps=fps,
    )


def _write_captions(track: Captions, folder: Path, seconds: float) -> Subtitles:
    text = subtitles_text(f"{track.name}.vtt", seconds)
    (folder / f"{track.name}.m3u8").write_text(text, encoding="utf-8")
    label = track.label.replace('"', "'").replace("\n", " ")
    return Subtitles(uri=f"{track.name}.m3u8", language=track.language, name=label)


def avc_codec(path: Path) -> str:
    """The RFC 6381 name of an H.264 stream, from the profile, constraints and level in its avcC box."""
    with path.open("rb") as file:
        head = file.read(CODEC_SEARCH_BYTES)
    at = head.find(b"avcC")
    if at < 0:
        raise PackagingFailed(f"{path.name} holds no H.264")
    return f"avc1.{head[at + 5 : at + 8].hex().upper()}"


def av1_codec(path: Path) -> str:
    """The RFC 6381 name of an AV1 stream, from its av1C box."""
    with path.open("rb") as file:
        head = file.read(CODEC_SEARCH_BYTES)
    at = head.find(b"av1C")
    if at < 0:
        raise PackagingFailed(f"{path.name} holds no AV1")
    second, third = head[at + 5], head[at + 6]
    depth = 10 if third >> 6 & 1 else 8
    return f"av01.{second >> 5}.{second & 31:02d}{'H' if third >> 7 else 'M'}.{depth:02d}"
