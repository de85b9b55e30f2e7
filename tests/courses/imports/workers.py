"""Worker processes that import a list: one that ends, and some that are killed."""

import json
import subprocess
import sys
from collections import Counter
from typing import Any

from django.conf import settings

from courses.models import ImportRun
from tests.courses.imports.lists import let_lease_expire
from tests.media_pipeline.transcode_jobs.workers import worker_environment


def worker(run: ImportRun) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.courses.imports.worker", str(run.pk)],
        cwd=settings.BASE_DIR,
        env=worker_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )


def worked(run: ImportRun) -> dict[str, Any]:
    """What a worker says that does the run to its end."""
    process = worker(run)
    said, _ = process.communicate()
    run.refresh_from_db()
    result: dict[str, Any] = json.loads(said.splitlines()[-1])
    return result


def killed_twice(run: ImportRun) -> int:
    """The line at which the second worker was killed. The next one goes on at once."""
    for _ in range(2):
        process = worker(run)
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
        process.wait()
        process.stdout.close()
        # What recovery does once the lease of a killed worker is over.
        let_lease_expire(run)
        run.refresh_from_db()
    ImportRun.objects.update(due_at=run.created_at)
    return run.position


def found(run: ImportRun) -> Counter[tuple[str, str]]:
    return Counter(run.faults.values_list("column", "code"))
