"""Wakes workers. The rows say what is to be done; a bell that is lost or rings twice changes nothing."""

from functools import partial

from django.db import transaction

from media_pipeline import tasks

# A bell nobody answered in this time is forgotten, so that bells never pile up; the sweeper rings again.
EXPIRES_SECONDS = 60
# Enough to wake the idle workers of several machines; each works while there is work.
MOST_BELLS = 8


def ring(times: int = 1) -> None:
    """Ring for up to `times` idle workers once the rows are committed."""
    # Robust: when the broker is away the rows are still there, and the sweeper rings later.
    transaction.on_commit(lambda: _ring(min(times, MOST_BELLS)), robust=True)


def _ring(times: int) -> None:
    for _ in range(times):
        tasks.work.apply_async(expires=EXPIRES_SECONDS)


def ring_for_check(upload_id: int) -> None:
    transaction.on_commit(partial(tasks.check_upload.delay, upload_id), robust=True)
