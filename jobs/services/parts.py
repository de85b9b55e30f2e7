"""Jobs that are parts of a whole: the whole is locked before them, its app receives a signal when they change, and people retry and cancel the whole."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from jobs.models import LeasedJob
from jobs.signals import part_changed


def lock_whole(job: LeasedJob) -> None:
    """Lock the row that a job is a part of. Always before the job's own: two workers could block each other."""
    if job.part_of:
        _wholes(type(job)).filter(pk=_whole_id(job)).first()


def lock_free_wholes(jobs: QuerySet[Any]) -> QuerySet[Any]:
    """Those of the jobs, all of one kind, whose whole is locked by no other transaction; it is locked now."""
    kind: type[LeasedJob] = jobs.model
    if not kind.part_of:
        return jobs
    wanted = set(jobs.order_by().values_list(kind.part_of, flat=True))
    free = _wholes(kind, skip_locked=True).filter(pk__in=wanted).order_by("pk")
    return jobs.filter(**{f"{kind.part_of}__in": list(free)})


def announce(jobs: Iterable[LeasedJob]) -> None:
    """Send `part_changed` once for each whole of the jobs."""
    changed = {(type(job), _whole_id(job)) for job in jobs if job.part_of}
    for kind, whole_id in sorted(changed, key=lambda one: one[1]):
        part_changed.send(sender=kind, whole_id=whole_id)


def _whole_id(job: LeasedJob) -> int:
    return int(getattr(job, f"{job.part_of}_id"))


def _wholes(kind: type[LeasedJob], *, skip_locked: bool = False) -> QuerySet[Any]:
    whole: Any = kind._meta.get_field(kind.part_of).related_model
    return whole._default_manager.select_for_update(of=("self",), skip_locked=skip_locked)
