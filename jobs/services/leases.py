"""A worker's lease of a job, from taking it to the end of the attempt. Every write checks the fence value."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from jobs.enums import JobState
from jobs.errors import LeaseLost
from jobs.models import LeasedJob
from jobs.services.dispatch import dispatch_jobs
from jobs.services.parts import announce, lock_whole

ERROR_CHARACTERS = 2_000
WORKER_DIED = "The worker died."
# The share of the lease after which a heartbeat is written.
HEARTBEAT_AFTER = 0.1


@transaction.atomic
def lease[Kind: LeasedJob](kind: type[Kind], job_id: int, *, related: Collection[str] = ()) -> Kind | None:
    """Take a job that is due for `kind.lease`, counting the attempt; with the rows named by `related`.

    None where it is deleted, ended, not due yet or leased by another worker.
    """
    now = timezone.now()
    rows = kind._default_manager.select_for_update(of=("self",))
    job = (rows.select_related(*related) if related else rows).filter(pk=job_id).first()
    if job is None:
        return None
    # The end of an attempt at a part locks its whole, which a worker that holds the part must not wait for.
    is_recovered_here = not kind.part_of and job.lease_until is not None and job.lease_until < now
    if job.state == JobState.RUNNING and is_recovered_here:
        end_attempt(job, job.error or WORKER_DIED, now=now)
    if job.state != JobState.WAITING or job.due_at > now:
        return None
    job.state, job.lease_until, job.progress = JobState.RUNNING, now + kind.lease, 0
    job.attempts += 1
    job.fence += 1
    job.save(update_fields=["state", "lease_until", "progress", "attempts", "fence"])
    return job


def heartbeat(job: LeasedJob, *, progress: int | None = None) -> None:
    """Extend the lease; may be called on every tick, few calls write. Raises LeaseLost."""
    now = timezone.now()
    if job.lease_until and job.lease_until - now > job.lease * (1 - HEARTBEAT_AFTER):
        return
    fields: dict[str, Any] = {"lease_until": now + job.lease}
    if progress is not None:
        fields["progress"] = min(99, progress)
    try:
        is_held = _held(job).update(**fields)
    except (OperationalError, InterfaceError):
        # The database is restarting: go on while the lease runs, since no other worker can take the job.
        connection.close()
        if job.lease_until is None or job.lease_until < now:
            raise
        return
    if not is_held:
        raise LeaseLost
    job.lease_until = fields["lease_until"]


def fenced[Kind: LeasedJob](job: Kind, *, related: Collection[str] = ()) -> Kind:
    """The row, locked until the end of the caller's transaction, while the job is this worker's. Raises LeaseLost."""
    lock_whole(job)
    rows = _held(job).select_for_update(of=("self",))
    held = (rows.select_related(*related) if related else rows).first()
    if held is None:
        raise LeaseLost
    return held


@transaction.atomic
def finish[Kind: LeasedJob](job: Kind, **result: Any) -> Kind:
    """End a job that is done, with its result, which are fields of its kind. Raises LeaseLost."""
    return _end(fenced(job), JobState.DONE, error="", progress=100, **result)


@transaction.atomic
def refuse[Kind: LeasedJob](job: Kind, **why: Any) -> Kind:
    """End a job that can never be done; `why` are fields of its kind. Raises LeaseLost."""
    return _end(fenced(job), JobState.REFUSED, **why)


@transaction.atomic
def fail(job: LeasedJob, error: Exception | str, *, is_last: bool = False) -> None:
    """Record a failed attempt: the job is tried again after `kind.backoff`, or fails for good. Raises LeaseLost."""
    text = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    end_attempt(fenced(job), text, now=timezone.now(), is_last=is_last)


@transaction.atomic
def hold(job: LeasedJob, *, pause: dt.timedelta, error: str = "", **why: Any) -> None:
    """Have the job wait for an outside condition such as free disk space; the attempt does not count. Raises LeaseLost."""
    held = fenced(job)
    _wait(held, due_at=timezone.now() + pause, attempts=held.attempts - 1, error=error or held.error, **why)


@transaction.atomic
def release_lease(job: LeasedJob) -> None:
    """Give the job back at once, because this worker stops; the attempt does not count. Raises LeaseLost."""
    held, now = fenced(job), timezone.now()
    _wait(held, due_at=now, attempts=held.attempts - 1, dispatched_at=now)
    dispatch_jobs(type(job), [job.pk])


def end_attempt(job: LeasedJob, error: str, *, now: dt.datetime, is_last: bool = False) -> None:
    """Schedule the next attempt of a job, or fail it. The caller has locked its row, after that of its whole."""
    error = error[:ERROR_CHARACTERS]
    if is_last or job.attempts >= job.max_attempts:
        _end(job, JobState.FAILED, error=error)
        return
    waits = job.backoff or (dt.timedelta(0),)
    _wait(job, due_at=now + waits[min(job.attempts, len(waits)) - 1], error=error)


def _held[Kind: LeasedJob](job: Kind) -> QuerySet[Kind]:
    return type(job)._default_manager.filter(pk=job.pk, fence=job.fence, state=JobState.RUNNING)


def _end[Kind: LeasedJob](job: Kind, state: JobState, **fields: Any) -> Kind:
    return _write(job, state=state, lease_until=None, finished_at=timezone.now(), **fields)


def _wait(job: LeasedJob, **fields: Any) -> None:
    _write(job, state=JobState.WAITING, lease_until=None, progress=0, **fields)


def _write[Kind: LeasedJob](job: Kind, **fields: Any) -> Kind:
    for name, value in fields.items():
        setattr(job, name, value)
    job.save(update_fields=list(fields))
    announce([job])
    return job
