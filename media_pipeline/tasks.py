"""Celery tasks of media. A message that is lost or delivered twice does no harm: the rows are authoritative."""

import os
from typing import Any

from celery import Task
from celery.schedules import crontab
from celery.signals import worker_shutting_down
from django.utils import timezone

from jobs.declaring import Queue, task
from media_pipeline.services import (
    arrived_uploads,
    bucket_renditions,
    delivery_log,
    revocations,
    transcriptions,
)
from media_pipeline.services.jobs import purging, working
from media_pipeline.services.jobs.releasing import release_held_jobs
from media_pipeline.services.jobs.retiring import retire_versions
from media_pipeline.services.jobs.stopping import ask_to_stop
from media_pipeline.services.revocations import revoke_playback_of_ended_roles
from media_pipeline.services.transcriptions import run_transcription
from media_pipeline.services.watching import purge_watch_sessions


@task(Queue.MEDIA, bind=True)
def work(self: Task) -> None:
    """Run the steps that are due, of any job."""
    working.work(worker=f"{(self.request.hostname or '').removeprefix('celery@')}/{os.getpid()}")


@task(Queue.DEFAULT, every=30)
def release_jobs() -> None:
    """Release jobs that wait for disk space."""
    release_held_jobs()


@task(Queue.DEFAULT, every=60)
def purge_jobs() -> None:
    """Remove replaced versions, and files of dead workers."""
    retire_versions(now=timezone.now())
    purging.purge_staging()


@task(Queue.DEFAULT, every=crontab(hour=1, minute=35))
def purge_rendition_sets() -> None:
    """Remove rendition sets in the bucket that no version names."""
    bucket_renditions.purge_rendition_sets()


@task(Queue.DEFAULT, every=crontab(minute=25))
def purge_watching() -> None:
    """Remove viewings older than 48 h."""
    purge_watch_sessions()


# Roles end with the day; days begin on the hour in the supported time zones.
@task(Queue.DEFAULT, every=(30, crontab(minute=0)))
def sync_revocations() -> None:
    """Revoke the addresses of roles that ended by their date; update the files of revocations."""
    revoke_playback_of_ended_roles()
    revocations.sync_revocations()


@task(Queue.MEDIA)
def process_upload(upload_id: int) -> None:
    """Check a whole upload and make it a video."""
    arrived_uploads.process_upload(upload_id=upload_id)


@task(Queue.DEFAULT, every=60)
def recover_uploads() -> None:
    """End uploads that stopped a day ago; dispatch checks that were lost."""
    arrived_uploads.recover_uploads()


@task(Queue.MEDIA)
def transcribe(transcription_id: int) -> None:
    """Transcribe one video."""
    run_transcription(transcription_id=transcription_id)


@task(Queue.DEFAULT, every=60)
def purge_speech() -> None:
    """Delete files of killed recognizers."""
    transcriptions.purge_speech()


@worker_shutting_down.connect
def stop_softly(**_: Any) -> None:
    """A worker that is asked to stop releases its running steps."""
    ask_to_stop()


@task(Queue.DEFAULT, every=60)
def count_deliveries() -> None:
    """Add what was delivered since the last time to the sums of its day."""
    delivery_log.count_deliveries()
