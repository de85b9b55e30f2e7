"""Takes the next step: what makes videos watchable first, then in turn between centers, short videos before long."""

import time

from django.db import connection, transaction
from django.utils import timezone

from media_pipeline.enums import JobState, StepState
from media_pipeline.models import TranscodeJob, TranscodeStep
from media_pipeline.services.jobs.leases import Lease, lease_time
from media_pipeline.services.jobs.settling import settle

# Centers with something to do, the one whose turn it is first. Hops from center to center in the index of waiting
# steps instead of reading them all: with 10,000 of them, reading and sorting takes a quarter of a second a claim.
TURNS = """
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
    WHERE step.state = 'waiting' AND step.center_id = busy.center_id
    ORDER BY phase, rank, job_id, number LIMIT 1
) first
CROSS JOIN LATERAL (
    SELECT count(*) AS running FROM media_pipeline_transcodestep step
    WHERE step.state = 'running' AND step.center_id = busy.center_id
) now
ORDER BY first.phase, now.running, first.rank, busy.center_id
"""
FIRST_OF_CENTER = """
SELECT id FROM media_pipeline_transcodestep WHERE state = 'waiting' AND center_id = %s
ORDER BY phase, rank, job_id, number LIMIT 1 FOR UPDATE SKIP LOCKED
"""
FIRST_OF_JOB = """
SELECT id FROM media_pipeline_transcodestep WHERE state = 'waiting' AND job_id = %s
ORDER BY phase, rank, number LIMIT 1 FOR UPDATE SKIP LOCKED
"""


def claim(*, worker: str, job_id: int | None = None) -> Lease | None:
    """Take the next waiting step, of one job only if `job_id` says so; None when there is nothing to do.

    Any number of workers may ask at once: each gets another step, and none waits for another.
    """
    step = _take(worker, job_id)
    if step is None:
        return None
    lease = Lease(step_id=step.pk, job_id=step.job_id, fence=step.fence, renewed_at=time.monotonic())
    # In a transaction of its own: who holds a step's row must not wait for a job's.
    with transaction.atomic():
        job = TranscodeJob.objects.select_for_update(of=("self",)).get(pk=step.job_id)
        if job.state != JobState.RUNNING:
            settle(job)
    return lease


@transaction.atomic
def _take(worker: str, job_id: int | None) -> TranscodeStep | None:
    with connection.cursor() as cursor:
        if job_id is not None:
            cursor.execute(FIRST_OF_JOB, [job_id])
            found = cursor.fetchone()
        else:
            cursor.execute(TURNS)
            found = None
            for (center,) in [row for row in cursor.fetchall() if row[0] is not None]:
                cursor.execute(FIRST_OF_CENTER, [center])
                found = cursor.fetchone()
                if found:
                    break
    if not found:
        return None
    step = TranscodeStep.objects.get(pk=found[0])
    now = timezone.now()
    step.state, step.worker = StepState.RUNNING, worker
    step.attempts += 1
    step.fence += 1
    step.percent = 0
    step.lease_until, step.started_at, step.finished_at = now + lease_time(), now, None
    step.save(
        update_fields=[
            *("state", "worker", "attempts", "fence", "percent", "lease_until", "started_at", "finished_at")
        ]
    )
    return step
