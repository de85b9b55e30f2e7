"""Helpers of job tests: the job of a video, the files in staging, an act in the middle of a step."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from jobs.services.recovery import recover
from media_pipeline.enums import StepKind, StepState
from media_pipeline.folders import staging_folder
from media_pipeline.models import TranscodeJob, TranscodeStep, Video
from media_pipeline.services.jobs.releasing import release_held_jobs

Upload = Callable[..., Video]


def job_of(video: Video) -> TranscodeJob:
    return TranscodeJob.objects.get(video=video)


def staged() -> list[Path]:
    return list(staging_folder().iterdir()) if staging_folder().exists() else []


def beat(job: TranscodeJob) -> None:
    """Run recovery as beat does, after the pauses of a job."""
    recover(TranscodeStep)
    release_held_jobs()
    soon = timezone.now() + dt.timedelta(minutes=1)
    job.steps.filter(state=StepState.WAITING, due_at__lt=soon).update(due_at=timezone.now())


@contextmanager
def once_running(kind: StepKind, act: Callable[[], object]) -> Iterator[None]:
    """Do `act` right after a worker has leased a step of `kind`, as another process would."""
    waiting = [act]

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        is_leasing = sql.startswith("UPDATE") and '"worker" =' in sql
        if waiting and is_leasing and TranscodeStep.objects.filter(kind=kind, state="running").exists():
            waiting.pop()()
        return result

    with connection.execute_wrapper(watch):
        yield
