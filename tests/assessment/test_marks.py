"""Marks by hand: who gives which, what two of them make, and when an attempt has its result."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from accounts.enums import RoleName
from accounts.models import Center, Membership, User
from assessment.enums import AttemptState, KeyRule, MarkingState, MarkRound
from assessment.errors import (
    BeingMarked,
    LevelMissing,
    MarkedByYou,
    MarkSettled,
    NotYoursToMark,
    PointsMissing,
)
from assessment.models import Attempt, Mark, MarkingTask, ResultNotice
from assessment.queries.marking import share_that_counts, waiting_for_decision_of, waiting_for_mark_of
from assessment.services.appeals import answer_appeal
from assessment.services.marking_tasks import claim_next
from assessment.services.marks import Given, decide_mark, finish, give_mark, replace_mark, state_by
from courses.models import Cohort, UnitProgress
from courses.queries.marks import markers_of
from courses.services.enrollments import withdraw
from tests.factories.accounts import CenterFactory, UserFactory, deputy_for
from tests.factories.appeals import appealed
from tests.factories.courses import EnrollmentFactory
from tests.factories.marking import (
    BEST,
    EIGHT,
    SIX,
    WORST,
    essay_cohort,
    essay_version,
    far_apart,
    marked,
    marker,
    quiz_taught,
    task_of,
    written,
)
from tests.factories.regrades import officer, regraded

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


def decide(task: MarkingTask, by: User, levels: dict[str, str]) -> Mark:
    return decide_mark(task_id=task.pk, given=Given(levels=levels), by=by)


def result_of(attempt: Attempt) -> tuple[str, Decimal | None]:
    attempt.refresh_from_db()
    return attempt.state, attempt.score


def test_with_the_last_mark_of_an_attempt_its_result_is_there(center: Center, first: User):
    cohort = essay_cohort(center)
    quiz = quiz_taught(cohort)
    attempt = written(cohort, essay_version(quiz), essay_version(quiz))

    marked(task_of(attempt, 0), first, BEST)
    waits = result_of(attempt)
    marked(task_of(attempt, 1), first, SIX)

    assert waits == (AttemptState.AWAITING, None)
    assert result_of(attempt) == (AttemptState.MARKED, 80)
    assert [answer.mark for answer in attempt.answers.order_by("slot")] == [1, Decimal("0.6")]
    assert UnitProgress.objects.get().score == 80
    assert ResultNotice.objects.get().person_id == attempt.enrollment.person_id


def test_finishing_again_changes_nothing(center: Center, first: User):
    attempt = written(essay_cohort(center))
    marked(task_of(attempt), first, SIX)
    attempt.refresh_from_db()
    before = attempt.marked_at

    with transaction.atomic():
        finish(attempt)

    attempt.refresh_from_db()
    assert attempt.marked_at == before
    assert ResultNotice.objects.count() == 1


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


def test_no_one_marks_their_own_answer(center: Center):
    cohort = essay_cohort(center)
    enrollment = EnrollmentFactory(cohort=cohort)
    attempt = written(cohort, enrollment=enrollment)
    own = marker(center)
    User.objects.filter(person=enrollment.person).update(person=None)
    User.objects.filter(pk=own.pk).update(person=enrollment.person)
    own.refresh_from_db()

    with pytest.raises(NotYoursToMark):
        marked(task_of(attempt), own)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(task=task_of(attempt), round=MarkRound.FIRST, earned=1, most=1, by=own)


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


def test_a_role_that_ended_yesterday_marks_nothing(center: Center, first: User):
    attempt = written(essay_cohort(center))
    claim_next(version_id=attempt.versions[0], by=first)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Membership.objects.filter(user=first).update(since=yesterday - dt.timedelta(days=9), until=yesterday)

    with pytest.raises(NotYoursToMark):
        marked(task_of(attempt), User.objects.get(pk=first.pk))


def test_another_center_marks_nothing_here(center: Center):
    attempt = written(essay_cohort(center))

    with pytest.raises(NotYoursToMark):
        marked(task_of(attempt), marker(CenterFactory()))


@pytest.mark.parametrize("role", [RoleName.REGISTRAR, RoleName.CENTER_MANAGER, RoleName.MINISTRY_OFFICER])
def test_other_roles_give_no_marks(center: Center, role: RoleName):
    attempt = written(essay_cohort(center))

    with pytest.raises(NotYoursToMark):
        marked(task_of(attempt), marker(center, role))


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


@pytest.mark.parametrize("earned", ["-1", "11", "2.3", None])
def test_points_without_a_rubric_are_quarters_within_the_question(
    center: Center, first: User, earned: str | None
):
    cohort = essay_cohort(center)
    attempt = written(cohort, essay_version(quiz_taught(cohort), rubric=None))
    wrong = Given(earned=Decimal(earned) if earned else None)

    with pytest.raises(PointsMissing):
        give_mark(task_id=task_of(attempt).pk, given=wrong, by=first)
    mark = give_mark(task_id=task_of(attempt).pk, given=Given(earned=Decimal("7.25")), by=first)

    assert mark.share == Fraction(29, 40)
    assert result_of(attempt) == (AttemptState.MARKED, Decimal("72.50"))


@pytest.mark.parametrize("levels", [{}, {"1": "3"}, {"1": "3", "2": "9"}, {**BEST, "3": "1"}])
def test_each_line_of_a_rubric_needs_a_level(center: Center, first: User, levels: dict[str, str]):
    attempt = written(essay_cohort(center))

    with pytest.raises(LevelMissing):
        marked(task_of(attempt), first, levels)


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


def test_a_mark_is_replaced_until_the_result_and_both_are_kept(center: Center, first: User):
    cohort = essay_cohort(center)
    quiz = quiz_taught(cohort)
    attempt = written(cohort, essay_version(quiz), essay_version(quiz))
    marked(task_of(attempt, 0), first, WORST)

    replace_mark(task_id=task_of(attempt, 0).pk, given=Given(levels=BEST), by=first)
    marked(task_of(attempt, 1), first, BEST)

    assert result_of(attempt) == (AttemptState.MARKED, 100)
    assert list(Mark.objects.filter(task__slot=0).values_list("edition", "earned")) == [(1, 0), (2, 10)]
    with pytest.raises(MarkSettled):
        replace_mark(task_id=task_of(attempt, 0).pk, given=Given(levels=WORST), by=first)


def test_a_mark_that_is_replaced_may_end_a_difference(center: Center):
    task = far_apart(center)
    second = Mark.objects.get(round=MarkRound.SECOND).by

    replace_mark(task_id=task.pk, given=Given(levels=BEST), by=second)

    assert result_of(task.attempt) == (AttemptState.MARKED, 100)


def test_a_mark_that_is_replaced_leaves_the_answer_open_for_the_second_marker(
    center: Center, first: User, second: User
):
    attempt = written(essay_cohort(center, second_marking="all"))
    marked(task_of(attempt), first, WORST)
    claim_next(version_id=attempt.versions[0], by=second)

    replace_mark(task_id=task_of(attempt).pk, given=Given(levels=BEST), by=first)

    assert task_of(attempt).claimed_by == second


def test_the_mark_of_a_colleague_is_not_replaced(center: Center, first: User, second: User):
    attempt = written(essay_cohort(center, second_marking="all"))
    marked(task_of(attempt), first)

    with pytest.raises(MarkSettled):
        replace_mark(task_id=task_of(attempt).pk, given=Given(levels=BEST), by=second)


THIRDS = [
    {
        "id": "1",
        "text": {"ar": "الترتيب"},
        "levels": [{"id": str(points), "text": {"ar": "مستوى"}, "points": points} for points in range(4)],
    }
]


def test_two_thirds_stay_two_thirds_when_another_question_is_marked_again(center: Center, first: User):
    cohort = essay_cohort(center)
    quiz = quiz_taught(cohort)
    versions = [essay_version(quiz, rubric=THIRDS) for _question in range(2)]
    attempt = written(cohort, *versions, points=9, pass_percent=66)
    for slot in (0, 1):
        marked(task_of(attempt, slot), first, {"1": "2"})

    regraded(versions[1].pk, KeyRule.EVERYBODY, by=officer())
    everybody = result_of(attempt)
    regraded(versions[1].pk, KeyRule.KEY, key={"rubric": THIRDS}, by=officer())

    # 66.66 and not 66.65: exact thirds, rounded down once.
    assert everybody == (AttemptState.MARKED, Decimal("83.33"))
    assert result_of(attempt) == (AttemptState.MARKED, Decimal("66.66"))
    assert attempt.answers.get(slot=1).mark == Decimal("0.6666")


def test_who_marked_an_answer_does_not_answer_the_appeal(center: Center, first: User, second: User):
    attempt = written(essay_cohort(center))
    marked(task_of(attempt), first, SIX)
    attempt.refresh_from_db()
    appeal = appealed(attempt, slot=0)

    with pytest.raises(MarkedByYou):
        answer_appeal(appeal_id=appeal.pk, answer="راجعت الإجابة.", by=first)
    answer_appeal(appeal_id=appeal.pk, answer="راجعت الإجابة.", by=second)

    assert appeal.attempt.appeals.get().is_granted is False


def test_who_was_withdrawn_meanwhile_is_marked_and_it_counts_nowhere(center: Center, first: User):
    attempt = written(essay_cohort(center))
    Cohort.objects.update(seats_taken=1)
    withdraw(enrollment_id=attempt.enrollment_id, reason="سافر", by=UserFactory())

    marked(task_of(attempt), first, BEST)

    assert result_of(attempt) == (AttemptState.MARKED, 100)
    assert UnitProgress.objects.get().score is None


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


def test_who_marked_an_answer_has_marked_for_the_certificate_that_rests_on_it():
    cohort = essay_cohort()
    attempt, by = written(cohort), marker(cohort.center)
    marked(task_of(attempt), by)

    assert markers_of([attempt.enrollment_id]) == {attempt.enrollment_id: {by.pk}}
