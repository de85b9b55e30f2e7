"""Joins chunks and sound into one file a rung with byte-range segments. Copies, never encodes."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

from media_pipeline.transcoding.binaries import Binaries
from media_pipeline.transcoding.chunks import chunk_name
from media_pipeline.transcoding.command import QUIET, limits_over
from media_pipeline.transcoding.failures import TranscodingFailed
from media_pipeline.transcoding.ladder import AV1, Rung
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
from media_pipeline.transcoding.pictures import TILE_WIDTH, draw, poster, storyboard, storyboard_cues
from media_pipeline.transcoding.plan import HALVED_FROM_FPS, Plan, Sound
from media_pipeline.transcoding.runner import run
from media_pipeline.transcoding.sound import sound_name
from media_pipeline.transcoding.validate import validate_package

MOV_FAMILY = "mov,mp4,m4a,3gp,3g2,mj2"


class PartsDiffer(TranscodingFailed):
    """The chunks of one rung were made by encoders with different settings and cannot be joined."""


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
    """Make the whole package of every rung up to `phase` in `folder` and validate it.

    `parts` holds the files of `encode_chunk` and `encode_sounds` of this phase and those before, under the names they
    were given. What an earlier phase joined is taken over from there as it is.
    Raises ProcessFailed, PartsDiffer, PackagingFailed, Invalid.
    """
    is_last = phase == plan.phases[-1]
    plan = plan.up_to(phase)
    taken = _take_over(parts, phase, folder)
    missing = [rung for rung in plan.rungs if rung.name not in taken]
    lists = {rung.name: _list_parts(plan, rung, parts, folder) for rung in missing}
    sounds = [sound for sound in plan.listed_sounds if sound.name not in taken]
    if missing or sounds:
        _write_segments(plan, lists, sounds, parts=parts, folder=folder, binaries=binaries, on_tick=on_tick)
    if plan.rungs:
        _draw_pictures(plan, lists, parts=parts, folder=folder, binaries=binaries)
    for path in lists.values():
        path.unlink()
    package = write_master(plan, folder=folder, captions=captions)
    validate_package(folder, plan)
    if not is_last:
        _hand_on(folder, parts, phase)
    return package


def _handed_on(parts: Path, phase: int) -> Path:
    return parts / f"joined-{phase}"


def _hand_on(folder: Path, parts: Path, phase: int) -> None:
    """Leave the validated files of this phase to the next one: links, which take no room on the disk."""
    kept = _handed_on(parts, phase)
    kept.mkdir(exist_ok=True)
    # A playlist after the media it names: where there is a playlist, all of it is there.
    handed = [path for path in folder.iterdir() if path.suffix != ".jpg" or path.name == STORYBOARD]
    for path in sorted(handed, key=lambda path: path.suffix == ".m3u8"):
        with suppress(FileExistsError):
            os.link(path, kept / path.name)


def _take_over(parts: Path, phase: int, folder: Path) -> set[str]:
    """Link what the phase before handed on into `folder`; returns the names of its rungs and sounds."""
    kept = _handed_on(parts, phase - 1)
    playlists = [path for path in kept.glob("*.m3u8") if not path.stem.startswith(MASTER_NAME)]
    for playlist in playlists:
        for path in (playlist, playlist.with_suffix(".mp4")):
            os.link(path, folder / path.name)
    for name in (STORYBOARD, STORYBOARD_CUES):
        if (kept / name).exists():
            os.link(kept / name, folder / name)
    return {playlist.stem for playlist in playlists}


def _list_parts(plan: Plan, rung: Rung, parts: Path, folder: Path) -> Path:
    """A list for ffmpeg's concat demuxer, with the exact length of each part. The paths are ours."""
    lines = ["ffconcat version 1.0"]
    setups = set()
    for chunk in plan.chunks:
        path = parts / chunk_name(chunk.number, rung.name)
        setups.add(read_track(path).setup)
        quoted = str(path).replace("'", "'\\''")
        lines += [f"file 'file:{quoted}'", f"duration {chunk.seconds:.6f}"]
    if len(setups) > 1:
        raise PartsDiffer(f"the chunks of {rung.name} differ in their encoder settings")
    listed = folder / f"{rung.name}.ffconcat"
    listed.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return listed


