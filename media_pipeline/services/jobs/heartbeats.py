"""The heartbeat of a worker during an attempt, and the folder of the attempt."""

from pathlib import Path

from jobs.services.leases import heartbeat
from media_pipeline.errors import WorkerStopping
from media_pipeline.folders import job_folder
from media_pipeline.models import TranscodeJob, TranscodeStep
from media_pipeline.services.jobs.recomputing import percent_of
from media_pipeline.services.jobs.stopping import is_stopping


def tick(step: TranscodeStep, fraction: float = 0.0) -> None:
    """Called about twice a second while a process runs. Raises LeaseLost, WorkerStopping."""
    if is_stopping():
        raise WorkerStopping
    before = step.lease_until
    heartbeat(step, progress=int(fraction * 100))
    if step.lease_until != before:
        TranscodeJob.objects.filter(pk=step.job_id).update(percent=percent_of(step.job))


def attempt_folder(step: TranscodeStep) -> Path:
    """Where this attempt works; no other one writes there."""
    return job_folder(step.job_id) / f"try-{step.pk}-{step.fence}"
