"""Recovers jobs after a lost message, a killed worker or an emptied broker, and retries what people ask for."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Least
from django.utils import timezone

from jobs.enums import JobState
from jobs.errors import NotFailed
from jobs.models import LeasedJob
from jobs.services.dispatch import dispatch_jobs
from jobs.services.leases import WORKER_DIED, end_attempt
from jobs.services.parts import announce, lock_free_wholes, lock_whole

# How many expired leases one recovery ends.
RECOVERED_AT_ONCE = 5_000
# How far the clocks of two servers that are right may differ.
CLOCKS_DIFFER = dt.timedelta(minutes=1)


@transaction.atomic
def recover(kind: type[LeasedJob]) -> list[int]:
    """End attempts whose lease expired, and dispatch jobs that are due and were last dispatched longer ago than `kind.grace`.

    A job that was dispatched in an hour still to come was written while a clock was ahead, which has been set right since: it is due now.
    Returns the ids of the jobs that were dispatched: each at most once within its grace, however many recoveries run.
    """
    now = timezone.now()
    jobs = kind._default_manager.order_by("pk")
    dead = lock_free_wholes(jobs.filter(state=JobState.RUNNING, lease_until__lt=now))
    for job in dead.select_for_update(of=("self",), skip_locked=True)[:RECOVERED_AT_ONCE]:
        end_attempt(job, job.error or WORKER_DIED, now=now)
    lost = Q(due_at__lte=now, dispatched_at__lt=now - kind.grace) | Q(dispatched_at__gt=now + CLOCKS_DIFFER)
    waiting = jobs.select_for_update(of=("self",), skip_locked=True)
    rows = waiting.filter(lost, kind.dispatched_if, state=JobState.WAITING)
    job_ids = list(rows.values_list("pk", flat=True)[: kind.dispatched_at_once])
    kind._default_manager.filter(pk__in=job_ids).update(dispatched_at=now, due_at=Least("due_at", Value(now)))
    dispatch_jobs(kind, job_ids)
    return job_ids


@transaction.atomic
def retry(kind: type[LeasedJob], job_id: int) -> None:
    """Set the attempts of a failed job to zero and queue it. Raises NotFailed, DoesNotExist."""
    lock_whole(kind._default_manager.get(pk=job_id))
    job = kind._default_manager.select_for_update(of=("self",)).get(pk=job_id)
    if job.state != JobState.FAILED:
        raise NotFailed
    restart(kind, [job_id])
    announce([job])


def restart(kind: type[LeasedJob], job_ids: Sequence[int]) -> None:
    """Have ended jobs done from the beginning. The caller has locked their rows, or their whole; `part_changed` is not sent."""
    now = timezone.now()
    kind._default_manager.filter(pk__in=job_ids).update(
        state=JobState.WAITING,
        attempts=0,
        lease_until=None,
        due_at=now,
        dispatched_at=now,
        progress=0,
        error="",
        finished_at=None,
    )
    dispatch_jobs(kind, job_ids)
