"""Rules name tests and practical tasks; who assesses them; what becomes of a test that is gone."""

from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from assessment.models import QuizPage
from courses.clauses import Clauses, CountedAttempt, Practice, Score, Task, Test
from courses.enums import EnrollmentState
from courses.errors import (
    InvalidRule,
    NotATestOfTheProgram,
    OwnMark,
    PracticeWithoutTasks,
    RuleNamesATestThatIsGone,
    ScoreOutOfRange,
    TaskNotInRule,
    TaughtByAssessor,
)
from courses.models import Enrollment, PracticalResult
from courses.queries.requirements import promises, requirements
from courses.services.completion import set_completion_rule
from courses.services.content import take_newest_content
from courses.services.enrollments import enroll
from courses.services.marks import correct_score
from courses.services.practice import record_practical_result
from courses.services.progress import record_score
from tests.factories.accounts import PersonFactory, TraineeFactory, UserFactory
from tests.factories.assessment import QuizPageFactory, quizzed_cohort

WELDING = Practice(percent=50, tasks=(Task("weld", {"ar": "لحام وصلة"}), Task("cut", {"ar": "قطع صاج"})))


@pytest.fixture
def clerk(db: None) -> User:
    return UserFactory()


@pytest.fixture
def quiz(db: None) -> QuizPage:
    return QuizPageFactory()


def key_of(quiz: QuizPage) -> UUID:
    return quiz.translation_key


def enrolled(quiz: QuizPage, asks: Clauses, clerk: User) -> Enrollment:
    """Somebody in a cohort of the quiz's program under a rule."""
    return enroll(person_id=PersonFactory().pk, cohort_id=quizzed_cohort(quiz, asks=asks).pk, by=clerk)


def assess(
    enrollment: Enrollment, task: str, score: int, by: User, *, passed: bool = True
) -> PracticalResult:
    return record_practical_result(
        enrollment_id=enrollment.pk, task_code=task, score=score, passed=passed, by=by
    )


def score(enrollment: Enrollment, quiz: QuizPage, *marks: int) -> None:
    for mark in marks:
        record_score(
            enrollment_id=enrollment.pk, unit_key=key_of(quiz), score=Decimal(mark), passed=mark >= 60
        )


@pytest.mark.parametrize(("attempts", "reached"), [("best", 90), ("last", 40), ("mean", 65)])
def test_the_rule_says_which_attempt_counts(quiz: QuizPage, clerk: User, attempts: str, reached: int):
    asks = Clauses(score=Score(95, CountedAttempt(attempts)))
    enrollment = enrolled(quiz, asks, clerk)

    score(enrollment, quiz, 90, 40)

    (clause,) = requirements(Enrollment.objects.get(pk=enrollment.pk))
    assert clause.reached == reached


def test_correcting_and_correcting_back_restores_every_attempt(quiz: QuizPage, clerk: User):
    enrollment = enrolled(quiz, Clauses(score=Score(95, CountedAttempt.MEAN)), clerk)
    score(enrollment, quiz, 90, 40)

    for mark in (50, 90):
        correct_score(
            enrollment_id=enrollment.pk,
            unit_key=key_of(quiz),
            score=Decimal(mark),
            passed=True,
            reason="خطأ",
            by=clerk,
        )

    assert enrollment.progress.get().scores == [90, 40]


def test_the_database_keeps_the_scores_of_attempts(quiz: QuizPage, clerk: User):
    enrollment = enrolled(quiz, Clauses(score=Score(95)), clerk)
    score(enrollment, quiz, 70, 80)

    for scores in ([], [80], [70, 79, 80]):
        with pytest.raises(IntegrityError), transaction.atomic():
            enrollment.progress.update(scores=scores)


def test_a_rule_names_only_tests_of_its_program(quiz: QuizPage, clerk: User):
    foreign = Test(str(QuizPageFactory().translation_key), {"ar": "اختبار آخر"})
    program_id = quiz.get_parent().get_parent().pk

    with pytest.raises(NotATestOfTheProgram, match="اختبار آخر"):
        set_completion_rule(program_id=program_id, by=clerk, asks=Clauses(score=Score(60, tests=(foreign,))))
    with pytest.raises(InvalidRule):
        set_completion_rule(program_id=program_id, by=clerk, asks=Clauses(attendance=101))


def test_content_without_a_test_that_the_rule_names_is_refused(quiz: QuizPage, clerk: User):
    """Neither a new cohort nor a running one gets content in which the rule could not be met."""
    named = Clauses(score=Score(60, tests=(Test(str(key_of(quiz)), {"ar": quiz.title}),)))
    QuizPageFactory(parent=quiz.get_parent())
    cohort = quizzed_cohort(quiz, asks=named)

    quiz.unpublish()

    with pytest.raises(RuleNamesATestThatIsGone, match=quiz.title):
        take_newest_content(cohort_id=cohort.pk, reason="اختبار جديد", by=clerk)
    with pytest.raises(RuleNamesATestThatIsGone):
        quizzed_cohort(quiz, asks=None)


def test_passing_every_practical_task_before_an_assessor_completes(quiz: QuizPage, clerk: User):
    enrollment = enrolled(quiz, Clauses(practice=WELDING), clerk)

    assess(enrollment, "weld", 80, clerk)
    assess(enrollment, "cut", 30, clerk, passed=False)
    (left,) = requirements(enrollment)
    assess(enrollment, "cut", 60, clerk)

    enrollment.refresh_from_db()
    assert left.missing == ["قطع صاج"]
    assert enrollment.state == EnrollmentState.COMPLETED


def test_a_wrong_practical_result_is_corrected_after_the_completion_and_puts_it_in_doubt(
    quiz: QuizPage, clerk: User
):
    enrollment = enrolled(quiz, Clauses(practice=WELDING), clerk)
    assess(enrollment, "weld", 80, clerk)
    assess(enrollment, "cut", 80, clerk)

    assess(enrollment, "cut", 10, clerk, passed=False)

    enrollment.refresh_from_db()
    assert enrollment.state == EnrollmentState.COMPLETED
    assert not enrollment.eligibilities.first().met


def test_a_mean_of_no_practical_tasks_is_not_asked(quiz: QuizPage, clerk: User):
    program_id = quiz.get_parent().get_parent().pk

    with pytest.raises(PracticeWithoutTasks):
        set_completion_rule(program_id=program_id, by=clerk, asks=Clauses(practice=Practice(percent=60)))


def test_nobody_assesses_whom_they_teach_or_themselves(quiz: QuizPage, clerk: User):
    enrollment = enrolled(quiz, Clauses(practice=WELDING), clerk)
    teacher, holder = UserFactory(), TraineeFactory(person=enrollment.person)
    enrollment.cohort.instructors.add(teacher)

    for by, refusal in ((teacher, TaughtByAssessor), (holder, OwnMark)):
        with pytest.raises(refusal):
            assess(enrollment, "weld", 80, by)
    with pytest.raises(TaskNotInRule):
        assess(enrollment, "paint", 80, clerk)
    with pytest.raises(ScoreOutOfRange):
        assess(enrollment, "weld", 101, clerk)

    assert not PracticalResult.objects.exists()


def test_a_rule_says_what_it_asks_of_whoever_thinks_about_it():
    asks = Clauses(
        units=True,
        attendance=75,
        hours=40,
        score=Score(60, CountedAttempt.LAST, (Test("x", {"ar": "النهائي"}, minimum=50),)),
        practice=WELDING,
    )

    said = promises(asks)

    assert len(said) == 8
    assert any("النهائي" in sentence for sentence in said)
    assert any("لحام وصلة" in sentence for sentence in said)
