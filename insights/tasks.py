"""Tasks that record the figures of each day."""

from celery import shared_task

from insights.services import snapshots


@shared_task
def request_snapshot() -> None:
    """Have the figures of yesterday recorded; nothing to do once they are."""
    snapshots.request_snapshot()


@shared_task(time_limit=3600)
def take_snapshot(snapshot_id: int) -> None:
    """Record the figures of a day."""
    snapshots.take_snapshot(snapshot_id=snapshot_id)
