"""One worker's hold on a step; every write proves that it is still held."""

import datetime as dt
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import QuerySet
from django.utils import timezone

from media_pipeline.enums import StepState
from media_pipeline.errors import LeaseLost, WorkerStopping
from media_pipeline.folders import job_folder
from media_pipeline.models import TranscodeJob, TranscodeStep
from media_pipeline.services.jobs.settling import percent_of
from media_pipeline.services.jobs.stopping import is_stopping

MOST_SECONDS_BETWEEN_HEARTBEATS = 2.0


def lease_time() -> dt.timedelta:
    return dt.timedelta(seconds=settings.MEDIA_LEASE_SECONDS)


@dataclass(slots=True)
class Lease:
    """`renew` is also how a worker learns that its step was canceled or taken over, or that it is to stop."""

    step_id: int
    job_id: int
    fence: int
    renewed_at: float

    @property
    def folder(self) -> Path:
        """Where this attempt works; nobody else writes there."""
        return job_folder(self.job_id) / f"try-{self.step_id}-{self.fence}"

    def renew(self, fraction: float = 0.0) -> None:
        """Called about twice a second while a process runs. Raises LeaseLost, WorkerStopping."""
        if is_stopping():
            raise WorkerStopping
        since = time.monotonic() - self.renewed_at
        if since < min(MOST_SECONDS_BETWEEN_HEARTBEATS, settings.MEDIA_LEASE_SECONDS / 5):
            return
        try:
            self._beat(int(fraction * 100))
        except (OperationalError, InterfaceError):
            # The database restarts: go on while nobody can have taken the step over.
            connection.close()
            if since >= settings.MEDIA_LEASE_SECONDS:
                raise

    def _beat(self, percent: int) -> None:
        if not self._held().update(lease_until=timezone.now() + lease_time(), percent=min(99, percent)):
            raise LeaseLost
        self.renewed_at = time.monotonic()
        TranscodeJob.objects.filter(pk=self.job_id).update(percent=percent_of(TranscodeJob(pk=self.job_id)))

    def lock(self) -> tuple[TranscodeJob, TranscodeStep]:
        """The job and the step, locked for the last write of this attempt. Raises LeaseLost.

        Always the job first: who holds a step's row never waits for a job's.
        """
        job = TranscodeJob.objects.select_for_update(of=("self",)).filter(pk=self.job_id).first()
        step = self._held().select_for_update(of=("self",)).first()
        if job is None or step is None:
            raise LeaseLost
        return job, step

    def _held(self) -> QuerySet[TranscodeStep]:
        return TranscodeStep.objects.filter(pk=self.step_id, fence=self.fence, state=StepState.RUNNING)
