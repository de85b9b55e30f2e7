"""Sends task messages after the commit."""

from functools import partial

from celery import current_app
from django.db import transaction


def dispatch(task: str, *args: int | list[int], expires: float | None = None) -> None:
    """Send a task by its name once the transaction commits; the broker drops a message that waits `expires` seconds.

    By name, since the module of a task imports the service that dispatches it. A lost message does no harm: recovery
    finds the row and dispatches it again.
    """
    # Robust: an error of the broker must not fail a write that is committed.
    transaction.on_commit(partial(current_app.send_task, task, args=list(args), expires=expires), robust=True)
