"""Wakes workers. The rows say what is to be done; a bell that is lost or rings twice changes nothing."""

from jobs.dispatching import dispatch

# A bell nobody answered in this time is forgotten, so that bells never pile up; the sweeper rings again.
EXPIRES_SECONDS = 60
# Enough to wake the idle workers of several machines; each works while there is work.
MOST_BELLS = 8


def ring(times: int = 1) -> None:
    """Ring for up to `times` idle workers once the rows are committed."""
    for _ in range(min(times, MOST_BELLS)):
        dispatch("media_pipeline.tasks.work", expires=EXPIRES_SECONDS)


def ring_for_check(upload_id: int) -> None:
    dispatch("media_pipeline.tasks.check_upload", upload_id)
