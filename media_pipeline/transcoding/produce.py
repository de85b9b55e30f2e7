"""From a plan to a validated package on disk."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from media_pipeline.transcoding.binaries import Binaries
from media_pipeline.transcoding.encode import draw_poster, encode_audio, encode_video, poster_rung
from media_pipeline.transcoding.package import POSTER, Captions, Package, write_master, write_segments
from media_pipeline.transcoding.plan import Plan
from media_pipeline.transcoding.validate import validate_package

OnPercent = Callable[[int], None]
# Shares of the whole in percent, from measured CPU time of camera film.
VIDEO_SHARE = 90
AUDIO_SHARE = 6


def produce_package(
    source: Path,
    plan: Plan,
    *,
    folder: Path,
    binaries: Binaries,
    captions: Sequence[Captions] = (),
    on_percent: OnPercent,
) -> Package:
    """Encode, package and validate; the result is `folder`/package, and nothing else is left in `folder`.

    `folder` is private to this job. `on_percent` (0-100) is called about twice a second; what it raises stops the
    work. Raises ProcessFailed, PackagingFailed, Invalid.
    """
    parts, package = folder / "parts", folder / "package"
    parts.mkdir()
    package.mkdir()
    start_of_audio = VIDEO_SHARE if plan.rungs else 0
    video: dict[str, Path] = {}
    if plan.rungs:
        video = encode_video(
            source,
            plan,
            folder=parts,
            binaries=binaries,
            on_fraction=lambda done: on_percent(int(done * VIDEO_SHARE)),
        )
        draw_poster(video[poster_rung(plan).name], plan, target=package / POSTER, binaries=binaries)
    audio = None
    if plan.audio_index is not None:
        share = VIDEO_SHARE + AUDIO_SHARE - start_of_audio
        audio = encode_audio(
            source,
            plan,
            folder=parts,
            binaries=binaries,
            on_fraction=lambda done: on_percent(start_of_audio + int(done * share)),
        )
    packaging = VIDEO_SHARE + AUDIO_SHARE
    write_segments(
        plan,
        video=video,
        audio=audio,
        folder=package,
        binaries=binaries,
        on_tick=lambda: on_percent(packaging),
    )
    result = write_master(plan, folder=package, captions=captions)
    validate_package(package, plan)
    shutil.rmtree(parts)
    on_percent(100)
    return result
