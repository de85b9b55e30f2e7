"""Leases the next step: what makes videos watchable first, then in turn between centers, short videos before long."""

from django.db import connection, transaction
from django.utils import timezone

from jobs.services.leases import lease
from media_pipeline.enums import JobState
from media_pipeline.models import TranscodeJob, TranscodeStep
from media_pipeline.services.jobs.recomputing import recompute_state

# Centers with waiting steps, the one whose turn it is first. A loose index scan from center to center instead of reading
# all waiting steps: with 10,000 of them, reading and sorting takes a quarter of a second a lease.
CENTERS_IN_TURN = """
WITH RECURSIVE busy (center_id) AS (
    (SELECT center_id FROM media_pipeline_transcodestep WHERE state = 'waiting' ORDER BY center_id LIMIT 1)
    UNION ALL
    SELECT (SELECT step.center_id FROM media_pipeline_transcodestep step
            WHERE step.state = 'waiting' AND step.center_id > busy.center_id ORDER BY step.center_id LIMIT 1)
    FROM busy WHERE busy.center_id IS NOT NULL
)
SELECT busy.center_id FROM busy
CROSS JOIN LATERAL (
    SELECT phase, rank FROM media_pipeline_transcodestep step
    WHERE step.state = 'waiting' AND step.center_id = busy.center_id AND step.due_at <= %s
    ORDER BY phase, rank, job_id, number LIMIT 1
) first
CROSS JOIN LATERAL (
    SELECT count(*) AS running FROM media_pipeline_transcodestep step
    WHERE step.state = 'running' AND step.center_id = busy.center_id
) now
ORDER BY first.phase, now.running, first.rank, busy.center_id
"""
FIRST_OF_CENTER = """
SELECT id FROM media_pipeline_transcodestep WHERE state = 'waiting' AND center_id = %s AND due_at <= %s
ORDER BY phase, rank, job_id, number LIMIT 1 FOR UPDATE SKIP LOCKED
"""
FIRST_OF_JOB = """
SELECT id FROM media_pipeline_transcodestep WHERE state = 'waiting' AND job_id = %s AND due_at <= %s
ORDER BY phase, rank, number LIMIT 1 FOR UPDATE SKIP LOCKED
"""


def lease_next(*, worker: str, job_id: int | None = None) -> TranscodeStep | None:
    """Lease the next step that is due, of one job only if `job_id` says so; None when no step is due.

    Any number of workers may call this at once: each gets a different step, and none waits for another.
    """
    step = _lease(worker, job_id)
    # In a transaction of its own: a worker that has locked a step must not wait for a job.
    if step is not None and step.job.state != JobState.RUNNING:
        with transaction.atomic():
            recompute_state(TranscodeJob.objects.select_for_update(of=("self",)).get(pk=step.job_id))
    return step


@transaction.atomic
def _lease(worker: str, job_id: int | None) -> TranscodeStep | None:
    step_id = _next_step(job_id)
    step = lease(TranscodeStep, step_id, related=("job__video",)) if step_id else None
    if step is not None:
        step.worker, step.started_at = worker, timezone.now()
        step.save(update_fields=["worker", "started_at"])
    return step


def _next_step(job_id: int | None) -> int | None:
    """The id of a step, which is locked."""
    now = timezone.now()
    with connection.cursor() as cursor:
        if job_id is not None:
            cursor.execute(FIRST_OF_JOB, [job_id, now])
            found = cursor.fetchone()
            return int(found[0]) if found else None
        cursor.execute(CENTERS_IN_TURN, [now])
        for (center,) in cursor.fetchall():
            cursor.execute(FIRST_OF_CENTER, [center, now])
            if found := cursor.fetchone():
                return int(found[0])
    return None
