"""Attempts: frozen questions, one open at a time, marked once by the server."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from wagtail.models import ModelLogEntry

from accounts.models import User
from assessment.errors import (
    NoAttemptsLeft,
    NotOneOfTheQuestions,
    OneAnswerOnly,
    QuizAlreadyPassed,
    QuizHasNoQuestions,
)
from assessment.models import Answer, Attempt, QuizPage
from assessment.services import start_attempt, submit_attempt
from courses.clauses import Clauses, Score, Test
from courses.enums import EnrollmentState
from courses.errors import EnrollmentNotActive, UnitNotInCohort
from courses.models import Enrollment, UnitProgress
from courses.services.enrollments import enroll, withdraw
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import QuizPageFactory, multiple, quizzed_cohort, single
from tests.factories.courses import EnrollmentFactory


@pytest.fixture
def trainee(db: None) -> User:
    return TraineeFactory()


@pytest.fixture
def quiz(db: None) -> QuizPage:
    return QuizPageFactory()


@pytest.fixture
def enrollment(quiz: QuizPage, trainee: User) -> Enrollment:
    return enroll(person_id=trainee.person.pk, cohort_id=quizzed_cohort(quiz).pk, by=trainee)


def start(enrollment: Enrollment, quiz: QuizPage, by: User) -> Attempt:
    return start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=by)


def answers(attempt: Attempt, *chosen: tuple[int, ...]) -> dict[str, list[str]]:
    """Responses that choose the options at the given places, question by question."""
    return {
        question["id"]: [question["options"][place]["id"] for place in places]
        for question, places in zip(attempt.questions, chosen, strict=False)
    }


def submit(attempt: Attempt, responses: Any, by: User) -> Attempt:
    return submit_attempt(attempt_id=attempt.pk, responses=responses, by=by)


def test_right_answers_pass_the_quiz_and_complete_the_unit_and_the_program(
    enrollment: Enrollment, quiz: QuizPage, trainee: User
):
    attempt = start(enrollment, quiz, trainee)

    marked = submit(attempt, answers(attempt, (0,), (0, 1)), trainee)

    progress = UnitProgress.objects.get(unit_key=quiz.translation_key)
    enrollment.refresh_from_db()
    assert (marked.score, marked.passed, marked.answers.count()) == (100, True, 2)
    assert (progress.score, progress.passed) == (100, True)
    assert enrollment.state == EnrollmentState.COMPLETED
    assert ModelLogEntry.objects.filter(action="assessment.attempt.submit", user=trainee).count() == 1


def test_marks_are_weighted_by_points_and_rounded_down(enrollment: Enrollment, quiz: QuizPage, trainee: User):
    attempt = start(enrollment, quiz, trainee)

    marked = submit(attempt, answers(attempt, (0,), (0,)), trainee)

    assert (marked.score, marked.passed) == (Decimal("66.66"), True)


def test_a_pass_below_what_the_rule_asks_for_may_be_tried_again(quiz: QuizPage):
    asks = Clauses(units=True, score=Score(tests=(Test(str(quiz.translation_key), {}, minimum=90),)))
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz, asks=asks))
    trainee = TraineeFactory(person=enrollment.person)
    first = start(enrollment, quiz, trainee)
    submit(first, answers(first, (0,), (0,)), trainee)

    second = start(enrollment, quiz, trainee)
    submit(second, answers(second, (0,), (0, 1)), trainee)

    enrollment.refresh_from_db()
    assert (first.number, second.number) == (1, 2)
    assert enrollment.state == EnrollmentState.COMPLETED


def test_a_pass_below_the_mean_that_the_rule_asks_for_may_be_tried_again(quiz: QuizPage):
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz, asks=Clauses(units=True, score=Score(70))))
    trainee = TraineeFactory(person=enrollment.person)
    first = start(enrollment, quiz, trainee)
    submit(first, answers(first, (0,), (0,)), trainee)

    second = start(enrollment, quiz, trainee)
    submit(second, answers(second, (0,), (0, 1)), trainee)

    enrollment.refresh_from_db()
    assert enrollment.state == EnrollmentState.COMPLETED


def test_an_empty_submission_is_marked_zero(enrollment: Enrollment, quiz: QuizPage, trainee: User):
    attempt = start(enrollment, quiz, trainee)

    marked = submit(attempt, {}, trainee)

    assert (marked.score, marked.passed, marked.answers.count()) == (0, False, 2)
    assert UnitProgress.objects.get().completed_at is None


def test_the_first_submission_counts_whatever_a_second_tab_sends(
    enrollment: Enrollment, quiz: QuizPage, trainee: User
):
    attempt = start(enrollment, quiz, trainee)
    first = submit(attempt, answers(attempt, (1,), (2,)), trainee)

    replayed = submit(attempt, answers(attempt, (0,), (0, 1)), trainee)

    assert (replayed.score, replayed.marked_at) == (first.score, first.marked_at) == (0, first.marked_at)
    assert Answer.objects.count() == 2


def test_starting_again_takes_up_the_open_attempt(enrollment: Enrollment, quiz: QuizPage, trainee: User):
    assert start(enrollment, quiz, trainee) == start(enrollment, quiz, trainee)
    assert Attempt.objects.count() == 1


def test_attempts_are_counted(enrollment: Enrollment, quiz: QuizPage, trainee: User):
    for _ in range(quiz.attempts_allowed):
        submit(start(enrollment, quiz, trainee), {}, trainee)

    with pytest.raises(NoAttemptsLeft):
        start(enrollment, quiz, trainee)


def test_a_passed_quiz_is_not_taken_again(quiz: QuizPage, trainee: User):
    QuizPageFactory(parent=quiz.get_parent())
    enrollment = EnrollmentFactory(person=trainee.person, cohort=quizzed_cohort(quiz))
    attempt = start(enrollment, quiz, trainee)
    submit(attempt, answers(attempt, (0,), (0, 1)), trainee)

    with pytest.raises(QuizAlreadyPassed):
        start(enrollment, quiz, trainee)


@pytest.mark.parametrize(
    "change",
    [
        lambda asked: {str(uuid4()): [asked[0]["options"][0]["id"]]},
        lambda asked: {"": []},
        lambda asked: {asked[0]["id"]: [str(uuid4())]},
        lambda asked: {asked[0]["id"]: [asked[1]["options"][0]["id"]]},
    ],
    ids=["foreign question", "nameless question", "foreign option", "option of another question"],
)
def test_foreign_ids_are_refused_and_the_attempt_stays_open(
    enrollment: Enrollment, quiz: QuizPage, trainee: User, change: Any
):
    attempt = start(enrollment, quiz, trainee)

    with pytest.raises(NotOneOfTheQuestions):
        submit(attempt, answers(attempt, (0,)) | change(attempt.questions), trainee)

    attempt.refresh_from_db()
    assert attempt.is_open
    assert not Answer.objects.exists()
    assert UnitProgress.objects.get().score is None


def test_one_right_answer_takes_one_answer(enrollment: Enrollment, quiz: QuizPage, trainee: User):
    attempt = start(enrollment, quiz, trainee)

    with pytest.raises(OneAnswerOnly):
        submit(attempt, answers(attempt, (0, 1)), trainee)


def test_an_attempt_keeps_the_questions_it_began_with(enrollment: Enrollment, quiz: QuizPage, trainee: User):
    attempt = start(enrollment, quiz, trainee)
    responses = answers(attempt, (0,), (0, 1))
    quiz.questions = [single("سؤال جديد تماما")]
    quiz.save_revision().publish()

    marked = submit(attempt, responses, trainee)

    assert marked.score == 100
    assert marked.answers.count() == 2


def test_a_quiz_without_questions_is_not_started(trainee: User):
    quiz = QuizPageFactory(questions=[])
    enrollment = enroll(person_id=trainee.person.pk, cohort_id=quizzed_cohort(quiz).pk, by=trainee)

    with pytest.raises(QuizHasNoQuestions):
        start(enrollment, quiz, trainee)

    assert not UnitProgress.objects.exists()


def test_a_quiz_of_another_program_is_not_started(enrollment: Enrollment, trainee: User):
    with pytest.raises(UnitNotInCohort):
        start(enrollment, QuizPageFactory(questions=[multiple()]), trainee)


def test_a_withdrawn_trainee_submits_nothing(enrollment: Enrollment, quiz: QuizPage, trainee: User):
    attempt = start(enrollment, quiz, trainee)
    withdraw(enrollment_id=enrollment.pk, reason="انتقل", by=trainee)

    with pytest.raises(EnrollmentNotActive):
        submit(attempt, {}, trainee)

    attempt.refresh_from_db()
    assert attempt.is_open
    assert not Answer.objects.exists()


def test_the_database_itself_keeps_attempts_as_they_were(
    enrollment: Enrollment, quiz: QuizPage, trainee: User
):
    attempt = start(enrollment, quiz, trainee)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.update(questions=[])
    submit(attempt, {}, trainee)

    for change in (
        lambda: Attempt.objects.update(score=100),
        lambda: Answer.objects.update(mark=1),
        lambda: Answer.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_many_tabs_at_once_make_one_attempt_and_one_mark():
    quiz, trainee = QuizPageFactory(), TraineeFactory()
    enrollment = EnrollmentFactory(person=trainee.person, cohort=quizzed_cohort(quiz))

    def take(tab: int) -> Decimal:
        try:
            attempt = start(enrollment, quiz, trainee)
            chosen = answers(attempt, (0,), (0, 1)) if tab % 2 else {}
            return submit(attempt, chosen, trainee).score
        except (QuizAlreadyPassed, EnrollmentNotActive):
            return Decimal(100)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(take, range(6)))

    marked = Attempt.objects.filter(state="marked")
    numbers = list(marked.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) <= quiz.attempts_allowed
    assert Answer.objects.count() == 2 * len(numbers)
