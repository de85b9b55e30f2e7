"""Removes files of dead workers and ended jobs from the disk."""

import datetime as dt
import shutil
import time
from pathlib import Path

from django.utils import timezone

from media_pipeline.enums import LIVE_JOB_STATES, JobState, StepState
from media_pipeline.folders import staging_folder
from media_pipeline.models import TranscodeJob, TranscodeStep

ABANDONED_SECONDS = 3600
# How long the parts of a quarantined job are kept for "try again".
PARTS_KEPT = dt.timedelta(days=7)


def purge_staging() -> None:
    """Remove the folders of jobs that ended, and of attempts without a lease."""
    if not staging_folder().is_dir():
        return
    # The folders first, the rows after: an attempt has its row before it has a folder.
    folders = sorted(staging_folder().iterdir())
    attempts = sorted(staging_folder().glob("*/try-*"))
    kept = set(TranscodeJob.objects.filter(state__in=LIVE_JOB_STATES).values_list("pk", flat=True))
    kept |= set(
        TranscodeJob.objects.filter(
            state=JobState.QUARANTINED, finished_at__gt=timezone.now() - PARTS_KEPT
        ).values_list("pk", flat=True)
    )
    running = TranscodeStep.objects.filter(state=StepState.RUNNING).values_list("job_id", "pk", "fence")
    held = {f"{job}/try-{step}-{fence}" for job, step, fence in running}
    for folder in folders:
        is_over = int(folder.name) not in kept if folder.name.isdecimal() else _is_old(folder)
        if is_over:
            shutil.rmtree(folder, ignore_errors=True)
    for folder in attempts:
        if f"{folder.parent.name}/{folder.name}" not in held:
            shutil.rmtree(folder, ignore_errors=True)


def _is_old(folder: Path) -> bool:
    try:
        return time.time() - folder.stat().st_mtime > ABANDONED_SECONDS
    except FileNotFoundError:
        return False
