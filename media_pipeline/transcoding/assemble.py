"""Joins chunks and sound into one file a rendition with byte-range segments. Copies, never encodes."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import ffmpeg

from media_pipeline.transcoding.binaries import Binaries
from media_pipeline.transcoding.chunks import chunk_name
from media_pipeline.transcoding.command import bare, compiled, limits_over
from media_pipeline.transcoding.failures import TranscodingFailed
from media_pipeline.transcoding.ladder import AV1, PlannedRendition
from media_pipeline.transcoding.mp4 import read_track
from media_pipeline.transcoding.package import (
    MASTER_NAME,
    POSTER,
    STORYBOARD,
    STORYBOARD_CUES,
    Captions,
    Package,
    write_master,
)
from media_pipeline.transcoding.pictures import TILE_WIDTH, open_joined, poster, storyboard, storyboard_cues
from media_pipeline.transcoding.plan import OUT_OF_ORDER_FROM_FPS, Plan, Sound
from media_pipeline.transcoding.probe import demux_options
from media_pipeline.transcoding.runner import run
from media_pipeline.transcoding.sniff import MP4
from media_pipeline.transcoding.sound import sound_name
from media_pipeline.transcoding.validate import validate_package


class PartsDiffer(TranscodingFailed):
    """The chunks of one rendition were made by encoders with different settings and cannot be joined."""


def assemble_package(
    plan: Plan,
    *,
    phase: int,
    parts: Path,
    folder: Path,
    binaries: Binaries,
    captions: Sequence[Captions] = (),
    on_tick: Callable[[], None] | None = None,
) -> Package:
    """Make the whole package of every rendition up to `phase` in `folder` and validate it.

    `parts` holds the files of `encode_chunk` and `encode_sounds` of this phase and those before, under their names.
    Files that an earlier phase joined are linked. Raises ProcessFailed, PartsDiffer, PackagingFailed, Invalid.
    """
    is_last = phase == plan.phases[-1]
    plan = plan.up_to(phase)
    taken = _link_from_last_phase(parts, phase, folder)
    missing = [rendition for rendition in plan.renditions if rendition.name not in taken]
    lists = {rendition.name: _list_parts(plan, rendition, parts, folder) for rendition in missing}
    sounds = [sound for sound in plan.listed_sounds if sound.name not in taken]
    if missing or sounds or plan.renditions:
        _write_files(plan, lists, sounds, parts=parts, folder=folder, binaries=binaries, on_tick=on_tick)
    for path in lists.values():
        path.unlink()
    package = write_master(plan, folder=folder, captions=captions)
    validate_package(folder, plan)
    if not is_last:
        _keep_for_next_phase(folder, parts, phase)
    return package


def _joined_folder(parts: Path, phase: int) -> Path:
    return parts / f"joined-{phase}"


def _keep_for_next_phase(folder: Path, parts: Path, phase: int) -> None:
    """Link the validated files of this phase for the next one; links take no disk space."""
    kept = _joined_folder(parts, phase)
    kept.mkdir(exist_ok=True)
    # Playlists after the media they name: where a playlist exists, its media exist.
    linked = [path for path in folder.iterdir() if path.suffix != ".jpg" or path.name == STORYBOARD]
    for path in sorted(linked, key=lambda path: path.suffix == ".m3u8"):
        with suppress(FileExistsError):
            os.link(path, kept / path.name)


def _link_from_last_phase(parts: Path, phase: int, folder: Path) -> set[str]:
    """Link the files of the phase before into `folder`; returns the names of its renditions and sounds."""
    kept = _joined_folder(parts, phase - 1)
    playlists = [path for path in kept.glob("*.m3u8") if not path.stem.startswith(MASTER_NAME)]
    for playlist in playlists:
        for path in (playlist, playlist.with_suffix(".mp4")):
            os.link(path, folder / path.name)
    for name in (STORYBOARD, STORYBOARD_CUES):
        if (kept / name).exists():
            os.link(kept / name, folder / name)
    return {playlist.stem for playlist in playlists}


def _list_parts(plan: Plan, rendition: PlannedRendition, parts: Path, folder: Path) -> Path:
    """A list for ffmpeg's concat demuxer, with the exact length of each part. The paths are ours."""
    lines = ["ffconcat version 1.0"]
    setups = set()
    for chunk in plan.chunks:
        path = parts / chunk_name(chunk.number, rendition.name)
        setups.add(read_track(path).setup)
        quoted = str(path).replace("'", "'\\''")
        lines += [f"file 'file:{quoted}'", f"duration {chunk.seconds:.6f}"]
    if len(setups) > 1:
        raise PartsDiffer(f"the chunks of {rendition.name} differ in their encoder settings")
    listed = folder / f"{rendition.name}.ffconcat"
    listed.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return listed


