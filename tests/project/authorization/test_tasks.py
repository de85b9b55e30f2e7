"""A task has no actor: what it may do depends on the row whose key it gets. It changes nothing where there is nothing to do."""

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from celery import Task
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.utils import timezone

from accounts.models import Center
from jobs.enums import JobState
from jobs.registry import kinds
from lms.celery import app
from media_pipeline.enums import UploadState
from tests.factories.certificates import bundle_to_be_made, drawing_to_be_made, webhook_of_the_ministry
from tests.factories.courses import taught_cohort
from tests.factories.figures import analysis_of_a_center
from tests.factories.jobs import JOBS, put
from tests.factories.live import recording_to_be_made
from tests.factories.media_pipeline import UploadFactory, published_video
from tests.factories.regrades import regrade_of_the_ministry
from tests.project.authorization.changes import trying

OF_CELERY = "celery."
NO_KEY = 2_000_000_000
# Rows of these are never deleted: a key without one is a fault that should be seen.
FATAL_WITHOUT = {"certificates.render", "certificates.deliver"}


def done(job: Any, **fields: object) -> Model:
    put(type(job).objects.filter(pk=job.pk), JobState.DONE, **fields)
    return job


# Rows with which a task has nothing to do, but for those of a leased job that only has to be done.
AT_REST: dict[str, Callable[[Center], Model]] = {
    "assessment.tasks.analyze_items": analysis_of_a_center,
    "assessment.tasks.regrade": regrade_of_the_ministry,
    "certificates.deliver": webhook_of_the_ministry,
    "certificates.make_bundle": lambda center: done(
        bundle_to_be_made(center), path="a.zip", expires_at=timezone.now()
    ),
    "certificates.render": lambda center: done(drawing_to_be_made(center)),
    "courses.tasks.complete_who_is_eligible": lambda center: taught_cohort(center=center).content_version,
    "live.tasks.make_recording": lambda center: done(
        recording_to_be_made(center), video=published_video(center=center)
    ),
    "media_pipeline.tasks.process_upload": lambda center: UploadFactory(
        center=center, state=UploadState.DONE, video=published_video(center=center)
    ),
}


@cache
def registered() -> dict[str, Task]:
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith(OF_CELERY)}


def key_of(task: Task, key: int) -> dict[str, Any]:
    """The one argument of a task that gets a key, or a list of keys; nothing for one that looks for its work itself."""
    parameters = inspect.signature(task.run).parameters.values()
    return {one.name: [key] if one.annotation == list[int] else key for one in parameters}


def row_at_rest(name: str, center: Center) -> Model:
    if name in AT_REST:
        return AT_REST[name](center)
    (kind,) = [kind for kind in kinds() if kind.task_name == name]
    return done(JOBS[kind](center))


WITH_KEY = sorted(name for name, task in registered().items() if key_of(task, NO_KEY))


@pytest.mark.parametrize("name", sorted(registered()))
def test_a_task_says_what_it_does_and_takes_one_key_at_most(name: str):
    assert registered()[name].run.__doc__
    assert len(key_of(registered()[name], NO_KEY)) <= 1


@pytest.mark.parametrize("name", WITH_KEY)
def test_a_task_with_a_key_that_no_row_has_changes_nothing(db: None, name: str):
    task = registered()[name]

    with trying() as trial:
        if name in FATAL_WITHOUT:
            with pytest.raises(ObjectDoesNotExist):
                task.run(**key_of(task, NO_KEY))
        else:
            task.run(**key_of(task, NO_KEY))

    assert trial.changed == set()


@pytest.mark.parametrize("name", WITH_KEY)
def test_a_task_changes_nothing_of_a_row_that_is_done(center: Center, name: str):
    task = registered()[name]
    row = row_at_rest(name, center)

    with trying() as trial:
        task.run(**key_of(task, row.pk))

    assert trial.changed == set()
