"""Releases jobs that wait for disk space."""

from django.db import transaction
from django.utils import timezone

from media_pipeline.enums import LIVE_JOB_STATES, StepState
from media_pipeline.errors import DiskSpaceNeeded
from media_pipeline.models import TranscodeJob
from media_pipeline.services.jobs.advancing import advance
from media_pipeline.services.jobs.disk_reservation import reserve_disk


def release_held_jobs() -> None:
    """Release held jobs for which the disk has space again. Concurrent calls do the same as one."""
    held = TranscodeJob.objects.filter(state__in=LIVE_JOB_STATES, hold__isnull=False)
    for job_id in held.order_by("pk").values_list("pk", flat=True):
        _release(job_id)


@transaction.atomic
def _release(job_id: int) -> None:
    job = TranscodeJob.objects.select_for_update(of=("self",)).get(pk=job_id)
    if job.state not in LIVE_JOB_STATES or job.hold is None:
        return
    try:
        reserve_disk(job)
    except DiskSpaceNeeded:
        # Not released, but the page of the video shows the current figures.
        return
    job.steps.filter(state=StepState.WAITING).update(due_at=timezone.now())
    advance(job_id=job_id)
