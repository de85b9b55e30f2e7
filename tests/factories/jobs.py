"""A waiting job of each kind: each app registers its own in `tests/factories/<app>.py`, as rows do."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Center
from jobs.enums import OPEN_STATES, JobState
from jobs.models import LeasedJob

type JobBuilder = Callable[[Center], LeasedJob]

JOBS: dict[type[LeasedJob], JobBuilder] = {}


def job_of(kind: type[LeasedJob]) -> Callable[[JobBuilder], JobBuilder]:
    """Register the builder of a waiting job of `kind` in the given center."""

    def register(builder: JobBuilder) -> JobBuilder:
        JOBS[kind] = builder
        return builder

    return register


def put(jobs: QuerySet[Any], state: JobState, *, lease_ends_in: float = 60, **fields: object) -> None:
    """Write a state, and what has to be written with it; a lease ends in seconds, which may be past."""
    now = timezone.now()
    jobs.update(
        state=state,
        lease_until=now + dt.timedelta(seconds=lease_ends_in) if state == JobState.RUNNING else None,
        finished_at=None if state in OPEN_STATES else now,
        **fields,
    )


def lost(jobs: QuerySet[Any]) -> None:
    """Make jobs old enough for recovery, as if their message was lost."""
    long_ago = timezone.now() - dt.timedelta(days=1)
    jobs.update(dispatched_at=long_ago, due_at=long_ago)
