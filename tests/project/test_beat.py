"""What beat asks for is what the tasks declare."""

from collections.abc import Mapping
from pathlib import Path

from celery import Task

from jobs.declaring import schedule
from lms.beat import Scheduler
from lms.celery import app


def test_beat_starts_with_the_rhythms_of_all_tasks(tasks: Mapping[str, Task], tmp_path: Path):
    scheduler = Scheduler(app, schedule_filename=str(tmp_path / "schedule"))
    try:
        ours = {name for name in scheduler.schedule if not name.startswith("celery.")}
    finally:
        scheduler.close()

    assert ours == set(schedule(tasks))
    assert "jobs.tasks.recover_jobs" in ours
