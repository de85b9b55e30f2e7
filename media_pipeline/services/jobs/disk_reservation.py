"""Reserves disk space before a job encodes, so that concurrent jobs do not fill the disk."""

import errno
import shutil
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import F, Sum
from django.utils import timezone

from media_pipeline.enums import LIVE_JOB_STATES, StepState
from media_pipeline.errors import DiskSpaceNeeded
from media_pipeline.folders import staging_folder
from media_pipeline.models import TranscodeJob
from media_pipeline.services.jobs.next_steps import HELD, plan_of
from media_pipeline.transcoding.plan import Plan

# Any number, the same in every process: jobs reserve one after the other.
RESERVATION_LOCK = 7_301_915_004
# Parts and the package made of them lie on the disk together.
COPIES = 2
SMALL_FILES_BYTES = 8_000_000
# With less free space than this, a failed process most likely failed because the disk is full.
NEARLY_FULL_BYTES = 1_000_000


def reserve_disk(job: TranscodeJob) -> None:
    """Reserve the bytes that `job` has left to write, whose row the caller has locked. Raises DiskSpaceNeeded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RESERVATION_LOCK])
    needed = bytes_needed(plan_of(job)) * (100 - job.percent) // 100
    free = free_bytes() - settings.MEDIA_KEEP_FREE_BYTES - _reserved_by_others(job)
    if needed > free:
        job.reserved_bytes, job.hold = 0, {"needed": needed, "free": max(0, free)}
        job.save(update_fields=["reserved_bytes", "hold"])
        raise DiskSpaceNeeded(needed=megabytes(needed), free=megabytes(max(0, free)))
    job.reserved_bytes, job.hold = needed, None
    job.save(update_fields=["reserved_bytes", "hold"])


def hold_for_disk(job: TranscodeJob) -> None:
    """Hold every step of a locked job until the disk has space for it."""
    if job.hold is None:
        needed = bytes_needed(plan_of(job)) * (100 - job.percent) // 100 if job.plan else 0
        job.hold = {"needed": needed, "free": free_bytes()}
    job.reserved_bytes = 0
    job.save(update_fields=["reserved_bytes", "hold"])
    job.steps.filter(state=StepState.WAITING).update(due_at=timezone.now() + HELD)


def bytes_needed(plan: Plan) -> int:
    """The most that the parts and the package of a plan can take."""
    sounds = sum(sound.bits for sound in plan.sounds)
    # Each rendition carries one of the sounds, and each sound also has a file of its own.
    renditions = plan.packaged_renditions
    bits = sum(rendition.max_bits for rendition in renditions) + sounds * (len(plan.renditions) + 1)
    return int(bits / 8 * plan.seconds * COPIES) + SMALL_FILES_BYTES


def free_bytes() -> int:
    folder = staging_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(folder).free


def is_disk_full(error: Exception, folder: Path) -> bool:
    """Whether a full disk caused `error`. ffmpeg may exit with 0 then, so free space is checked, too."""
    has_disk_full_errno = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    return (
        has_disk_full_errno
        or "No space left on device" in str(error)
        or (folder.exists() and _is_nearly_full(folder))
    )


def _is_nearly_full(folder: Path) -> bool:
    return shutil.disk_usage(folder).free < NEARLY_FULL_BYTES


def _reserved_by_others(job: TranscodeJob) -> int:
    others = TranscodeJob.objects.filter(state__in=LIVE_JOB_STATES).exclude(pk=job.pk)
    left = F("reserved_bytes") * (100 - F("percent")) / 100
    return int(others.aggregate(left=Sum(left))["left"] or 0)


def megabytes(size: int) -> int:
    return -(-size // 1_000_000)
