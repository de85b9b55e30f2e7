"""Runs one attempt at a job."""

import logging
from collections.abc import Callable, Collection

from jobs.errors import LeaseLost
from jobs.models import LeasedJob
from jobs.services.leases import fail, lease

logger = logging.getLogger(__name__)


def work_on[Kind: LeasedJob, Result](
    kind: type[Kind],
    job_id: int,
    do: Callable[[Kind], Result],
    *,
    related: Collection[str] = (),
    expected: tuple[type[Exception], ...] = (),
) -> Result | None:
    """Lease a job and `do` it. Safe to call any number of times, by any number of workers.

    `do` works outside of a transaction, calls `heartbeat` where it takes longer than the lease, and ends with `finish`,
    `refuse` or `hold`. Returns its result, or None where there was nothing to do or the lease was lost. An error counts
    as a failed attempt and is kept on the row; it is raised unless it is one of those `expected` of such work.
    """
    job = lease(kind, job_id, related=related)
    return None if job is None else attempt(job, do, expected=expected)


def attempt[Kind: LeasedJob, Result](
    job: Kind, do: Callable[[Kind], Result], *, expected: tuple[type[Exception], ...] = ()
) -> Result | None:
    """`do` a leased job, as `work_on` does."""
    try:
        return do(job)
    except LeaseLost:
        logger.info("%s %s: the lease is lost, stopping", job._meta.label, job.pk)
        return None
    except Exception as error:
        _fail(job, error)
        if not isinstance(error, expected):
            raise
        logger.warning("%s %s failed", job._meta.label, job.pk, exc_info=True)
        return None


def _fail(job: LeasedJob, error: Exception) -> None:
    try:
        fail(job, error)
    except LeaseLost:
        logger.info("%s %s: the lease was lost before it failed", job._meta.label, job.pk)
