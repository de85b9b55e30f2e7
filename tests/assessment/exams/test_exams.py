"""Exams: a limit by the server's clock, a window to start in, and the key once the whole cohort is through."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from assessment.errors import (
    SittingAfterWindow,
    StartsLater,
    StartsNoMore,
    WindowClosesBeforeItOpens,
)
from assessment.models import Attempt, ExamWindow, QuizPage, Sitting
from assessment.queries.asking import questions_to_answer
from assessment.queries.exams import are_keys_out
from assessment.queries.own_data import answer_rows
from assessment.services.attempts import start_attempt, submit_attempt
from assessment.services.grants import give_time
from assessment.services.sittings import end_sitting, plan_sitting, release_code
from assessment.services.windows import set_window
from courses.models import Cohort
from tests.assessment.test_quiz_page import address, logged_in
from tests.factories.accommodations import accommodated
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import SECRET_WHY, QuizPageFactory, quizzed_cohort, responses_to, single
from tests.factories.courses import EnrollmentFactory
from tests.factories.exams import exam_in, planned_sitting, running_sitting, start, supervised_test

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def test_an_attempt_closes_after_its_limit(quiz: QuizPage, cohort: Cohort, sitting: Sitting):
    attempt = start(quiz, cohort, code=sitting.code)

    assert attempt.closes_at == attempt.started_at + dt.timedelta(minutes=40)
    assert (attempt.limit_seconds, attempt.grace_seconds, attempt.sitting) == (2400, 30, sitting)
    assert (attempt.purpose, attempt.factor) == ("exam", Decimal(1))


def test_a_window_limits_when_one_starts_and_not_how_long_one_has(supervisor: User):
    quiz = QuizPageFactory(limit_minutes=60)
    cohort, now = quizzed_cohort(quiz), timezone.now()

    def window(opens_in: dt.timedelta, closes_in: dt.timedelta) -> None:
        set_window(
            cohort_id=cohort.pk,
            quiz_key=quiz.translation_key,
            opens_at=now + opens_in,
            closes_at=now + closes_in,
            by=supervisor,
        )

    window(HOUR, 2 * HOUR)
    with pytest.raises(StartsLater):
        start(quiz, cohort)
    window(-HOUR, HOUR / 6)
    attempt = start(quiz, cohort)
    window(-2 * HOUR, -HOUR)
    with pytest.raises(StartsNoMore):
        start(quiz, cohort)

    assert attempt.closes_at == attempt.started_at + HOUR
    assert submit_attempt(attempt_id=attempt.pk, by=supervisor).score == 0


def test_a_window_has_two_times_in_order_or_none(supervisor: User):
    quiz = QuizPageFactory()
    cohort, now = quizzed_cohort(quiz), timezone.now()

    for opens_at, closes_at in ((now, None), (None, now), (now, now), (now, now - HOUR)):
        with pytest.raises(WindowClosesBeforeItOpens):
            set_window(
                cohort_id=cohort.pk,
                quiz_key=quiz.translation_key,
                opens_at=opens_at,
                closes_at=closes_at,
                by=supervisor,
            )
    for opens_at, closes_at in ((now, now + HOUR), (None, None)):
        set_window(
            cohort_id=cohort.pk,
            quiz_key=quiz.translation_key,
            opens_at=opens_at,
            closes_at=closes_at,
            by=supervisor,
        )

    assert not ExamWindow.objects.exists()


def submitted(quiz: QuizPage, cohort: Cohort, **facts: Any) -> tuple[Client, Attempt]:
    attempt = start(quiz, cohort, **facts)
    trainee = User.objects.get(person=attempt.enrollment.person_id)
    client = logged_in(trainee)
    submit_attempt(attempt_id=attempt.pk, by=trainee)
    return client, attempt


def test_the_key_of_an_exam_is_shown_once_the_whole_cohort_is_through(
    supervisor: User,
):
    quiz = supervised_test(attempts_allowed=1)
    cohort = quizzed_cohort(quiz)
    sitting = running_sitting(cohort, quiz)
    client, attempt = submitted(quiz, cohort, code=sitting.code)
    other = start(quiz, cohort, code=sitting.code)

    pages = [client.get(address("attempt", attempt)).content.decode()]
    end_sitting(sitting_id=sitting.pk, by=supervisor)
    pages.append(client.get(address("attempt", attempt)).content.decode())
    submit_attempt(attempt_id=other.pk, by=supervisor)
    shown = client.get(address("attempt", attempt)).content.decode()

    for page in pages:
        assert SECRET_WHY not in page
        assert "quiz__question" not in page
    # While the sitting is open no result is read.
    assert ["تُشرح إجاباتك لاحقًا" in page for page in pages] == [False, True]
    assert SECRET_WHY in shown


def window_until(quiz: QuizPage, cohort: Cohort, closes_at: dt.datetime, by: User) -> None:
    set_window(
        cohort_id=cohort.pk,
        quiz_key=quiz.translation_key,
        opens_at=closes_at - 24 * HOUR,
        closes_at=closes_at,
        by=by,
    )


def is_out(attempt: Attempt) -> bool:
    """As a request reads it."""
    return are_keys_out(Attempt.objects.get(pk=attempt.pk))


def test_the_key_waits_for_who_was_absent_and_who_may_try_again(supervisor: User):
    quiz = supervised_test(attempts_allowed=2)
    cohort = quizzed_cohort(quiz)
    sitting = running_sitting(cohort, quiz)
    absent = EnrollmentFactory(cohort=cohort)
    _client, first = submitted(quiz, cohort, code=sitting.code)
    # Failed, and may try again.
    end_sitting(sitting_id=sitting.pk, by=supervisor)
    states = [is_out(first)]
    for people in ((first.enrollment, absent), (absent,)):
        again = release_code(sitting_id=planned_sitting(cohort, quiz, venue=None).pk, by=supervisor)
        for enrollment in people:
            attempt = start_attempt(
                enrollment_id=enrollment.pk,
                unit_key=quiz.translation_key,
                by=supervisor,
                code=again.code,
            )
            states.append(is_out(first))
            submit_attempt(attempt_id=attempt.pk, by=supervisor)
        states.append(is_out(first))
        end_sitting(sitting_id=again.pk, by=supervisor)

    assert states == [False] * 6
    assert is_out(first)


def test_who_withdrew_and_who_passed_are_not_waited_for(supervisor: User):
    quiz = supervised_test(attempts_allowed=3)
    cohort = quizzed_cohort(quiz)
    sitting = running_sitting(cohort, quiz)
    EnrollmentFactory(cohort=cohort, state="withdrawn")
    attempt = start(quiz, cohort, code=sitting.code)
    submit_attempt(attempt_id=attempt.pk, by=supervisor, responses=responses_to(attempt, (0,), (0, 1)))
    end_sitting(sitting_id=sitting.pk, by=supervisor)

    attempt.refresh_from_db()

    assert attempt.passed
    assert is_out(attempt)


def test_a_last_time_to_start_shows_the_key_although_somebody_has_attempts_left(supervisor: User):
    quiz = supervised_test(attempts_allowed=3)
    cohort = quizzed_cohort(quiz)
    sitting = running_sitting(cohort, quiz)
    _client, attempt = submitted(quiz, cohort, code=sitting.code)
    now = timezone.now()
    window_until(quiz, cohort, now - HOUR, supervisor)
    # The exam goes on all the same.
    states = [is_out(attempt)]
    end_sitting(sitting_id=sitting.pk, by=supervisor)
    states.append(is_out(attempt))

    assert states == [False, True]
    later = exam_in(cohort, venue=None, starts_at=now + HOUR, ends_at=now + 3 * HOUR)
    with pytest.raises(SittingAfterWindow):
        plan_sitting(session_id=later.pk, quiz_key=quiz.translation_key, by=supervisor)
    # Who takes it later, after all, gets another time; until then the key is not shown.
    window_until(quiz, cohort, now + 24 * HOUR, supervisor)
    plan_sitting(session_id=later.pk, quiz_key=quiz.translation_key, by=supervisor)
    assert not is_out(attempt)


def test_more_time_for_one_person_keeps_the_key_back(supervisor: User):
    quiz = QuizPageFactory(purpose="exam", limit_minutes=30, attempts_allowed=1)
    cohort = quizzed_cohort(quiz)
    _client, attempt = submitted(quiz, cohort)
    slow = EnrollmentFactory(cohort=cohort)
    accommodated(slow.person, factor=Decimal(2))
    other = start(quiz, cohort, enrollment=slow)
    window_until(quiz, cohort, timezone.now() - HOUR, supervisor)
    give_time(attempt_id=other.pk, minutes=30, reason="x", by=supervisor)

    before = is_out(attempt)
    submit_attempt(attempt_id=other.pk, by=supervisor)

    assert (before, is_out(attempt)) == (False, True)


def test_ones_own_data_tell_no_mark_of_a_question_before_the_key_is_out_and_was_read(supervisor: User):
    quiz = supervised_test(attempts_allowed=1)
    cohort = quizzed_cohort(quiz)
    sitting = running_sitting(cohort, quiz)
    client, attempt = submitted(quiz, cohort, code=sitting.code)

    before = list(answer_rows(attempt.enrollment.person))
    end_sitting(sitting_id=sitting.pk, by=supervisor)
    unread = list(answer_rows(attempt.enrollment.person))
    client.get(address("attempt", attempt))
    after = list(answer_rows(attempt.enrollment.person))

    assert before == []
    # Told in a file, they would be right answers for the person whom the center gives another attempt.
    assert [row["question"] for row in unread] == [row["question"] for row in after]
    assert not any("mark" in row for row in unread)
    assert [row["mark"] for row in after] == [0, 0]


def test_the_key_is_shown_after_the_window(supervisor: User):
    quiz = QuizPageFactory(purpose="exam")
    cohort, now = quizzed_cohort(quiz), timezone.now()
    client, attempt = submitted(quiz, cohort)
    before = client.get(address("attempt", attempt)).content.decode()
    set_window(
        cohort_id=cohort.pk,
        quiz_key=quiz.translation_key,
        opens_at=now - 2 * HOUR,
        closes_at=now - HOUR,
        by=supervisor,
    )

    after = client.get(address("attempt", attempt)).content.decode()

    assert (SECRET_WHY in before, SECRET_WHY in after) == (False, True)


def test_options_are_shown_in_an_order_of_the_person_which_stays(supervisor: User):
    quiz = QuizPageFactory(
        questions=[single(f"سؤال {number}") for number in range(8)],
        shuffles_options=True,
        shuffles_questions=True,
    )
    cohort = quizzed_cohort(quiz)
    attempts = [start(quiz, cohort) for _person in range(3)]

    orders = {
        attempt.pk: [
            [[option.text for option in one.options] for one in questions_to_answer(attempt, {})]
            for _time in range(2)
        ]
        for attempt in attempts
    }

    assert all(first == again for first, again in orders.values())
    assert len({str(first) for first, _again in orders.values()}) == 3
    assert len({str(attempt.versions) for attempt in attempts}) == 3
    assert len({str(sorted(attempt.versions)) for attempt in attempts}) == 1


def test_who_is_allowed_more_time_has_it_and_keeps_what_held_at_the_start(
    quiz: QuizPage, cohort: Cohort, sitting: Sitting
):
    enrollment = EnrollmentFactory(cohort=cohort)
    trainee = TraineeFactory(person=enrollment.person)
    accommodated(enrollment.person, break_minutes=10)

    attempt = start_attempt(
        enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=trainee, code=sitting.code
    )

    assert attempt.closes_at == attempt.started_at + dt.timedelta(minutes=60)
    assert (attempt.factor, attempt.granted_seconds) == (Decimal("1.25"), 600)
