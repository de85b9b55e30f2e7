"""Asks workers for what rows say is to be done."""

from functools import partial

from celery import current_app
from django.db import transaction


def dispatch(task: str, *args: int | list[int], expires: float | None = None) -> None:
    """Ask for a task by its name once the rows are committed; a message that waits `expires` seconds is dropped.

    By name, since the module of a task imports the service that asks for it. A lost message changes nothing: recovery
    finds the row and asks again.
    """
    # Robust: what the broker refuses must not look like a failed write.
    transaction.on_commit(partial(current_app.send_task, task, args=list(args), expires=expires), robust=True)
