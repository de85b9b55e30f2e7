"""Tasks change nothing where there is nothing to do, and every task is in the table."""

import inspect
from functools import cache

import pytest
from celery import Task
from django.core.exceptions import ObjectDoesNotExist

from accounts.models import Center
from lms.celery import app
from tests.project.authorization.changes import trying
from tests.project.authorization.tasks import TASKS

OF_CELERY = "celery."
NO_KEY = 2_000_000_000
WITH_KEY = [name for name, entry in TASKS.items() if entry.argument]


@cache
def registered() -> dict[str, Task]:
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith(OF_CELERY)}


def test_every_task_has_a_row():
    missing = [
        f'tests/project/authorization/tasks.py:    "{name}": TaskEntry("<argument>", <row at rest>),  # or sweeps("<why>")'
        for name in registered()
        if name not in TASKS
    ]

    assert missing == [], "add one line each:\n" + "\n".join(missing)
    assert set(TASKS) - set(registered()) == set()


def test_every_task_takes_the_key_that_the_table_names_and_no_other():
    takes = {name: list(inspect.signature(task.run).parameters) for name, task in registered().items()}

    assert takes == {name: [entry.argument] if entry.argument else [] for name, entry in TASKS.items()}


@pytest.mark.parametrize("name", WITH_KEY)
def test_a_task_with_a_key_that_no_row_has_changes_nothing(db: None, name: str):
    entry, task = TASKS[name], registered()[name]

    with trying() as trial:
        if entry.is_fatal_without:
            with pytest.raises(ObjectDoesNotExist):
                task.run(**entry.arguments(NO_KEY))
        else:
            task.run(**entry.arguments(NO_KEY))

    assert trial.changed == set()


@pytest.mark.parametrize("name", WITH_KEY)
def test_a_task_changes_nothing_of_a_row_that_is_done(center: Center, name: str):
    entry, task = TASKS[name], registered()[name]
    assert entry.at_rest is not None
    row = entry.at_rest(center)

    with trying() as trial:
        task.run(**entry.arguments(row.pk))

    assert trial.changed == set()
