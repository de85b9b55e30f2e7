"""Every periodic task exists."""

from collections.abc import Mapping

import pytest

from lms.beat import SCHEDULE
from lms.celery import app


@pytest.mark.parametrize("name", SCHEDULE)
def test_beat_rings_for_a_task_there_is(name: str, tasks: Mapping[str, object]):
    assert SCHEDULE[name]["task"] in tasks


def test_the_schedule_is_the_applications():
    assert set(SCHEDULE) <= set(app.conf.beat_schedule)
