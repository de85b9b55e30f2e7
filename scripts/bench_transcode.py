"""CPU seconds of three ways to make the same renditions: `make bench BENCH=transcode`.

(a) bare: one hand-written ffmpeg with a cascade of scalers, no probe, no check, no package;
(b) ours: probe, analysis, chunks in two phases, sound, packages, validation, this process included;
(c) per rendition: one hand-written ffmpeg for each.

All make the same renditions with the same scaler, x264 settings and sound. Seconds of CPU hold on a busy machine, but not
quite: neighbors slow down caches. So the three take turns, and the least of each counts.
"""

import json
import os
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from media_pipeline.transcoding.analysis import analyze
from media_pipeline.transcoding.binaries import Binaries, find_binaries
from media_pipeline.transcoding.chunks import SCALER, out_of_order
from media_pipeline.transcoding.ladder import PlannedRendition
from media_pipeline.transcoding.plan import Plan, Sound, make_plan
from media_pipeline.transcoding.probe import probe
from media_pipeline.transcoding.produce import produce_package
from media_pipeline.transcoding.sound import BANDWIDTH
from scripts import bench_sources

THREADS = str(min(4, os.cpu_count() or 1))
ROUNDS = int(os.environ.get("ROUNDS", "3"))


def main() -> None:
    binaries = find_binaries()
    report = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind, make in (("camera", bench_sources.camera), ("screencast", bench_sources.screencast)):
            report[kind] = _measure(kind, make(folder, binaries), folder / "work", binaries)
    print(json.dumps(report))


def _measure(name: str, source: Path, work: Path, binaries: Binaries) -> dict[str, float]:
    rounds = []
    for _ in range(ROUNDS):
        ours, phase_one, plan = _ours(source, work, binaries)
        bare = _cpu_of([_bare(source, plan, work, binaries)], work)
        each = _cpu_of(_per_rendition(source, plan, work, binaries), work)
        rounds.append((ours, phase_one, bare, each))
    ours, phase_one, bare, each = map(min, zip(*rounds, strict=True))
    shutil.rmtree(work)
    print(
        f"{name}: {plan.profile}, {len(plan.renditions)} renditions at {plan.fps} fps, {len(plan.chunks)} chunks; "
        f"ours/bare {ours / bare:.3f}, ours/per rendition {ours / each:.3f}, phase one {phase_one / ours:.1%}"
    )
    return {
        "bare_cpu_s": round(bare, 2),
        "ours_cpu_s": round(ours, 2),
        "per_rendition_cpu_s": round(each, 2),
        "phase_one_cpu_s": round(phase_one, 2),
    }


def _cpu_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime + time.process_time()


def _ours(source: Path, work: Path, binaries: Binaries) -> tuple[float, float, Plan]:
    """CPU seconds of everything, those until the first phase can be watched, and what was made."""
    _empty(work)
    watchable = []
    started = _cpu_seconds()
    seen = probe(source, folder=work, binaries=binaries)
    analysis = analyze(source, seen, folder=work, binaries=binaries)
    plan = make_plan(seen, analysis)
    produce_package(
        source,
        plan,
        folder=work,
        binaries=binaries,
        on_percent=lambda percent: None,
        on_package=lambda phase, package: watchable.append(_cpu_seconds() - started),
    )
    return _cpu_seconds() - started, watchable[0], plan


def _cpu_of(commands: list[list[str]], work: Path) -> float:
    _empty(work)
    started = _cpu_seconds()
    for argv in commands:
        subprocess.run(argv, check=True, cwd=work)
    return _cpu_seconds() - started


def _empty(work: Path) -> None:
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()


def _bare(source: Path, plan: Plan, work: Path, binaries: Binaries) -> list[str]:
    renditions = sorted(
        plan.renditions, key=lambda rendition: (rendition.height, rendition.max_bits), reverse=True
    )
    graph, outputs = [], []
    before = f"[0:v]fps={plan.fps}"
    for number, rendition in enumerate(renditions):
        half = f",framestep={rendition.every}" if rendition.every > 1 else ""
        scaled = f"{before},scale={rendition.width}:{rendition.height}:flags={SCALER}"
        is_last = rendition is renditions[-1]
        graph.append(f"{scaled}{half}[v{number}]" if is_last else f"{scaled},split[v{number}][s{number}]")
        before = f"[s{number}]null"
        outputs += ["-map", f"[v{number}]", *_x264(rendition, plan), str(work / f"{rendition.name}.mp4")]
    for sound in plan.sounds:
        outputs += ["-map", "0:a", *_aac(sound), str(work / f"{sound.name}.m4a")]
    return [*_start(source, binaries), "-filter_complex", ";".join(graph), *outputs]


def _per_rendition(source: Path, plan: Plan, work: Path, binaries: Binaries) -> list[list[str]]:
    commands = []
    for rendition in plan.renditions:
        half = f",framestep={rendition.every}" if rendition.every > 1 else ""
        scale = f"fps={plan.fps},scale={rendition.width}:{rendition.height}:flags={SCALER}{half}"
        sound = next(sound for sound in plan.sounds if sound.name == rendition.sound)
        output = ["-vf", scale, *_x264(rendition, plan), *_aac(sound), str(work / f"{rendition.name}.mp4")]
        commands.append([*_start(source, binaries), "-map", "0:v", "-map", "0:a", *output])
    return commands


def _start(source: Path, binaries: Binaries) -> list[str]:
    return [str(binaries.ffmpeg), "-v", "error", "-nostdin", "-y", "-threads", THREADS, "-i", str(source)]


def _x264(rendition: PlannedRendition, plan: Plan) -> list[str]:
    gop = str(plan.gop_frames // rendition.every)
    return [
        *("-c:v", "libx264", "-preset", "veryfast", "-profile:v", "main", "-pix_fmt", "yuv420p"),
        *(
            "-crf",
            str(rendition.crf),
            "-maxrate",
            str(rendition.max_bits),
            "-bufsize",
            str(rendition.buffer_bits),
        ),
        *[part for name, value in out_of_order(rendition, plan).items() for part in (f"-{name}", str(value))],
        *("-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-threads", THREADS),
    ]


def _aac(sound: Sound) -> list[str]:
    leveled = f"volume={sound.gain}dB" + (",alimiter=limit=0.84:level=disabled" if sound.gain > 0 else "")
    band = [] if sound.is_low else ["-cutoff", str(BANDWIDTH)]
    return ["-af", leveled, "-c:a", "aac", *band, "-ac", "1", "-ar", str(sound.rate), "-b:a", str(sound.bits)]


if __name__ == "__main__":
    main()
