"""Attempts whose time ran out are closed by a sweep, as of the end of their time."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.models import User
from assessment.enums import EndedBy
from assessment.errors import AttemptOver
from assessment.models import Attempt, QuestionVersion, QuizPage
from assessment.services.attempts import start_attempt, submit_attempt
from assessment.services.closing import close_expired_attempts
from assessment.services.saving import save_answers
from courses.models import Cohort, UnitProgress
from courses.services.enrollments import enroll, reinstate, withdraw
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import QuizPageFactory, quizzed_cohort, responses_to
from tests.factories.courses import EnrollmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiz() -> QuizPage:
    return QuizPageFactory()


@pytest.fixture
def cohort(quiz: QuizPage) -> Cohort:
    return quizzed_cohort(quiz)


def begun(quiz: QuizPage, cohort: Cohort) -> tuple[Attempt, User]:
    trainee = TraineeFactory()
    enrollment = enroll(person_id=trainee.person.pk, cohort_id=cohort.pk, by=trainee)
    return start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=trainee), trainee


def run_out(*attempts: Attempt, seconds: int = 60) -> dt.datetime:
    closes_at = timezone.now() - dt.timedelta(seconds=seconds)
    Attempt.objects.filter(pk__in=[one.pk for one in attempts]).update(closes_at=closes_at, grace_seconds=30)
    return closes_at


def test_what_was_saved_in_time_is_marked_and_counts(quiz: QuizPage, cohort: Cohort):
    attempt, _trainee = begun(quiz, cohort)
    save_answers(attempt_id=attempt.pk, responses=responses_to(attempt, (0,), (0, 1)))
    closes_at = run_out(attempt)

    closed = close_expired_attempts()

    attempt.refresh_from_db()
    assert (closed, attempt.score, attempt.passed) == (1, 100, True)
    assert (attempt.ended_at, attempt.ended_by) == (closes_at, EndedBy.TIME)
    assert UnitProgress.objects.get(unit_key=quiz.translation_key).score == 100
    assert ModelLogEntry.objects.filter(action="assessment.attempt.close", user=None).count() == 1


def test_within_the_grace_and_without_a_limit_nothing_is_closed(quiz: QuizPage, cohort: Cohort):
    (within, _one), (_without, _two) = begun(quiz, cohort), begun(quiz, cohort)
    run_out(within, seconds=29)

    assert close_expired_attempts() == 0


def test_a_second_run_changes_nothing(quiz: QuizPage, cohort: Cohort):
    attempt, trainee = begun(quiz, cohort)
    run_out(attempt)
    close_expired_attempts()
    marked = Attempt.objects.get()

    assert close_expired_attempts() == 0
    submit_attempt(attempt_id=attempt.pk, responses=responses_to(attempt, (0,)), by=trainee)
    with pytest.raises(AttemptOver):
        save_answers(attempt_id=attempt.pk, responses={})

    attempt.refresh_from_db()
    assert (attempt.score, attempt.marked_at) == (Decimal(0), marked.marked_at)


def test_who_hands_in_after_the_grace_is_marked_on_what_was_in_time(quiz: QuizPage, cohort: Cohort):
    attempt, trainee = begun(quiz, cohort)
    save_answers(attempt_id=attempt.pk, responses=responses_to(attempt, (0,)))
    closes_at = run_out(attempt)

    marked = submit_attempt(attempt_id=attempt.pk, responses=responses_to(attempt, (0,), (0, 1)), by=trainee)

    assert (marked.score, marked.ended_at, marked.ended_by) == (Decimal("33.33"), closes_at, EndedBy.TIME)


def test_an_attempt_of_somebody_who_was_withdrawn_is_marked_and_recorded_nowhere(
    quiz: QuizPage, cohort: Cohort
):
    attempt, trainee = begun(quiz, cohort)
    withdraw(enrollment_id=attempt.enrollment_id, reason="انتقل", by=trainee)
    run_out(attempt)

    closed = close_expired_attempts()

    attempt.refresh_from_db()
    assert (closed, attempt.score) == (1, 0)
    assert not UnitProgress.objects.filter(score__isnull=False).exists()


def test_who_is_reinstated_has_what_was_marked_meanwhile(quiz: QuizPage, cohort: Cohort, manager: User):
    attempt, _trainee = begun(quiz, cohort)
    save_answers(attempt_id=attempt.pk, responses=responses_to(attempt, (0,)))
    withdraw(enrollment_id=attempt.enrollment_id, reason="انتقل", by=manager)
    run_out(attempt)
    close_expired_attempts()
    attempt.refresh_from_db()
    assert attempt.score

    for _time in range(2):
        reinstate(enrollment_id=attempt.enrollment_id, reason="عاد", by=manager)
        progress = UnitProgress.objects.get()
        assert (progress.scores, progress.passed) == ([attempt.score], attempt.passed)
        withdraw(enrollment_id=attempt.enrollment_id, reason="انتقل", by=manager)


def test_one_that_cannot_be_marked_hinders_no_other(quiz: QuizPage, cohort: Cohort):
    attempts = [begun(quiz, cohort)[0] for _person in range(2)]
    # A key that cannot be read.
    broken = QuestionVersion.objects.get(pk=attempts[0].versions[0])
    broken.pk, broken.key, broken.digest = None, {"weights": {"x": "1"}}, "broken"
    broken.save()
    faulty = Attempt.objects.create(
        enrollment=EnrollmentFactory(cohort=cohort),
        quiz_key=quiz.translation_key,
        number=1,
        versions=[broken.pk],
        points=[1],
        pass_percent=60,
        started_at=timezone.now(),
    )
    run_out(*attempts, faulty)

    with pytest.raises(RuntimeError, match=str(faulty.pk)):
        close_expired_attempts()

    assert Attempt.objects.filter(state="marked").count() == 2


def test_more_attempts_ask_one_more_statement_each(quiz: QuizPage, cohort: Cohort):
    asked = {}
    # The first run asks what a process asks once.
    for count in (2, 1, 3):
        run_out(*(begun(quiz, cohort)[0] for _person in range(count)))
        with CaptureQueriesContext(connection) as queries:
            close_expired_attempts()
        asked[count] = len(queries)

    assert asked[3] == asked[1] + 2
