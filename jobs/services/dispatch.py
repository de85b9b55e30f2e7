"""Dispatches jobs of a kind."""

from collections.abc import Sequence
from itertools import batched

from jobs.dispatching import dispatch
from jobs.models import LeasedJob


def dispatch_jobs(kind: type[LeasedJob], job_ids: Sequence[int]) -> None:
    """Dispatch jobs once their rows are committed."""
    if not kind.message_key:
        for _ in job_ids[: kind.dispatched_at_once]:
            dispatch(kind.task_name, expires=kind.message_expires)
        return
    if kind.message_key != "pk":
        keys = (
            kind._default_manager.filter(pk__in=job_ids).order_by().values_list(kind.message_key, flat=True)
        )
        for key in keys.distinct():
            dispatch(kind.task_name, key, expires=kind.message_expires)
        return
    if kind.ids_in_a_message is None:
        for job_id in job_ids:
            dispatch(kind.task_name, job_id, expires=kind.message_expires)
        return
    for chunk in batched(job_ids, kind.ids_in_a_message, strict=False):
        dispatch(kind.task_name, list(chunk), expires=kind.message_expires)
