"""Works on a job under a lease; every write proves that the lease is still held."""

import datetime as dt
import logging
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from media_pipeline.enums import LIVE_JOB_STATES, JobState, VideoState
from media_pipeline.errors import JobNotCancelable, JobNotRetryable, LeaseLost
from media_pipeline.folders import staging_folder
from media_pipeline.models import TranscodeJob, Video
from media_pipeline.services.bell import ring
from media_pipeline.services.publishing import publish_version, sync_folder
from media_pipeline.transcoding.analysis import analyze
from media_pipeline.transcoding.binaries import find_binaries
from media_pipeline.transcoding.failures import Refused, TranscodingFailed
from media_pipeline.transcoding.plan import Options, Plan, make_plan
from media_pipeline.transcoding.probe import Policy, probe
from media_pipeline.transcoding.produce import produce_package

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(seconds=60)
HEARTBEAT_SECONDS = 2
MAX_ATTEMPTS = 3
ERROR_CHARACTERS = 2_000


@dataclass(slots=True)
class Lease:
    """One worker's hold on a job. `renew` is also how it learns that it was canceled or taken over."""

    job_id: int
    fence: int
    renewed_at: float

    @property
    def staging(self) -> Path:
        return staging_folder() / f"{self.job_id}-{self.fence}"

    def renew(self, percent: int) -> None:
        if time.monotonic() - self.renewed_at >= HEARTBEAT_SECONDS:
            self.note(percent=percent)

    def note(self, **facts: object) -> None:
        """Write `facts` to the row and extend the lease. Raises LeaseLost."""
        held = TranscodeJob.objects.filter(pk=self.job_id, fence=self.fence, state=JobState.RUNNING)
        if not held.update(lease_until=timezone.now() + LEASE, **facts):
            raise LeaseLost
        self.renewed_at = time.monotonic()

    def lock(self) -> TranscodeJob:
        """The row, locked for the last write of this worker. Raises LeaseLost."""
        held = TranscodeJob.objects.filter(pk=self.job_id, fence=self.fence, state=JobState.RUNNING)
        job = held.select_for_update(of=("self",)).first()
        if job is None:
            raise LeaseLost
        return job


def run_job(*, job_id: int) -> None:
    """Prepare and publish the video of a job, unless it is done, canceled or in other hands.

    Safe to call any number of times, by any number of workers. A refused file ends the job; any other failure puts
    it back in the queue for the sweeper, and after MAX_ATTEMPTS into quarantine.
    """
    lease = _take(job_id)
    if lease is None:
        return
    try:
        _attempt(lease)
    except LeaseLost:
        logger.info("job %s: the lease is lost, stopping", job_id)
    finally:
        shutil.rmtree(lease.staging, ignore_errors=True)


def _attempt(lease: Lease) -> None:
    try:
        _work(lease)
    except Refused as refused:
        _refuse(lease, refused)
    except (TranscodingFailed, OSError) as error:
        logger.warning("job %s failed: %s", lease.job_id, error)
        _fail(lease, str(error))


@transaction.atomic
def _take(job_id: int) -> Lease | None:
    job = TranscodeJob.objects.select_for_update(of=("self",)).filter(pk=job_id).first()
    now = timezone.now()
    is_abandoned = job and job.lease_until and job.lease_until < now
    if job is None or not (job.state == JobState.QUEUED or is_abandoned):
        return None
    if job.attempts >= MAX_ATTEMPTS:
        quarantine(job)
        return None
    job.state = JobState.RUNNING
    job.attempts += 1
    job.fence += 1
    job.lease_until = now + LEASE
    job.percent = 0
    job.save(update_fields=["state", "attempts", "fence", "lease_until", "percent"])
    Video.objects.filter(pk=job.video_id).update(state=VideoState.PROCESSING)
    return Lease(job_id=job.pk, fence=job.fence, renewed_at=time.monotonic())


def _work(lease: Lease) -> None:
    video = Video.objects.get(jobs=lease.job_id)
    binaries = find_binaries({**os.environ, "FFMPEG_BINARY": settings.FFMPEG_BINARY})
    lease.staging.mkdir(parents=True)
    source = _own_copy(Path(video.source.path), lease.staging)
    seen = probe(
        source,
        folder=lease.staging,
        binaries=binaries,
        policy=Policy(max_seconds=settings.MEDIA_MAX_SECONDS),
        on_tick=lambda: lease.renew(0),
    )
    analysis = analyze(source, seen, folder=lease.staging, binaries=binaries, on_tick=lambda: lease.renew(0))
    plan = make_plan(seen, analysis, Options(has_full_hd=settings.MEDIA_FULL_HD, has_av1=settings.MEDIA_AV1))
    Video.objects.filter(pk=video.pk).update(probe=seen.as_json())
    lease.note(plan=plan.as_json())
    produce_package(
        source,
        plan,
        folder=lease.staging,
        binaries=binaries,
        on_percent=lease.renew,
        on_package=lambda phase, package: _publish(lease, plan.up_to(phase), package),
    )
    _publish(lease, plan, lease.staging / "package", is_last=True)


