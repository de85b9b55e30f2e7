"""Queues the preparation of a video, for the first time or again."""

import hashlib

from django.conf import settings
from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from media_pipeline.enums import LIVE_JOB_STATES, StepKind
from media_pipeline.errors import JobInProgress
from media_pipeline.models import TranscodeJob, Video
from media_pipeline.services.jobs.advancing import advance
from media_pipeline.services.jobs.next_steps import add_step
from media_pipeline.transcoding import ladder


@transaction.atomic
def start_job(*, video: Video, by: User | None) -> TranscodeJob:
    """Queue the preparation of `video`. Raises JobInProgress.

    A video that viewers have already keeps its version until the new one is whole.
    """
    video = Video.objects.select_for_update(of=("self",)).get(pk=video.pk)
    if video.jobs.filter(state__in=LIVE_JOB_STATES).exists():
        raise JobInProgress
    job = TranscodeJob.objects.create(
        video=video, is_redo=video.published_id is not None, ladder=ladder_fingerprint()
    )
    add_step(job, StepKind.PROBE)
    advance(job_id=job.pk)
    job.refresh_from_db()
    return job


@transaction.atomic
def reprocess_video(*, video: Video, by: User | None) -> TranscodeJob:
    """Prepare a video again from its uploaded file, for example after the ladder changed. Raises JobInProgress."""
    job = start_job(video=video, by=by)
    log(job.video, "media_pipeline.video.reprocess", user=by)
    return job


def ladder_fingerprint() -> str:
    """A short hash of the ladder and its settings: it changes when either of them does."""
    steps = [ladder.LOW, *ladder.LADDER, *([ladder.FULL_HD] if settings.MEDIA_FULL_HD else [])]
    described = repr([*steps, *([ladder.AV1_STEP] if settings.MEDIA_AV1 else [])])
    return hashlib.sha256(described.encode()).hexdigest()[:16]
