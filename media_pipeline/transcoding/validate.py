"""Validates a package before it is published, by the bytes on disk and not by exit codes."""

from pathlib import Path

from media_pipeline.transcoding.failures import TranscodingFailed
from media_pipeline.transcoding.ladder import SECOND_PHASE
from media_pipeline.transcoding.package import MASTER, POSTER, STORYBOARD, STORYBOARD_CUES, masters_of
from media_pipeline.transcoding.plan import Plan
from media_pipeline.transcoding.playlist import (
    BadPlaylist,
    ByteRange,
    MediaPlaylist,
    read_master_uris,
    read_media_playlist,
)

FRAME_SLACK_SECONDS = 0.1
SEGMENT_BOXES = {b"moof", b"styp", b"sidx", b"prft", b"emsg"}
JPEG = b"\xff\xd8\xff"


class Invalid(TranscodingFailed):
    """The package is not whole; the message says which file and why."""


def validate_package(
    folder: Path, plan: Plan, *, phase: int = SECOND_PHASE, has_media_files: bool = True
) -> None:
    """Check every URI, byte range, duration and alignment of the package of `phase` in `folder`. Raises Invalid.

    Without `has_media_files` the MP4 files lie elsewhere, where they were checked. ffmpeg exits with 0 on a full disk
    (empty playlists), and writes the end tag of a playlist when it is stopped midway.
    """
    plan = plan.up_to(phase)
    try:
        uris = [uri for name in masters_of(plan) for uri in read_master_uris(_present(folder, name))]
        renditions = {
            rendition.name: read_media_playlist(_present(folder, f"{rendition.name}.m3u8"))
            for rendition in plan.packaged_renditions
        }
        sounds = {
            sound.name: read_media_playlist(_present(folder, f"{sound.name}.m3u8"))
            for sound in plan.listed_sounds
        }
    except (BadPlaylist, ValueError) as error:
        raise Invalid(str(error)) from error
    for uri in uris:
        _present(folder, uri)
    missing = {f"{name}.m3u8" for name in renditions} - set(uris)
    if missing:
        raise Invalid(f"{MASTER} does not list {', '.join(sorted(missing))}")
    for name, playlist in {**renditions, **sounds}.items():
        end = _validate_playlist(name, playlist, plan)
        if has_media_files:
            _validate_rendition(_present(folder, f"{name}.mp4"), playlist, end)
    _validate_alignment(renditions)
    if renditions:
        for name in (POSTER, STORYBOARD):
            if not _present(folder, name).read_bytes().startswith(JPEG):
                raise Invalid(f"{name} is not a JPEG")
        if not _present(folder, STORYBOARD_CUES).read_text(encoding="utf-8").startswith("WEBVTT"):
            raise Invalid(f"{STORYBOARD_CUES} is not WebVTT")


def _present(folder: Path, uri: str) -> Path:
    path = folder / uri
    if "/" in uri or uri.startswith("."):
        raise Invalid(f"{uri} leaves the package")
    if not path.is_file() or path.stat().st_size == 0:
        raise Invalid(f"{uri} is missing or empty")
    return path


def _validate_playlist(name: str, playlist: MediaPlaylist, plan: Plan) -> int:
    """Return where the last segment of the video ends."""
    if not playlist.is_ended:
        raise Invalid(f"{name}.m3u8 has no end")
    if not playlist.segments:
        raise Invalid(f"{name}.m3u8 has no segment")
    allowed = max(0.5, plan.seconds / 100)
    if abs(playlist.seconds - plan.seconds) > allowed:
        raise Invalid(f"{name}.m3u8 lasts {playlist.seconds:.2f} s of {plan.seconds:.2f} s")
    position = 0
    for part in _ranges(playlist):
        if part.uri != f"{name}.mp4" or part.length <= 0 or part.offset != position:
            raise Invalid(f"{name}.m3u8 has a hole at byte {position}")
        position += part.length
    return position


def _ranges(playlist: MediaPlaylist) -> list[ByteRange]:
    return [playlist.header, *(segment.range for segment in playlist.segments)]


def _validate_rendition(path: Path, playlist: MediaPlaylist, end: int) -> None:
    size = path.stat().st_size
    if not end <= size:
        raise Invalid(f"{path.name} has {size} of {end} bytes")
    _validate_boxes(path, _ranges(playlist))


def _validate_boxes(path: Path, ranges: list[ByteRange]) -> None:
    with path.open("rb") as file:
        for number, part in enumerate(ranges):
            file.seek(part.offset + 4)
            kind = file.read(4)
            if (kind != b"ftyp") if number == 0 else (kind not in SEGMENT_BOXES):
                raise Invalid(f"{path.name} has no fragment at byte {part.offset}")


def _validate_alignment(renditions: dict[str, MediaPlaylist]) -> None:
    if not renditions:
        return
    first = next(iter(renditions.values()))
    for name, playlist in renditions.items():
        lengths = zip(first.segments, playlist.segments, strict=False)
        is_even = all(abs(one.seconds - other.seconds) <= FRAME_SLACK_SECONDS for one, other in lengths)
        if len(first.segments) != len(playlist.segments) or not is_even:
            raise Invalid(f"{name}.m3u8 is not cut where the others are")
