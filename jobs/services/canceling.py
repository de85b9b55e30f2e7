"""Ends jobs that a person no longer wants."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from jobs.enums import OPEN_STATES, JobState
from jobs.errors import NotOpen
from jobs.models import LeasedJob
from jobs.services.parts import announce, lock_whole


@transaction.atomic
def cancel(kind: type[LeasedJob], job_id: int) -> None:
    """End a job that waits or runs. Writes of its worker raise LeaseLost from then on. Raises NotOpen, DoesNotExist."""
    lock_whole(kind._default_manager.get(pk=job_id))
    job = kind._default_manager.select_for_update(of=("self",)).get(pk=job_id)
    if not job.is_open:
        raise NotOpen
    cancel_jobs(kind, [job_id])
    announce([job])


def cancel_jobs(kind: type[LeasedJob], job_ids: Sequence[int]) -> None:
    """Cancel those of the jobs that are open. The caller has locked their rows, or their whole; `part_changed` is not sent."""
    kind._default_manager.filter(pk__in=job_ids, state__in=OPEN_STATES).update(
        state=JobState.CANCELED, lease_until=None, finished_at=timezone.now()
    )
