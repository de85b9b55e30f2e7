"""Celery tasks of media. A message that is lost or delivered twice does no harm: the rows are authoritative."""

import os
from typing import Any

from celery import Task, shared_task
from celery.signals import worker_shutting_down
from django.utils import timezone

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


@shared_task(bind=True, acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def work(self: Task) -> None:
    """Run the steps that are due, of any job."""
    working.work(worker=f"{(self.request.hostname or '').removeprefix('celery@')}/{os.getpid()}")


@shared_task(ignore_result=True)
def release_jobs() -> None:
    """Release jobs that wait for disk space. For beat, every 30 s."""
    release_held_jobs()


@shared_task(ignore_result=True)
def purge_jobs() -> None:
    """Remove replaced versions, and files of dead workers. For beat, every minute."""
    retire_versions(now=timezone.now())
    purging.purge_staging()


@shared_task(ignore_result=True)
def purge_rendition_sets() -> None:
    """Remove rendition sets in the bucket that no version names. For beat, once a day."""
    bucket_renditions.purge_rendition_sets()


@shared_task(ignore_result=True)
def purge_watching() -> None:
    """Remove viewings older than 48 h. For beat, every hour."""
    purge_watch_sessions()


@shared_task(ignore_result=True)
def sync_revocations() -> None:
    """Revoke the addresses of roles that ended by their date; update the files of revocations. For beat."""
    revoke_playback_of_ended_roles()
    revocations.sync_revocations()


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def process_upload(upload_id: int) -> None:
    """Check a whole upload and make it a video."""
    arrived_uploads.process_upload(upload_id=upload_id)


@shared_task(ignore_result=True)
def recover_uploads() -> None:
    """End uploads that stopped a day ago; dispatch checks that were lost. For beat, every minute."""
    arrived_uploads.recover_uploads()


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def transcribe(transcription_id: int) -> None:
    """Transcribe one video."""
    run_transcription(transcription_id=transcription_id)


@shared_task(ignore_result=True)
def purge_speech() -> None:
    """Delete files of killed recognizers. For beat, every minute."""
    transcriptions.purge_speech()


@worker_shutting_down.connect
def stop_softly(**_: Any) -> None:
    """A worker that is asked to stop releases its running steps."""
    ask_to_stop()


@shared_task(ignore_result=True)
def count_deliveries() -> None:
    """Add what was delivered since the last time to the sums of its day. For beat, every minute."""
    delivery_log.count_deliveries()
