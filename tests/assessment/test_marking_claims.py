"""An answer is open for one marker at a time."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Center, User
from assessment.errors import (
    BeingMarked,
    NotYoursToMark,
)
from assessment.models import Mark, MarkingTask
from assessment.services.marking_tasks import claim_next
from assessment.services.marks import Given, replace_mark
from tests.factories.accounts import CenterFactory
from tests.factories.marking import (
    BEST,
    WORST,
    essay_cohort,
    essay_version,
    marked,
    marker,
    quiz_taught,
    task_of,
    written,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def center() -> Center:
    row: Center = CenterFactory()
    return row


@pytest.fixture
def first(center: Center) -> User:
    return marker(center)


@pytest.fixture
def second(center: Center) -> User:
    return marker(center)


def test_what_one_has_open_is_for_no_other_until_an_hour_has_passed(
    center: Center, first: User, second: User
):
    attempt = written(essay_cohort(center))
    version = attempt.versions[0]

    held = claim_next(version_id=version, by=first)
    again = claim_next(version_id=version, by=first)

    assert held == again == task_of(attempt)
    assert claim_next(version_id=version, by=second) is None
    with pytest.raises(BeingMarked):
        marked(task_of(attempt), second)
    MarkingTask.objects.update(claimed_until=timezone.now() - dt.timedelta(seconds=1))
    assert claim_next(version_id=version, by=second) == task_of(attempt)


def test_what_is_left_for_later_comes_last(center: Center, first: User):
    cohort = essay_cohort(center)
    version = essay_version(quiz_taught(cohort))
    for _person in range(3):
        written(cohort, version)

    one = claim_next(version_id=version.pk, by=first)
    order = [one]
    for _turn in range(3):
        assert order[-1] is not None
        order.append(claim_next(version_id=version.pk, by=first, after=order[-1].code))

    assert len(set(order[:3])) == 3
    assert order[3] == order[0]


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_different_answers(center: Center, first: User, second: User):
    cohort = essay_cohort(center)
    version = essay_version(quiz_taught(cohort))
    for _person in range(2):
        written(cohort, version)

    def ask(user: User) -> int | None:
        try:
            task = claim_next(version_id=version.pk, by=user)
            return task.pk if task else None
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        got = list(pool.map(ask, [first, second]))

    assert sorted(key or 0 for key in got) == sorted(MarkingTask.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_mark_the_same_at_once_one_is_told(center: Center, first: User, second: User):
    attempt = written(essay_cohort(center))
    task = task_of(attempt)

    def give(user: User) -> str:
        try:
            marked(task, user)
        except NotYoursToMark:
            return "refused"
        finally:
            connection.close()
        return "given"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(give, [first, second]))

    assert said == ["given", "refused"]
    assert Mark.objects.count() == 1


def test_a_mark_that_is_replaced_leaves_the_answer_open_for_the_second_marker(
    center: Center, first: User, second: User
):
    attempt = written(essay_cohort(center, second_marking="all"))
    marked(task_of(attempt), first, WORST)
    claim_next(version_id=attempt.versions[0], by=second)

    replace_mark(task_id=task_of(attempt).pk, given=Given(levels=BEST), by=first)

    assert task_of(attempt).claimed_by == second
