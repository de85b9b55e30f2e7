"""Periodic tasks."""

from celery import shared_task

from jobs.registry import kinds
from jobs.services.recovery import recover


@shared_task(ignore_result=True)
def recover_jobs() -> None:
    """Recover the jobs of every kind. For beat, every 30 s."""
    for kind in kinds():
        recover(kind)
