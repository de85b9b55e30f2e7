"""A declaration of a task that is doubled or cannot work fails where it is read, with the place named."""

from collections.abc import Iterator

import pytest
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured

from jobs import declaring
from jobs.declaring import Queue, schedule, task
from lms.celery import app


def wash() -> None:
    """It does nothing."""


def wash_one(_cup_id: int) -> None:
    """It does nothing."""


@pytest.fixture(autouse=True)
def nothing_stays(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(declaring, "_declared_at", {})
    yield
    for name in [name for name in app.tasks if name.startswith("tests.")]:
        app.tasks.unregister(name)


def test_a_name_is_declared_once():
    task(Queue.DEFAULT, name="tests.first")(wash)

    with pytest.raises(
        ImproperlyConfigured, match=r"test_declaring\.py:\d+.*tests\.first.*test_declaring\.py:\d+"
    ):
        task(Queue.MESSAGES, name="tests.first")(wash_one)


def test_beat_asks_for_no_task_whose_key_it_does_not_know():
    with pytest.raises(ImproperlyConfigured, match=r"test_declaring\.py:\d+.*tests\.second"):
        task(Queue.DEFAULT, name="tests.second", every=60)(wash_one)


def test_late_runs_are_dropped_by_seconds_only():
    with pytest.raises(ImproperlyConfigured, match=r"test_declaring\.py:\d+.*tests\.third"):
        task(Queue.DEFAULT, name="tests.third", every=crontab(minute=5), drops_late=True)(wash)


def test_a_task_without_a_queue_is_none():
    with pytest.raises(TypeError):
        task()(wash)  # type: ignore[call-arg]


def test_each_rhythm_of_a_task_is_an_entry():
    hourly = crontab(minute=0)
    task(Queue.MEDIA, name="tests.fourth", every=(30, hourly))(wash)
    task(Queue.MEDIA, name="tests.fifth", every=15, drops_late=True)(wash)

    assert schedule({name: app.tasks[name] for name in ("tests.fourth", "tests.fifth")}) == {
        "tests.fourth": {"task": "tests.fourth", "schedule": 30},
        "tests.fourth 2": {"task": "tests.fourth", "schedule": hourly},
        "tests.fifth": {"task": "tests.fifth", "schedule": 15, "options": {"expires": 15}},
    }
