"""Attempts: frozen questions, one open at a time, marked once by the server."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.translation import override
from wagtail.models import Locale, ModelLogEntry

from accounts.models import User
from assessment.errors import (
    NoAttemptsLeft,
    NoSittingNow,
    NotOneOfTheQuestions,
    QuizAlreadyPassed,
    QuizHasNoQuestions,
)
from assessment.models import Answer, Attempt, Question, QuestionVersion, QuizPage
from assessment.queries.asking import questions_to_answer
from assessment.queries.attempts import quiz_of
from assessment.services.attempts import start_attempt, submit_attempt
from courses.clauses import Clauses, Score, Test
from courses.enums import EnrollmentState
from courses.errors import EnrollmentNotActive, UnitNotInCohort
from courses.models import Enrollment, UnitProgress
from courses.services.enrollments import enroll, withdraw
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import (
    QuizPageFactory,
    asked,
    multiple,
    option,
    options_of,
    quizzed_cohort,
    responses_to,
    single,
)
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


def submit(attempt: Attempt, responses: Any, by: User) -> Attempt:
    return submit_attempt(attempt_id=attempt.pk, responses=responses, by=by)


def test_right_answers_pass_the_quiz_and_complete_the_unit_and_the_program(
    enrollment: Enrollment, quiz: QuizPage, trainee: User
):
    attempt = start(enrollment, quiz, trainee)

    marked = submit(attempt, responses_to(attempt, (0,), (0, 1)), trainee)

    progress = UnitProgress.objects.get(unit_key=quiz.translation_key)
    enrollment.refresh_from_db()
    assert (marked.score, marked.passed, marked.answers.count()) == (100, True, 2)
    assert (progress.score, progress.passed) == (100, True)
    assert enrollment.state == EnrollmentState.COMPLETED
    assert ModelLogEntry.objects.filter(action="assessment.attempt.submit", user=trainee).count() == 1


def test_marks_are_weighted_by_points_and_rounded_down(enrollment: Enrollment, quiz: QuizPage, trainee: User):
    attempt = start(enrollment, quiz, trainee)

    marked = submit(attempt, responses_to(attempt, (0,), (0,)), trainee)

    assert (marked.score, marked.passed) == (Decimal("66.66"), True)


def test_a_pass_below_what_the_rule_asks_for_may_be_tried_again(quiz: QuizPage):
    asks = Clauses(units=True, score=Score(tests=(Test(str(quiz.translation_key), {}, minimum=90),)))
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz, asks=asks))
    trainee = TraineeFactory(person=enrollment.person)
    first = start(enrollment, quiz, trainee)
    submit(first, responses_to(first, (0,), (0,)), trainee)

    second = start(enrollment, quiz, trainee)
    submit(second, responses_to(second, (0,), (0, 1)), trainee)

    enrollment.refresh_from_db()
    assert (first.number, second.number) == (1, 2)
    assert enrollment.state == EnrollmentState.COMPLETED


def test_a_pass_below_the_mean_that_the_rule_asks_for_may_be_tried_again(quiz: QuizPage):
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz, asks=Clauses(units=True, score=Score(70))))
    trainee = TraineeFactory(person=enrollment.person)
    first = start(enrollment, quiz, trainee)
    submit(first, responses_to(first, (0,), (0,)), trainee)

    second = start(enrollment, quiz, trainee)
    submit(second, responses_to(second, (0,), (0, 1)), trainee)

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
    first = submit(attempt, responses_to(attempt, (1,), (2,)), trainee)

    replayed = submit(attempt, responses_to(attempt, (0,), (0, 1)), trainee)

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
    submit(attempt, responses_to(attempt, (0,), (0, 1)), trainee)

    with pytest.raises(QuizAlreadyPassed):
        start(enrollment, quiz, trainee)


@pytest.mark.parametrize(
    "change",
    [
        lambda options: {2: options[0][0]},
        lambda options: {-1: options[0][0]},
        lambda options: {0: str(uuid4())},
        lambda options: {0: options[1][0]},
        lambda options: {0: [options[0][0], options[0][1]]},
        lambda options: {1: options[1][0]},
        lambda _options: {1: "text"},
        lambda _options: {1: 2**63},
    ],
    ids=[
        "no such slot",
        "slot below 0",
        "foreign option",
        "option of another question",
        "two answers of one",
        "one answer of several",
        "text",
        "number",
    ],
)
def test_what_no_question_takes_is_refused_and_the_attempt_stays_open(
    enrollment: Enrollment, quiz: QuizPage, trainee: User, change: Any
):
    attempt = start(enrollment, quiz, trainee)

    with pytest.raises(NotOneOfTheQuestions):
        submit(attempt, responses_to(attempt, (0,)) | change(options_of(attempt)), trainee)

    attempt.refresh_from_db()
    assert attempt.is_open
    assert not Answer.objects.exists()
    assert UnitProgress.objects.get().score is None


def test_an_attempt_keeps_the_questions_it_began_with(enrollment: Enrollment, quiz: QuizPage, trainee: User):
    attempt = start(enrollment, quiz, trainee)
    responses = responses_to(attempt, (0,), (0, 1))
    quiz.questions = [single("سؤال جديد تماما")]
    quiz.save_revision().publish()

    marked = submit(attempt, responses, trainee)

    assert marked.score == 100
    assert marked.answers.count() == 2


def test_questions_are_written_once_however_often_they_are_asked(quiz: QuizPage):
    cohort = quizzed_cohort(quiz)
    attempts = []
    for _person in range(3):
        enrollment = EnrollmentFactory(cohort=cohort)
        attempts.append(start(enrollment, quiz, TraineeFactory(person=enrollment.person)))

    assert attempts[0].versions == attempts[1].versions == attempts[2].versions
    assert (Question.objects.count(), QuestionVersion.objects.count()) == (2, 2)


def test_a_question_that_was_changed_is_another_version_of_it(quiz: QuizPage, trainee: User):
    first = start(EnrollmentFactory(cohort=quizzed_cohort(quiz)), quiz, trainee)
    quiz.questions[0].value["text"] = "ما أول خطوة قبل الفتح؟"
    quiz.save_revision().publish()

    second = start(EnrollmentFactory(cohort=quizzed_cohort(quiz, asks=None)), quiz, trainee)

    assert first.versions[1] == second.versions[1]
    assert first.versions[0] != second.versions[0]
    assert (Question.objects.count(), QuestionVersion.objects.count()) == (2, 3)


def in_english(quiz: QuizPage, questions: list[Any], **facts: Any) -> None:
    english, _is_new = Locale.objects.get_or_create(language_code="en")
    page = quiz.copy_for_translation(english, copy_parents=True)
    page.questions = questions
    for name, value in facts.items():
        setattr(page, name, value)
    page.save_revision().publish()


def first_in_english() -> tuple[str, dict[str, Any]]:
    options = [option("Cut the power", right=True), option("Open the panel"), option("Call a colleague")]
    return "single", {"text": "What comes first?", "options": options, "explanation": "", "points": 1}


def test_both_languages_of_a_quiz_are_one_question(trainee: User):
    quiz = QuizPageFactory(questions=[single()])
    in_english(quiz, [first_in_english()])
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz))

    with override("en"):
        attempt = start(enrollment, quiz, trainee)
        (english,) = questions_to_answer(attempt, {})
    with override("ar"):
        (arabic,) = questions_to_answer(attempt, {})

    assert (english.text, arabic.text) == ("What comes first?", "ما أول خطوة؟")
    assert [one.text for one in english.options] == ["Cut the power", "Open the panel", "Call a colleague"]
    assert [one.option_id for one in english.options] == [one.option_id for one in arabic.options]


def test_a_language_that_asks_something_else_is_asked_as_it_is(trainee: User):
    quiz = QuizPageFactory(questions=[single()])
    in_english(quiz, [first_in_english(), multiple("Which tools are insulated?")])
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz))

    with override("en"):
        attempt = start(enrollment, quiz, trainee)

    assert [one.content["text"] for one in asked(attempt)] == [
        {"en": "What comes first?"},
        {"en": "Which tools are insulated?"},
    ]


def test_the_rules_of_the_source_language_hold_in_every_language(trainee: User):
    quiz = QuizPageFactory(
        questions=[single()], is_supervised=True, limit_minutes=45, attempts_allowed=1, pass_percent=90
    )
    in_english(quiz, [first_in_english()], is_supervised=False, limit_minutes=None, attempts_allowed=9)
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz))

    with override("en"):
        read = quiz_of(enrollment, quiz.translation_key)
        with pytest.raises(NoSittingNow):
            start(enrollment, quiz, trainee)

    assert read
    assert (read.is_supervised, read.limit_minutes, read.attempts_allowed, read.pass_percent) == (
        True,
        45,
        1,
        90,
    )
    assert read.locale.language_code == "en"


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
        Attempt.objects.update(versions=[])
    submit(attempt, {}, trainee)

    for change in (
        lambda: Attempt.objects.update(score=100),
        lambda: Answer.objects.update(mark=1),
        lambda: Answer.objects.all().delete(),
        lambda: QuestionVersion.objects.update(key={}),
        lambda: QuestionVersion.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_many_tabs_at_once_make_one_attempt_and_one_mark():
    quiz, trainee = QuizPageFactory(), TraineeFactory()
    enrollment = EnrollmentFactory(person=trainee.person, cohort=quizzed_cohort(quiz))

    def take(tab: int) -> None:
        try:
            attempt = start(enrollment, quiz, trainee)
            chosen = responses_to(attempt, (0,), (0, 1)) if tab % 2 else {}
            submit(attempt, chosen, trainee)
        except (QuizAlreadyPassed, EnrollmentNotActive, NoAttemptsLeft):
            # Three tabs without an answer, one after the other, use them all.
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(take, range(6)))

    marked = Attempt.objects.filter(state="marked")
    numbers = list(marked.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert 1 <= len(numbers) <= quiz.attempts_allowed
    assert Answer.objects.count() == 2 * len(numbers)


def test_an_attempt_of_forty_questions_is_a_small_row(db: None):
    quiz = QuizPageFactory(questions=[single(f"السؤال {number}") for number in range(40)])
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz))
    attempt = start_attempt(
        enrollment_id=enrollment.pk,
        unit_key=quiz.translation_key,
        by=TraineeFactory(person=enrollment.person),
    )

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_column_size(a.*) FROM assessment_attempt a WHERE id = %s", [attempt.pk])
        [size] = cursor.fetchone()

    assert 0 < size <= 2048
