"""Tasks that record the figures of each day."""

from insights.services import snapshots
from jobs.declaring import Queue, task


@task(Queue.DEFAULT, every=900)
def request_snapshot() -> None:
    """Have the figures of yesterday recorded; nothing to do once they are."""
    snapshots.request_snapshot()


@task(Queue.DEFAULT, time_limit=3600)
def take_snapshot(snapshot_id: int) -> None:
    """Record the figures of a day: for a minute where there are a million enrollments."""
    snapshots.take_snapshot(snapshot_id=snapshot_id)
