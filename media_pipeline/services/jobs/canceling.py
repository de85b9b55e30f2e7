"""Stops the preparation of a video."""

import shutil

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from jobs.services.canceling import cancel_jobs
from media_pipeline.enums import LIVE_JOB_STATES, StepState
from media_pipeline.errors import JobNotCancelable
from media_pipeline.folders import job_folder
from media_pipeline.models import TranscodeJob, TranscodeStep
from media_pipeline.services.jobs.recomputing import recompute_state


@transaction.atomic
def cancel_job(*, job: TranscodeJob, by: User) -> TranscodeJob:
    """Stop the preparation; its workers notice within seconds and end ffmpeg. Raises JobNotCancelable."""
    job = TranscodeJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if job.state not in LIVE_JOB_STATES:
        raise JobNotCancelable
    cancel_jobs(TranscodeStep, list(job.steps.values_list("pk", flat=True)))
    # A person stopped it before its failure did.
    job.steps.filter(state=StepState.FAILED).update(state=StepState.CANCELED)
    recompute_state(job)
    log(job.video, "media_pipeline.video.cancel", user=by)
    transaction.on_commit(lambda: shutil.rmtree(job_folder(job.pk), ignore_errors=True))
    return job
