"""Rings for a job once its row is committed."""

from functools import partial

from django.db import transaction

from media_pipeline import tasks


def ring(job_id: int) -> None:
    # Robust: when the broker is away the row is still there, and the sweeper rings later.
    transaction.on_commit(partial(tasks.transcode.delay, job_id), robust=True)


def ring_for_check(upload_id: int) -> None:
    transaction.on_commit(partial(tasks.check_upload.delay, upload_id), robust=True)
