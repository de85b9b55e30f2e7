"""Transcodes in a process tree of its own: `python -m tests.media_pipeline.transcoding.peak_memory <source> <folder>`.

Prints the outcome, and the peak megabytes of the largest process.
"""

import resource
import subprocess
import sys
from pathlib import Path

from media_pipeline.transcoding.analysis import analyze
from media_pipeline.transcoding.failures import Refused
from media_pipeline.transcoding.plan import make_plan
from media_pipeline.transcoding.probe import probe
from media_pipeline.transcoding.produce import produce_package
from tests.media_pipeline import clips

ROOT = Path(__file__).resolve().parents[3]


def outcome_and_peak(source: Path, folder: Path) -> tuple[str, int]:
    argv = [sys.executable, "-m", "tests.media_pipeline.transcoding.peak_memory", str(source), str(folder)]
    said = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return said[0], int(said[1])


def outcome(source: Path, folder: Path) -> str:
    try:
        described = probe(source, folder=folder, binaries=clips.BINARIES)
        plan = make_plan(described, analyze(source, described, folder=folder, binaries=clips.BINARIES))
        produce_package(source, plan, folder=folder, binaries=clips.BINARIES, on_percent=lambda _: None)
    except Refused as refused:
        return refused.reason.value
    return "made"


if __name__ == "__main__":
    print(outcome(Path(sys.argv[1]), Path(sys.argv[2])))
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
