"""What tests of jobs ask and do: the job of a video, what lies in staging, an act in the middle of a step."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from media_pipeline.enums import StepKind
from media_pipeline.folders import staging_folder
from media_pipeline.models import TranscodeJob, TranscodeStep, Video

Upload = Callable[..., Video]


def job_of(video: Video) -> TranscodeJob:
    return TranscodeJob.objects.get(video=video)


def staged() -> list[Path]:
    return list(staging_folder().iterdir()) if staging_folder().exists() else []


@contextmanager
def once_running(kind: StepKind, act: Callable[[], object]) -> Iterator[None]:
    """Do `act` right after a worker has taken a step of `kind`, as another process would."""
    waiting = [act]

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        is_taking = sql.startswith("UPDATE") and '"lease_until" =' in sql
        if waiting and is_taking and TranscodeStep.objects.filter(kind=kind, state="running").exists():
            waiting.pop()()
        return result

    with connection.execute_wrapper(watch):
        yield
