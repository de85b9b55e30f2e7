"""Two marks of one answer: who gives the second, what both make, and who decides where they are far apart."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from accounts.enums import RoleName
from accounts.models import Center, Membership, User
from assessment.enums import AttemptState, MarkingState, MarkRound
from assessment.errors import MarkSettled, NotYoursToMark
from assessment.models import Mark
from assessment.queries.marking import (
    converted_in_words,
    share_that_counts,
    waiting_for_decision_of,
    waiting_for_mark_of,
)
from assessment.services.marks import Given, replace_mark, state_by
from tests.factories.accounts import CenterFactory, MembershipFactory, UserFactory, deputy_for
from tests.factories.marking import (
    BEST,
    EIGHT,
    SIX,
    WORST,
    decide,
    essay_cohort,
    essay_version,
    far_apart,
    marked,
    marker,
    quiz_taught,
    result_of,
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


@pytest.mark.parametrize(
    ("tolerance", "other", "state", "score"),
    [
        (20, EIGHT, AttemptState.MARKED, 90),
        (19, EIGHT, AttemptState.AWAITING, None),
        (0, BEST, AttemptState.MARKED, 100),
        (100, WORST, AttemptState.MARKED, 50),
    ],
)
def test_two_marks_within_the_tolerance_are_averaged(
    center: Center,
    first: User,
    second: User,
    tolerance: int,
    other: dict[str, str],
    state: str,
    score: int | None,
):
    attempt = written(essay_cohort(center, second_marking="all", mark_tolerance=tolerance))

    marked(task_of(attempt), first, BEST)
    marked(task_of(attempt), second, other)

    assert result_of(attempt) == (state, score)
    expected = MarkingState.DONE if score is not None else MarkingState.MODERATION
    assert task_of(attempt).state == expected


def test_beyond_the_tolerance_a_third_person_decides(center: Center):
    task = far_apart(center)
    third = marker(center, RoleName.CENTER_MANAGER)

    decide(task, third, SIX)

    assert result_of(task.attempt) == (AttemptState.MARKED, 60)


def test_neither_of_the_two_decides(center: Center):
    task = far_apart(center)

    for mark in Mark.objects.all():
        with pytest.raises(NotYoursToMark):
            decide(task, mark.by, SIX)


def test_nobody_decides_about_their_own_answer_nor_does_their_deputy(center: Center):
    task = far_apart(center)
    person = task.attempt.enrollment.person
    writer = User.objects.filter(person=person).first() or UserFactory(person=person)
    role = MembershipFactory(user=writer, role=RoleName.CENTER_MANAGER, center=center)
    deputy = deputy_for(role).user

    for one in (writer, deputy):
        with pytest.raises(NotYoursToMark):
            decide(task, User.objects.get(pk=one.pk), SIX)

    assert decide(task, marker(center, RoleName.CENTER_MANAGER), SIX)


def test_a_mark_is_not_replaced_after_the_decision_about_it(center: Center, first: User, second: User):
    cohort = essay_cohort(center, second_marking="all")
    quiz = quiz_taught(cohort)
    attempt = written(cohort, essay_version(quiz), essay_version(quiz))
    task = task_of(attempt, 0)
    marked(task, first, BEST)
    marked(task, second, WORST)
    third = marker(center, RoleName.CENTER_MANAGER)
    decide(task, third, SIX)

    for by in (first, second):
        with pytest.raises(MarkSettled):
            replace_mark(task_id=task.pk, given=Given(levels=BEST), by=by)
    # The other answer waits still, so the decision itself can be replaced.
    assert replace_mark(task_id=task.pk, given=Given(levels=EIGHT), by=third)


def test_who_gave_the_first_mark_does_not_give_the_second(center: Center, first: User):
    attempt = written(essay_cohort(center, second_marking="all"))
    marked(task_of(attempt), first)

    assert not waiting_for_mark_of(first).exists()
    with pytest.raises(NotYoursToMark):
        marked(task_of(attempt), first)


def test_one_mark_of_two_is_by_a_teacher_whichever_comes_first_and_no_teacher_decides(
    center: Center, first: User
):
    cohort = essay_cohort(center, second_marking="all")
    teacher, other = marker(center, RoleName.INSTRUCTOR), marker(center, RoleName.INSTRUCTOR)
    cohort.instructors.add(teacher, other)
    attempt, another = written(cohort), written(cohort)

    marked(task_of(attempt), teacher)
    marked(task_of(another), first)

    # Not two teachers; but the only teacher is not shut out where an assessor was faster.
    assert list(waiting_for_mark_of(other)) == [task_of(another)]
    assert list(waiting_for_mark_of(first)) == [task_of(attempt)]
    manager = marker(center, RoleName.CENTER_MANAGER)
    cohort.instructors.add(manager)
    marked(task_of(attempt), first, WORST)
    assert not waiting_for_decision_of(manager).exists()


def test_a_deputy_is_the_hand_of_who_lent_the_role(center: Center, first: User, second: User):
    attempt = written(essay_cohort(center, second_marking="all"))
    deputy = marker(center)
    deputy_for(Membership.objects.get(user=first), user=deputy)
    marked(task_of(attempt), first)

    assert not waiting_for_mark_of(deputy).exists()
    assert waiting_for_mark_of(second).exists()
    other = written(essay_cohort(center, second_marking="all"))
    marked(task_of(other), deputy)
    assert not waiting_for_mark_of(first).filter(attempt=other).exists()


def test_the_database_refuses_a_second_mark_by_the_hand_of_the_first_and_a_decision_by_either(
    center: Center, first: User, second: User
):
    task = far_apart(center)
    both = Mark.objects.order_by("pk")
    facts: dict[str, Any] = {"task": task, "earned": 1, "most": 1}

    for mark in both:
        with pytest.raises(IntegrityError), transaction.atomic():
            Mark.objects.create(round=MarkRound.MODERATION, by=mark.by, **facts)
    attempt = written(essay_cohort(center, second_marking="all"))
    marked(task_of(attempt), first)
    facts["task"] = task_of(attempt)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(round=MarkRound.SECOND, by=first, **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        # A first mark is replaced by its own marker only.
        Mark.objects.create(round=MarkRound.FIRST, edition=2, by=second, **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.filter(task=task).update(earned=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.filter(task=task).delete()


@pytest.mark.parametrize(("near", "levels", "states"), [(20, EIGHT, "second"), (19, EIGHT, "done")])
def test_near_the_pass_mark_a_second_mark_is_wanted_once_all_first_ones_are_there(
    center: Center, first: User, second: User, near: int, levels: dict[str, str], states: str
):
    cohort = essay_cohort(center, second_marking="near", near_points=near, mark_tolerance=100)
    quiz = quiz_taught(cohort)
    attempt = written(cohort, essay_version(quiz), essay_version(quiz))

    marked(task_of(attempt, 0), first, levels)
    before = {task.state for task in attempt.marking_tasks.all()}
    marked(task_of(attempt, 1), first, levels)

    assert before == {"done", "first"}
    assert {task.state for task in attempt.marking_tasks.all()} == {states}
    if states == "second":
        marked(task_of(attempt, 0), second, levels)
        marked(task_of(attempt, 1), second, levels)
    assert result_of(attempt) == (AttemptState.MARKED, 80)


def test_a_sample_is_drawn_by_the_seed(center: Center):
    cohort = essay_cohort(center, second_marking="sample", second_percent=50)
    version = essay_version(quiz_taught(cohort))

    def drawn(seed: int) -> bool:
        return task_of(written(cohort, version, seed=seed)).is_second_wanted

    once = [drawn(seed) for seed in range(1, 13)]
    assert once == [drawn(seed) for seed in range(1, 13)]
    assert set(once) == {True, False}


def test_a_mark_that_is_replaced_may_end_a_difference(center: Center):
    task = far_apart(center)
    second = Mark.objects.get(round=MarkRound.SECOND).by

    replace_mark(task_id=task.pk, given=Given(levels=BEST), by=second)

    assert result_of(task.attempt) == (AttemptState.MARKED, 100)


def shares() -> SearchStrategy[tuple[Decimal, int]]:
    """Points in quarters, of how many."""
    return st.integers(1, 40).flatmap(
        lambda most: st.integers(0, 4 * most).map(lambda quarters: (Decimal(quarters) / 4, most))
    )


def mark_of(which: MarkRound, given: tuple[Decimal, int]) -> Mark:
    return Mark(round=which, earned=given[0], most=given[1])


@given(one=shares(), other=shares(), tolerance=st.integers(0, 100))
def test_two_marks_count_as_their_mean_or_are_decided_about(
    one: tuple[Decimal, int], other: tuple[Decimal, int], tolerance: int
):
    marks = [mark_of(MarkRound.FIRST, one), mark_of(MarkRound.SECOND, other)]
    swapped = [mark_of(MarkRound.FIRST, other), mark_of(MarkRound.SECOND, one)]

    state = state_by(marks, is_second_wanted=True, tolerance=tolerance)
    share = share_that_counts(marks)

    assert 0 <= min(mark.share for mark in marks) <= share <= max(mark.share for mark in marks) <= 1
    assert state == state_by(swapped, is_second_wanted=True, tolerance=tolerance)
    assert share == share_that_counts(swapped)
    is_near = abs(marks[0].share - marks[1].share) * 100 <= tolerance
    assert state == (MarkingState.DONE if is_near else MarkingState.MODERATION)


@given(one=shares(), other=shares(), decision=shares(), tolerance=st.integers(0, 100))
def test_a_decision_counts_alone(
    one: tuple[Decimal, int], other: tuple[Decimal, int], decision: tuple[Decimal, int], tolerance: int
):
    marks = [
        mark_of(MarkRound.FIRST, one),
        mark_of(MarkRound.SECOND, other),
        mark_of(MarkRound.MODERATION, decision),
    ]

    assert state_by(marks, is_second_wanted=True, tolerance=tolerance) == MarkingState.DONE
    assert share_that_counts(marks) == marks[-1].share


@pytest.mark.parametrize(
    ("earned", "most", "of", "said"),
    [
        ("18", 20, 10, "18 of 20 points of the rubric are 9 of 10 points"),
        ("0.75", 1, 1, "0.75 of 1"),
        ("7.5", 10, 10, "7.5 of 10"),
    ],
)
def test_points_of_a_rubric_are_said_with_those_of_the_question(earned: str, most: int, of: int, said: str):
    with override("en"):
        assert converted_in_words(Decimal(earned), most, of) == said