def _own_copy(source: Path, folder: Path) -> Path:
    """The source inside the job's own folder, so that the sandbox needs nothing beside it."""
    own = folder / f"source{source.suffix}"
    try:
        own.hardlink_to(source)
    except OSError:
        # Another file system, or one without hard links.
        shutil.copyfile(source, own)
    return own


def _publish(lease: Lease, plan: Plan, package: Path, *, is_last: bool = False) -> None:
    sync_folder(package)
    _point(lease, plan, package, is_last=is_last)


@transaction.atomic
def _point(lease: Lease, plan: Plan, package: Path, *, is_last: bool) -> None:
    job = lease.lock()
    if is_last:
        _finish(job, JobState.DONE, percent=100, error="")
    publish_version(video=Video.objects.select_for_update().get(pk=job.video_id), plan=plan, package=package)


@transaction.atomic
def _refuse(lease: Lease, refused: Refused) -> None:
    job = lease.lock()
    _finish(job, JobState.REFUSED, error=str(refused))
    video = Video.objects.select_for_update().get(pk=job.video_id)
    video.state = VideoState.REFUSED
    video.refusal = {"reason": refused.reason.value, "facts": refused.facts}
    video.save(update_fields=["state", "refusal"])
    log(video, "media_pipeline.video.refuse", data=video.refusal)


@transaction.atomic
def _fail(lease: Lease, error: str) -> None:
    job = lease.lock()
    job.error = error[:ERROR_CHARACTERS]
    if job.attempts >= MAX_ATTEMPTS:
        quarantine(job)
        return
    # The sweeper rings again, after a pause that may be all a full disk or a busy machine needs.
    job.state, job.lease_until, job.rung_at = JobState.QUEUED, None, timezone.now()
    job.save(update_fields=["state", "lease_until", "rung_at", "error"])
    Video.objects.filter(pk=job.video_id).update(state=VideoState.UPLOADED)


def quarantine(job: TranscodeJob) -> None:
    """Set a locked job aside for a person to look at."""
    _finish(job, JobState.QUARANTINED, error=job.error or "the worker died at every attempt")
    Video.objects.filter(pk=job.video_id).update(state=VideoState.FAILED)
    log(job.video, "media_pipeline.video.fail", data={"error": job.error})


def _finish(job: TranscodeJob, state: JobState, **facts: object) -> None:
    fields = {**facts, "state": state, "lease_until": None, "finished_at": timezone.now()}
    for name, value in fields.items():
        setattr(job, name, value)
    job.save(update_fields=list(fields))


@transaction.atomic
def retry_job(*, job: TranscodeJob, by: User) -> TranscodeJob:
    """Queue a quarantined or canceled job anew, with all its attempts. Raises JobNotRetryable."""
    job = TranscodeJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    is_last = not TranscodeJob.objects.filter(video_id=job.video_id, pk__gt=job.pk).exists()
    if job.state not in {JobState.QUARANTINED, JobState.CANCELED} or not is_last:
        raise JobNotRetryable
    job.state, job.attempts, job.percent = JobState.QUEUED, 0, 0
    job.finished_at, job.rung_at = None, timezone.now()
    job.save(update_fields=["state", "attempts", "percent", "finished_at", "rung_at"])
    Video.objects.filter(pk=job.video_id).update(state=VideoState.UPLOADED)
    log(job.video, "media_pipeline.video.retry", user=by)
    ring(job.pk)
    return job


@transaction.atomic
def cancel_job(*, job: TranscodeJob, by: User) -> TranscodeJob:
    """Stop the preparation; a worker notices within seconds and ends ffmpeg. Raises JobNotCancelable."""
    job = TranscodeJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if job.state not in LIVE_JOB_STATES:
        raise JobNotCancelable
    _finish(job, JobState.CANCELED)
    video = Video.objects.select_for_update().get(pk=job.video_id)
    video.state = VideoState.PUBLISHED if video.published_id else VideoState.FAILED
    video.save(update_fields=["state"])
    log(video, "media_pipeline.video.cancel", user=by)
    return job
