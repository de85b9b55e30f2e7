"""What a person has to mark: the attempt ends, waits without a score, and is marked as a whole."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessment.enums import AttemptState, KeyRule
from assessment.errors import AttemptAwaitsMark
from assessment.models import Attempt, Question, QuestionVersion, QuizPage
from assessment.services.attempts import start_attempt, submit_attempt
from assessment.services.closing import close_expired_attempts
from assessment.services.ending import finish_marking
from courses.enums import EnrollmentState
from courses.models import Cohort, Enrollment, UnitProgress
from courses.services.enrollments import withdraw
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import QuizPageFactory, asked, quizzed_cohort, single
from tests.factories.courses import EnrollmentFactory
from tests.factories.regrades import begun as taken_by_another
from tests.factories.regrades import officer, regraded

pytestmark = pytest.mark.django_db

ESSAY = "افصل التيار ثم افحص القاطع."


@pytest.fixture
def cohort() -> Cohort:
    """Of a quiz with one question of a point; 60 % pass, and complete the program."""
    return quizzed_cohort(QuizPageFactory(questions=[single()]))


@pytest.fixture
def enrollment(cohort: Cohort) -> Enrollment:
    row: Enrollment = EnrollmentFactory(cohort=cohort)
    return row


@pytest.fixture
def trainee(enrollment: Enrollment) -> User:
    user: User = TraineeFactory(person=enrollment.person)
    return user


def quiz_key(cohort: Cohort) -> str:
    assert cohort.content_version is not None
    return str(cohort.content_version.units[0]["unit"])


def begun(enrollment: Enrollment, trainee: User, *, points: int = 1, **facts: object) -> Attempt:
    """An attempt with the question of the quiz and an essay of so many points."""
    quiz = QuizPage.objects.get(translation_key=quiz_key(enrollment.cohort))
    # Another trainee's: what the page asks is written down with the first attempt.
    first, _other = taken_by_another(enrollment.cohort)
    question = Question.objects.create(quiz_key=quiz.translation_key, block_id="essay")
    essay = QuestionVersion.objects.create(
        question=question, kind="essay", content={"text": {"ar": "صف الخطوات."}}, key={}, digest="essay"
    )
    return Attempt.objects.create(
        enrollment=enrollment,
        quiz_key=quiz.translation_key,
        number=1,
        title=quiz.title,
        versions=[*first.versions, essay.pk],
        points=[1, points],
        pass_percent=60,
        started_at=timezone.now(),
        **facts,
    )


def handed_in(attempt: Attempt, trainee: User, *, option: int = 0, essay: str | None = ESSAY) -> Attempt:
    chosen = options_of_first(attempt)[option]
    return submit_attempt(attempt_id=attempt.pk, responses={0: chosen, 1: essay}, by=trainee)


def options_of_first(attempt: Attempt) -> list[str]:
    return [option["id"] for option in asked(attempt)[0].content["options"]]


def test_a_text_waits_for_a_person_and_so_does_the_score(enrollment: Enrollment, trainee: User):
    attempt = handed_in(begun(enrollment, trainee), trainee)

    progress = UnitProgress.objects.get(enrollment=enrollment)
    assert (attempt.state, attempt.score, attempt.passed) == (AttemptState.AWAITING, None, None)
    assert {one.mark for one in attempt.answers.all()} == {None}
    assert progress.awaits_mark_since is not None
    assert (progress.score, progress.completed_at) == (None, None)


def test_a_text_that_was_not_written_waits_for_no_one(enrollment: Enrollment, trainee: User):
    attempt = handed_in(begun(enrollment, trainee), trainee, essay=None)

    assert (attempt.state, attempt.score) == (AttemptState.MARKED, 50)


def test_while_it_waits_no_other_attempt_starts(enrollment: Enrollment, trainee: User):
    attempt = handed_in(begun(enrollment, trainee), trainee)

    with pytest.raises(AttemptAwaitsMark):
        start_attempt(enrollment_id=enrollment.pk, unit_key=attempt.quiz_key, by=trainee)


@pytest.mark.parametrize(
    ("share", "score", "state"),
    [
        ("1", 100, EnrollmentState.COMPLETED),
        ("0.25", "62.50", EnrollmentState.COMPLETED),
        ("0", 50, "active"),
    ],
)
def test_the_marks_of_people_and_those_of_keys_make_the_score(
    enrollment: Enrollment, trainee: User, share: str, score: str, state: str
):
    attempt = handed_in(begun(enrollment, trainee), trainee)

    with transaction.atomic():
        finish_marking(attempt, {1: Decimal(share)})

    attempt.refresh_from_db()
    enrollment.refresh_from_db()
    progress = UnitProgress.objects.get(enrollment=enrollment)
    assert (attempt.state, attempt.score) == (AttemptState.MARKED, Decimal(score))
    assert [one.mark for one in attempt.answers.order_by("slot")] == [1, Decimal(share)]
    assert (progress.score, progress.awaits_mark_since) == (Decimal(score), None)
    assert enrollment.state == state


def test_thirds_are_not_rounded_below_a_pass(enrollment: Enrollment, trainee: User):
    """Two thirds of nine points and no point for the other: exactly 60 % of ten."""
    attempt = handed_in(begun(enrollment, trainee, points=9), trainee, option=1)

    finish_marking(attempt, {1: Decimal("0.6667")})

    assert (attempt.score, attempt.passed) == (Decimal("60.00"), True)


def test_a_key_that_is_corrected_while_an_attempt_waits_counts(enrollment: Enrollment, trainee: User):
    attempt = handed_in(begun(enrollment, trainee), trainee, option=1)
    regraded(attempt.versions[0], KeyRule.EVERYBODY, by=officer())

    finish_marking(attempt, {1: Decimal(0)})

    assert attempt.score == 50


def test_a_text_whose_question_counts_for_no_one_waits_for_no_one(enrollment: Enrollment, trainee: User):
    attempt = begun(enrollment, trainee)
    regraded(attempt.versions[1], KeyRule.NO_ONE, by=officer())

    handed_in(attempt, trainee)

    attempt.refresh_from_db()
    assert attempt.score == 100


def test_an_attempt_whose_time_ran_out_waits_too(enrollment: Enrollment, trainee: User):
    over = timezone.now() - dt.timedelta(minutes=5)
    attempt = begun(enrollment, trainee, closes_at=over + dt.timedelta(hours=1))
    attempt.events.create(epoch=1, seq=1, slot=1, response=ESSAY, at=timezone.now())
    Attempt.objects.filter(pk=attempt.pk).update(closes_at=over)

    closed = close_expired_attempts()

    attempt.refresh_from_db()
    assert (closed, attempt.state, attempt.ended_at) == (1, AttemptState.AWAITING, over)
    assert UnitProgress.objects.get(enrollment=enrollment).awaits_mark_since is not None


def test_who_was_withdrawn_while_it_waited_is_marked_and_it_counts_nowhere(
    enrollment: Enrollment, trainee: User
):
    attempt = handed_in(begun(enrollment, trainee), trainee)
    withdraw(enrollment_id=enrollment.pk, reason="سافر", by=officer())

    finish_marking(attempt, {1: Decimal(1)})

    attempt.refresh_from_db()
    assert (attempt.state, attempt.score) == (AttemptState.MARKED, 100)
    assert UnitProgress.objects.get(enrollment=enrollment).score is None


def test_the_database_lets_no_mark_appear_twice_and_no_attempt_open_again(
    enrollment: Enrollment, trainee: User
):
    attempt = handed_in(begun(enrollment, trainee), trainee)

    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(state=AttemptState.OPEN, ended_at=None, ended_by="")
    finish_marking(attempt, {1: Decimal(1)})
    with pytest.raises(IntegrityError), transaction.atomic():
        attempt.answers.filter(slot=1).update(mark=Decimal("0.5"))


def test_its_page_says_that_it_waits_and_tells_no_mark(enrollment: Enrollment, trainee: User):
    attempt = handed_in(begun(enrollment, trainee), trainee)
    client = Client()
    client.force_login(trainee)

    page = client.get(reverse("assessment:attempt", args=[attempt.public_id]))

    assert page.status_code == 200
    assert "تنتظر" in page.content.decode()
