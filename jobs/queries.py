"""What operators see of jobs."""

import datetime as dt
from typing import NamedTuple

from jobs.enums import JobState
from jobs.models import LeasedJob
from jobs.registry import kinds

# Of each kind: when more fail at once, the newest ones show why.
NEWEST = 200


class ListedJob(NamedTuple):
    job: LeasedJob
    label: str
    kind_name: str
    about: str
    since: dt.datetime


def newest_jobs(state: JobState) -> list[ListedJob]:
    """The `NEWEST` jobs of each kind in a state, the newest first; one query for each kind.

    Without parts of a whole, which people see and try again on the page of the whole.
    """
    listed = [
        ListedJob(
            job=job,
            label=kind._meta.label_lower,
            kind_name=str(kind._meta.verbose_name),
            about=job.about,
            since=job.finished_at or job.created_at,
        )
        for kind in kinds()
        if not kind.part_of
        for job in kind._default_manager.filter(state=state)
        .select_related(*(kind.about_related or (None,)))
        .order_by("-pk")[:NEWEST]
    ]
    return sorted(listed, key=lambda one: one.since, reverse=True)
