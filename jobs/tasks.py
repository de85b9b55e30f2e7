"""Periodic tasks."""

from jobs.declaring import Queue, task
from jobs.registry import kinds
from jobs.services.recovery import recover


@task(Queue.DEFAULT, every=30)
def recover_jobs() -> None:
    """Recover the jobs of every kind: expired leases, lost messages, attempts that are due again."""
    for kind in kinds():
        recover(kind)
