"""Marks by hand: who gives which, and when an attempt has its result."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, Membership, User
from assessment.enums import AttemptState, KeyRule, MarkRound
from assessment.errors import (
    LevelMissing,
    MarkedByYou,
    MarkSettled,
    NotYoursToMark,
    PointsMissing,
)
from assessment.models import Mark, ResultNotice
from assessment.services.appeals import answer_appeal
from assessment.services.marking_tasks import claim_next
from assessment.services.marks import Given, finish, give_mark, replace_mark
from courses.models import Cohort, UnitProgress
from courses.queries.marks import markers_of
from courses.services.enrollments import withdraw
from tests.factories.accounts import CenterFactory, UserFactory
from tests.factories.appeals import appealed
from tests.factories.courses import EnrollmentFactory
from tests.factories.marking import (
    BEST,
    SIX,
    WORST,
    essay_cohort,
    essay_version,
    marked,
    marker,
    quiz_taught,
    result_of,
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


def test_who_marked_an_answer_has_marked_for_the_certificate_that_rests_on_it():
    cohort = essay_cohort()
    attempt, by = written(cohort), marker(cohort.center)
    marked(task_of(attempt), by)

    assert markers_of([attempt.enrollment_id]) == {attempt.enrollment_id: {by.pk}}