def _write_segments(
    plan: Plan,
    lists: dict[str, Path],
    sounds: list[Sound],
    *,
    parts: Path,
    folder: Path,
    binaries: Binaries,
    on_tick: Callable[[], None] | None,
) -> None:
    """`<rung>.mp4` + `<rung>.m3u8` for each rung of `lists`, its sound muxed in, and for each of `sounds` alone."""
    argv = [str(binaries.ffmpeg), *QUIET, "-y"]
    for path in lists.values():
        argv += ["-f", "concat", "-safe", "0", "-format_whitelist", f"concat,{MOV_FAMILY}"]
        argv += ["-protocol_whitelist", "file", "-i", f"file:{path}"]
    input_of = {}
    for number, sound in enumerate(plan.sounds, start=len(lists)):
        input_of[sound.name] = number
        argv += ["-f", "mov", "-protocol_whitelist", "file", "-i", f"file:{parts / sound_name(sound.name)}"]
    for number, rung in enumerate(rung for rung in plan.rungs if rung.name in lists):
        for dub in plan.dubs_of(rung):
            carried = plan.sound_of(dub)
            muxed = ["-map", f"{input_of[carried.name]}:a:0"] if carried else []
            argv += ["-map", f"{number}:v:0", *muxed, *_in_step(rung, plan), *_hls(plan, dub.name)]
    for sound in sounds:
        argv += ["-map", f"{input_of[sound.name]}:a:0", *_hls(plan, sound.name)]
    bits = max([rung.max_bits for rung in plan.rungs], default=0) + max(
        [s.bits for s in plan.sounds], default=0
    )
    run(argv, folder=folder, limits=limits_over(plan.seconds, bits), readable=[parts], on_tick=on_tick)


def _in_step(rung: Rung, plan: Plan) -> list[str]:
    """H.264 decodes two pictures ahead, and segments end the sound there; AV1 has to end it there, too."""
    if rung.codec != AV1 or Fraction(plan.fps) < HALVED_FROM_FPS:
        return []
    return ["-bsf:v", f"setts=dts=DTS-{float(2 / Fraction(plan.fps)):.6f}/TB"]


def _hls(plan: Plan, name: str) -> list[str]:
    return [
        *("-c", "copy", "-map_metadata", "-1", "-fflags", "+bitexact"),
        *("-f", "hls", "-hls_time", str(plan.segment_seconds), "-hls_playlist_type", "vod"),
        *("-hls_segment_type", "fmp4", "-hls_flags", "single_file+independent_segments"),
        # The first picture at 0 in every rung: players of Media Source Extensions read no edit list, and pictures out of
        # order would put each rung on a clock of its own.
        *("-hls_segment_options", "movflags=+negative_cts_offsets"),
        *("-hls_segment_filename", f"{name}.mp4", f"{name}.m3u8"),
    ]


def _draw_pictures(
    plan: Plan, lists: dict[str, Path], *, parts: Path, folder: Path, binaries: Binaries
) -> None:
    """The poster, and the storyboard where no earlier phase has drawn it."""
    pictures = [poster(plan, parts=parts, target=folder / POSTER)]
    if not (folder / STORYBOARD).exists():
        rung = min(plan.rungs, key=lambda rung: (abs(rung.width - TILE_WIDTH), rung.max_bits))
        height = round(rung.height * TILE_WIDTH / rung.width / 2) * 2
        pictures.append(storyboard(plan, joined=lists[rung.name], height=height, target=folder / STORYBOARD))
        cues = storyboard_cues(plan, picture=STORYBOARD, tile_height=height)
        (folder / STORYBOARD_CUES).write_text(cues, encoding="utf-8")
    draw(pictures, plan, parts=parts, folder=folder, binaries=binaries)
