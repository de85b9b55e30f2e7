"""Outputs of finished steps in the job's folder, and whether they still exist."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from accounts.files import sync
from jobs.services.recovery import restart
from media_pipeline.enums import StepKind, StepState
from media_pipeline.errors import SourceMissing
from media_pipeline.folders import job_folder
from media_pipeline.models import TranscodeJob, TranscodeStep, Video

ENCODING = (StepKind.CHUNK, StepKind.SOUND)


def parts_folder(job_id: int) -> Path:
    return job_folder(job_id) / "parts"


def source_of(video: Video, job_id: int) -> Path:
    """The uploaded file inside the job's folder, so that the sandbox needs nothing else.

    It stays there until the job ends, even if the original is deleted meanwhile. Raises SourceMissing.
    """
    name = video.source.name or ""
    own = job_folder(job_id) / f"source{Path(name).suffix}"
    if own.exists():
        return own
    own.parent.mkdir(parents=True, exist_ok=True)
    if not video.source.storage.exists(name):
        raise SourceMissing
    fresh = own.with_name(f"{own.name}-{os.getpid()}")
    try:
        fresh.hardlink_to(video.source.path)
    except (OSError, NotImplementedError):
        # Another file system or store, or one without hard links.
        with video.source.open("rb") as file, fresh.open("wb") as target:
            shutil.copyfileobj(file, target)
    fresh.replace(own)
    return own


def keep_parts(files: Iterable[Path], job_id: int) -> dict[str, dict[str, int]]:
    """Move validated files to the parts of the job, each atomically. Returns a checkpoint."""
    parts = parts_folder(job_id)
    parts.mkdir(exist_ok=True)
    sizes = {}
    for path in files:
        sizes[path.name] = path.stat().st_size
        path.replace(parts / path.name)
    sync(parts)
    return {"files": sizes}


def reopen_lost_parts(job: TranscodeJob) -> int:
    """Have parts encoded again whose files are gone or of another size; returns how many steps that are."""
    parts = parts_folder(job.pk)
    lost = [
        step.pk
        for step in job.steps.filter(kind__in=ENCODING, state=StepState.DONE)
        if not all(_has_size(parts / name, size) for name, size in (step.checkpoint or {})["files"].items())
    ]
    restart(TranscodeStep, lost)
    TranscodeStep.objects.filter(pk__in=lost).update(checkpoint=None)
    return len(lost)


def _has_size(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size
