"""Picks up what a lost message, a killed worker, a full disk or a wiped broker left behind."""

import datetime as dt
import shutil
import time
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from media_pipeline.enums import LIVE_JOB_STATES, JobState, StepState
from media_pipeline.errors import NoRoomYet
from media_pipeline.folders import staging_folder
from media_pipeline.models import TranscodeJob, TranscodeStep
from media_pipeline.services.bell import ring
from media_pipeline.services.jobs.reserving import reserve
from media_pipeline.services.jobs.retiring import retire_versions
from media_pipeline.services.jobs.settling import settle
from media_pipeline.services.jobs.working import DIED, MAX_ATTEMPTS, end_attempt

ABANDONED_SECONDS = 3600
# How long the parts of a job set aside wait for somebody to press "try again".
PARTS_KEPT = dt.timedelta(days=7)


def sweep_jobs(*, now: dt.datetime | None = None) -> int:
    """Take back expired leases, end pauses, release jobs the disk has room for again, and ring for what waits.

    Returns how many steps wait for a worker. Any number of sweepers at once do the same as one.
    """
    now = now or timezone.now()
    # Read without a lock: a job is locked before its steps.
    expired = TranscodeStep.objects.filter(state=StepState.RUNNING, lease_until__lt=now)
    for job_id in sorted(set(expired.values_list("job_id", flat=True))):
        _take_back(job_id, now)
    TranscodeStep.objects.filter(state=StepState.HELD, held_until__lt=now).update(
        state=StepState.WAITING, held_until=None
    )
    held = TranscodeJob.objects.filter(state__in=LIVE_JOB_STATES, hold__isnull=False)
    for job_id in held.order_by("pk").values_list("pk", flat=True):
        _release(job_id)
    waiting = TranscodeStep.objects.filter(state=StepState.WAITING).count()
    if waiting:
        ring(waiting)
    retire_versions(now=now)
    transaction.on_commit(_clear_staging)
    return waiting


@transaction.atomic
def _take_back(job_id: int, now: dt.datetime) -> None:
    job = TranscodeJob.objects.select_for_update(of=("self",)).get(pk=job_id)
    expired = job.steps.select_for_update(of=("self",)).filter(state=StepState.RUNNING, lease_until__lt=now)
    for step in expired:
        if step.attempts >= MAX_ATTEMPTS:
            step.error = step.error or DIED
            end_attempt(job, step, is_last=True)
        else:
            # The lease itself was the pause.
            step.state, step.lease_until, step.percent = StepState.WAITING, None, 0
            step.save(update_fields=["state", "lease_until", "percent"])
    settle(job)


@transaction.atomic
def _release(job_id: int) -> None:
    job = TranscodeJob.objects.select_for_update(of=("self",)).get(pk=job_id)
    if job.state not in LIVE_JOB_STATES or job.hold is None:
        return
    try:
        reserve(job)
    except NoRoomYet:
        # The figures on the page of the video are fresh at least.
        return
    job.steps.filter(state=StepState.HELD, held_until__isnull=True).update(state=StepState.WAITING)
    settle(job)


def _clear_staging() -> None:
    """Remove what dead workers left: folders of jobs that ended and of attempts that nobody holds."""
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
