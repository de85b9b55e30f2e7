"""A worker process killed by SIGKILL in the middle of a job."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Center
from jobs.enums import JobState
from jobs.models import LeasedJob
from jobs.registry import kinds
from jobs.services.leases import lease
from jobs.services.recovery import recover
from tests.factories.jobs import JOBS, lost
from tests.factories.rows import load
from tests.media_pipeline.transcode_jobs.workers import worker_environment

load()

WORK = """
import sys, time, django; django.setup()
from jobs.registry import kind_of
from jobs.services.working import work_on
def do(job):
    print("working", flush=True)
    time.sleep(600)
work_on(kind_of(sys.argv[1]), int(sys.argv[2]), do)
"""


@pytest.mark.engines("a process for each kind of job")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind._meta.label_lower)
def test_the_job_of_a_killed_worker_is_leased_again_when_its_lease_expires(
    kind: type[LeasedJob], center: Center
):
    job = JOBS[kind](center)
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, kind._meta.label_lower, str(job.pk)],
        cwd=settings.BASE_DIR,
        env=worker_environment(),
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()
    rows = kind._default_manager.filter(pk=job.pk)

    assert said == b"working\n"
    assert rows.get().state == JobState.RUNNING
    assert lease(kind, job.pk) is None
    rows.update(lease_until=timezone.now())
    recover(kind)
    lost(rows)
    assert recover(kind) == [job.pk]
    assert (fresh := lease(kind, job.pk)) is not None
    assert (fresh.attempts, fresh.fence) == (2, 2)
