"""Retries a quarantined or canceled job from where it stopped."""

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from jobs.services.recovery import restart
from media_pipeline.enums import JobState, StepKind, StepState
from media_pipeline.errors import DiskSpaceNeeded, JobNotRetryable
from media_pipeline.models import TranscodeJob, TranscodeStep
from media_pipeline.services.jobs.checkpoints import reopen_lost_parts
from media_pipeline.services.jobs.disk_reservation import hold_for_disk, reserve_disk
from media_pipeline.services.jobs.next_steps import add_next_steps, add_step
from media_pipeline.services.jobs.recomputing import recompute_state


@transaction.atomic
def retry_job(*, job: TranscodeJob, by: User) -> TranscodeJob:
    """Queue what is not done of a quarantined or canceled job, with all its attempts. Raises JobNotRetryable."""
    job = TranscodeJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    is_last = not TranscodeJob.objects.filter(video_id=job.video_id, pk__gt=job.pk).exists()
    if job.state not in {JobState.QUARANTINED, JobState.CANCELED} or not is_last:
        raise JobNotRetryable
    ended = job.steps.filter(state__in=(StepState.FAILED, StepState.CANCELED))
    restart(TranscodeStep, list(ended.values_list("pk", flat=True)))
    reopen_lost_parts(job)
    if not job.steps.exists():
        add_step(job, StepKind.PROBE)
    add_next_steps(job)
    # Live again before it reserves: only live jobs may.
    recompute_state(job)
    if job.plan:
        try:
            reserve_disk(job)
        except DiskSpaceNeeded:
            hold_for_disk(job)
            recompute_state(job)
    log(job.video, "media_pipeline.video.retry", user=by)
    return job
