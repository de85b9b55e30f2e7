"""Tasks that close attempts; periodic."""

from celery import shared_task

from assessment.services import closing


@shared_task
def close_expired_attempts() -> None:
    """Close and mark what ran out of time."""
    closing.close_expired_attempts()
