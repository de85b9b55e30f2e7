"""Cuts encoded rungs into byte-range segments and writes the playlists around them. Copies, never encodes."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from media_pipeline.transcoding.binaries import Binaries
from media_pipeline.transcoding.encode import QUIET, limits_for
from media_pipeline.transcoding.failures import TranscodingFailed
from media_pipeline.transcoding.plan import Plan
from media_pipeline.transcoding.playlist import (
    MediaPlaylist,
    Subtitles,
    Variant,
    master_text,
    read_media_playlist,
    subtitles_text,
)
from media_pipeline.transcoding.runner import run

MASTER = "master.m3u8"
POSTER = "poster.jpg"
AUDIO = "audio"
# A list of contents for our player; HLS would offer it as words to read.
CHAPTERS = "chapters"
AUDIO_CODEC = "mp4a.40.2"
CODEC_SEARCH_BYTES = 16_384


class PackagingFailed(TranscodingFailed):
    """What ffmpeg wrote is not the package we asked for."""


@dataclass(frozen=True, slots=True)
class Captions:
    """A WebVTT file to put beside the film."""

    language: str
    label: str
    kind: str
    path: Path

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.language.lower()}"


@dataclass(frozen=True, slots=True)
class PackagedRung:
    """What one rendition came to: sizes in pixels and bytes, rates in bits per second with audio."""

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
    rungs: list[PackagedRung]


def write_segments(
    plan: Plan,
    *,
    video: dict[str, Path],
    audio: Path | None,
    folder: Path,
    binaries: Binaries,
    on_tick: Callable[[], None] | None = None,
) -> None:
    """Write `<rung>.mp4` + `<rung>.m3u8` per rung, audio muxed in, and the audio alone, into `folder`."""
    argv = [str(binaries.ffmpeg), *QUIET, "-y"]
    inputs = [*video.values(), *([audio] if audio else [])]
    for path in inputs:
        argv += ["-f", "mov", "-protocol_whitelist", "file", "-i", f"file:{path}"]
    for number, name in enumerate(video):
        argv += [
            "-map",
            f"{number}:v:0",
            *(["-map", f"{len(video)}:a:0"] if audio else []),
            *_hls(plan, name),
        ]
    if audio:
        argv += ["-map", f"{len(video)}:a:0", *_hls(plan, AUDIO)]
    run(argv, folder=folder, limits=limits_for(plan), readable=inputs, on_tick=on_tick)


def _hls(plan: Plan, name: str) -> list[str]:
    return [
        *("-c", "copy", "-map_metadata", "-1", "-fflags", "+bitexact"),
        *("-f", "hls", "-hls_time", str(plan.segment_seconds), "-hls_playlist_type", "vod"),
        *("-hls_segment_type", "fmp4", "-hls_flags", "single_file+independent_segments"),
        *("-hls_segment_filename", f"{name}.mp4", f"{name}.m3u8"),
    ]


def write_master(plan: Plan, *, folder: Path, captions: Sequence[Captions] = ()) -> Package:
    """Measure the segments in `folder` and write the captions and the master playlist around them."""
    rungs, variants = [], []
    size_of = {rung.name: (rung.width, rung.height) for rung in plan.rungs}
    names = [*size_of, *([AUDIO] if plan.audio_index is not None else [])]
    media = {name: read_media_playlist(folder / f"{name}.m3u8") for name in names}
    for name, playlist in media.items():
        if not playlist.segments:
            raise PackagingFailed(f"{name}.m3u8 has no segment: is the disk full?")
        rung = _measured(name, playlist, folder, plan, *size_of.get(name, (0, 0)))
        rungs.append(rung)
        if name != AUDIO or not plan.rungs:
            # hls.js drops audio-only variants beside pictures, so the audio is in the master only when alone.
            variants.append(
                Variant(
                    f"{name}.m3u8",
                    rung.peak_bits,
                    rung.average_bits,
                    rung.codecs,
                    rung.width,
                    rung.height,
                    _fps(plan),
                )
            )
    seconds = media[names[0]].seconds
    tracks = [_write_captions(track, folder, seconds) for track in captions if track.kind != CHAPTERS]
    for track in captions:
        shutil.copyfile(track.path, folder / f"{track.name}.vtt")
    (folder / MASTER).write_text(master_text(variants, tracks), encoding="utf-8")
    return Package(seconds=round(seconds, 3), rungs=rungs)


def _measured(
    name: str, playlist: MediaPlaylist, folder: Path, plan: Plan, width: int, height: int
) -> PackagedRung:
    codecs = []
    if name != AUDIO:
        codecs.append(avc_codec(folder / f"{name}.mp4"))
    if plan.audio_index is not None:
        codecs.append(AUDIO_CODEC)
    return PackagedRung(
        name=name,
        width=width,
        height=height,
        codecs=",".join(codecs),
        peak_bits=playlist.peak_bits,
        average_bits=playlist.average_bits,
        bytes=playlist.bytes,
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


def _fps(plan: Plan) -> float:
    numerator, _, denominator = plan.fps.partition("/")
    return int(numerator) / int(denominator or 1)
