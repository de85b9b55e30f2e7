"""Makes validated packages from a plan in one process: chunk after chunk, phase after phase."""

import functools
import shutil
from collections.abc import Callable
from pathlib import Path

from media_pipeline.transcoding.assemble import assemble_package
from media_pipeline.transcoding.binaries import Binaries
from media_pipeline.transcoding.chunks import encode_chunk
from media_pipeline.transcoding.package import Package
from media_pipeline.transcoding.plan import Plan
from media_pipeline.transcoding.sound import encode_sounds

OnPercent = Callable[[int], None]
OnPackage = Callable[[int, Path], None]
# Shares of the whole in percent, from measured CPU time of camera videos.
FIRST_SHARE = 25
SOUND_SHARE = 5


def produce_package(
    source: Path,
    plan: Plan,
    *,
    folder: Path,
    binaries: Binaries,
    on_percent: OnPercent,
    on_package: OnPackage = lambda phase, package: None,
) -> Package:
    """Encode, join and validate phase by phase; only the last result remains, `folder`/package.

    `folder` is private to this job. `on_percent` (0-100) is called about twice a second, `on_package` with each phase
    but the last and the folder of its whole package, which it may move away; what either raises stops the work.
    Raises ProcessFailed, BadChunk, BadSound, PackagingFailed, Invalid.
    """
    parts, package = folder / "parts", folder / "package"
    parts.mkdir()
    last = plan.phases[-1]
    if plan.sounds:
        share = SOUND_SHARE if plan.renditions else 95
        encode_sounds(
            source,
            plan,
            folder=parts,
            binaries=binaries,
            on_fraction=lambda done: on_percent(int(done * share)),
        )
    done = SOUND_SHARE
    for phase in plan.phases:
        end = 98 if phase == last else FIRST_SHARE
        _encode(source, plan, phase, parts=parts, binaries=binaries, on_percent=on_percent, span=(done, end))
        done = end
        package.mkdir()
        result = assemble_package(
            plan,
            phase=phase,
            parts=parts,
            folder=package,
            binaries=binaries,
            on_tick=functools.partial(on_percent, done),
        )
        if phase != last:
            on_package(phase, package)
            shutil.rmtree(package, ignore_errors=True)
    shutil.rmtree(parts)
    on_percent(100)
    return result


def _encode(
    source: Path,
    plan: Plan,
    phase: int,
    *,
    parts: Path,
    binaries: Binaries,
    on_percent: OnPercent,
    span: tuple[int, int],
) -> None:
    start, end = span
    for chunk in plan.chunks:
        before = chunk.number / len(plan.chunks)

        def note(done: float, before: float = before) -> None:
            whole = before + done / len(plan.chunks)
            on_percent(start + int(whole * (end - start)))

        encode_chunk(
            source, plan, phase=phase, chunk=chunk.number, folder=parts, binaries=binaries, on_fraction=note
        )
