"""Gives a job that was set aside another chance, from where it stopped."""

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from media_pipeline.enums import JobState, StepKind, StepState
from media_pipeline.errors import JobNotRetryable, NoRoomYet
from media_pipeline.models import TranscodeJob
from media_pipeline.services.bell import MOST_BELLS, ring
from media_pipeline.services.jobs.checkpoints import reopen_lost_parts
from media_pipeline.services.jobs.following import add_step, follow
from media_pipeline.services.jobs.reserving import hold_for_disk, reserve
from media_pipeline.services.jobs.settling import settle


@transaction.atomic
def retry_job(*, job: TranscodeJob, by: User) -> TranscodeJob:
    """Queue what is not done of a quarantined or canceled job, with all its attempts. Raises JobNotRetryable."""
    job = TranscodeJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    is_last = not TranscodeJob.objects.filter(video_id=job.video_id, pk__gt=job.pk).exists()
    if job.state not in {JobState.QUARANTINED, JobState.CANCELED} or not is_last:
        raise JobNotRetryable
    job.steps.filter(state__in=(StepState.QUARANTINED, StepState.CANCELED)).update(
        state=StepState.WAITING, attempts=0, percent=0
    )
    reopen_lost_parts(job)
    if not job.steps.exists():
        add_step(job, StepKind.PROBE)
    follow(job)
    # Live again before it reserves: only live jobs may.
    settle(job)
    if job.plan:
        try:
            reserve(job)
        except NoRoomYet:
            hold_for_disk(job)
            settle(job)
    log(job.video, "media_pipeline.video.retry", user=by)
    ring(MOST_BELLS)
    return job
