"""Stops the preparation of a video."""

import shutil

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from media_pipeline.enums import LIVE_JOB_STATES, LIVE_STEP_STATES, StepState
from media_pipeline.errors import JobNotCancelable
from media_pipeline.folders import job_folder
from media_pipeline.models import TranscodeJob
from media_pipeline.services.jobs.settling import settle


@transaction.atomic
def cancel_job(*, job: TranscodeJob, by: User) -> TranscodeJob:
    """Stop the preparation; its workers notice within seconds and end ffmpeg. Raises JobNotCancelable."""
    job = TranscodeJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if job.state not in LIVE_JOB_STATES:
        raise JobNotCancelable
    stopped = (*LIVE_STEP_STATES, StepState.QUARANTINED)
    job.steps.filter(state__in=stopped).update(state=StepState.CANCELED, lease_until=None, held_until=None)
    settle(job)
    log(job.video, "media_pipeline.video.cancel", user=by)
    transaction.on_commit(lambda: shutil.rmtree(job_folder(job.pk), ignore_errors=True))
    return job