def _write_files(
    plan: Plan,
    lists: dict[str, Path],
    sounds: list[Sound],
    *,
    parts: Path,
    folder: Path,
    binaries: Binaries,
    on_tick: Callable[[], None] | None,
) -> None:
    """The segments of each rendition of `lists` and of each of `sounds`, and the pictures: in one process.

    One process, since starting ffmpeg takes a third of the time of this.
    """
    outputs = [*_segments(plan, lists, sounds, parts)]
    if plan.renditions:
        outputs += _pictures(plan, lists, parts=parts, folder=folder)
    bits = max([rendition.max_bits for rendition in plan.renditions], default=0) + max(
        [s.bits for s in plan.sounds], default=0
    )
    run(
        compiled(ffmpeg.merge_outputs(*outputs), binaries),
        folder=folder,
        limits=limits_over(plan.seconds, bits),
        readable=[parts],
        on_tick=on_tick,
    )


def _segments(
    plan: Plan, lists: dict[str, Path], sounds: list[Sound], parts: Path
) -> Iterator[ffmpeg.nodes.OutputStream]:
    """`<rendition>.mp4` + `<rendition>.m3u8` for each rendition of `lists`, its sound muxed in, and for each of `sounds` alone."""
    sound_inputs = {
        sound.name: ffmpeg.input(f"file:{parts / sound_name(sound.name)}", **demux_options(MP4))["a:0"]
        for sound in plan.sounds
    }
    for rendition in plan.renditions:
        if rendition.name in lists:
            picture = open_joined(lists[rendition.name])["v:0"]
            for dub in plan.dubs_of(rendition):
                carried = plan.sound_of(dub)
                streams = [picture, sound_inputs[carried.name]] if carried else [picture]
                yield ffmpeg.output(
                    *streams,
                    f"{dub.name}.m3u8",
                    **_timestamp_options(rendition, plan),
                    **_hls(plan, dub.name),
                )
    for sound in sounds:
        yield ffmpeg.output(sound_inputs[sound.name], f"{sound.name}.m3u8", **_hls(plan, sound.name))


def _timestamp_options(rendition: PlannedRendition, plan: Plan) -> dict[str, str]:
    """H.264 decodes two pictures ahead, and segments end the sound there; AV1 has to end it there, too."""
    if rendition.codec != AV1 or Fraction(plan.fps) < OUT_OF_ORDER_FROM_FPS:
        return {}
    return {"bsf:v": f"setts=dts=DTS-{float(2 / Fraction(plan.fps)):.6f}/TB"}


def _hls(plan: Plan, name: str) -> dict[str, str | int]:
    return {
        "c": "copy",
        "f": "hls",
        "hls_time": plan.segment_seconds,
        "hls_playlist_type": "vod",
        "hls_segment_type": "fmp4",
        "hls_flags": "single_file+independent_segments",
        # The first picture at 0 in every rendition: players of Media Source Extensions read no edit list, and pictures
        # out of order would shift the timestamps of each rendition differently.
        "hls_segment_options": "movflags=+negative_cts_offsets",
        "hls_segment_filename": f"{name}.mp4",
        **bare(),
    }


def _pictures(
    plan: Plan, lists: dict[str, Path], *, parts: Path, folder: Path
) -> Iterator[ffmpeg.nodes.OutputStream]:
    """The poster, and the storyboard where no earlier phase has drawn it."""
    yield poster(plan, parts=parts, target=folder / POSTER)
    if not (folder / STORYBOARD).exists():
        rendition = min(
            plan.renditions, key=lambda rendition: (abs(rendition.width - TILE_WIDTH), rendition.max_bits)
        )
        height = round(rendition.height * TILE_WIDTH / rendition.width / 2) * 2
        yield storyboard(plan, joined=lists[rendition.name], height=height, target=folder / STORYBOARD)
        cues = storyboard_cues(plan, picture=STORYBOARD, tile_height=height)
        (folder / STORYBOARD_CUES).write_text(cues, encoding="utf-8")
