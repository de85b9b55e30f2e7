"""Exams: a limit by the server's clock, a window to start in, sittings with a code, and more time while they run."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.errors import ReasonMissing
from accounts.models import User
from assessment.errors import (
    MinutesOutOfRange,
    NoSittingNow,
    NoSuchQuiz,
    NotAnExamSession,
    NoTimeLimit,
    NotSupervised,
    OwnAttempt,
    SessionNotToday,
    SittingEnded,
    SittingHasBegun,
    SittingHasNoOpenAttempts,
    StartsLater,
    StartsNoMore,
    TooManyCodes,
    WindowClosesBeforeItOpens,
    WrongCode,
)
from assessment.models import Attempt, ExamWindow, Incident, QuizPage, Sitting, TimeGrant
from assessment.queries.asking import questions_to_answer
from assessment.queries.own_data import answer_rows
from assessment.services.attempts import start_attempt, submit_attempt
from assessment.services.closing import close_expired_attempts
from assessment.services.grants import give_time, give_time_to_room
from assessment.services.sittings import (
    cancel_sitting,
    end_sitting,
    note_incident,
    plan_sitting,
    release_code,
)
from assessment.services.starting import MOST_WRONG_CODES
from assessment.services.windows import set_window
from courses.enums import SessionKind
from courses.models import ClassSession, Cohort
from tests.assessment.test_quiz_page import address, logged_in
from tests.factories.accommodations import accommodated
from tests.factories.accounts import TraineeFactory, UserFactory
from tests.factories.assessment import SECRET_WHY, QuizPageFactory, quizzed_cohort, single
from tests.factories.courses import ClassSessionFactory, EnrollmentFactory
from tests.factories.pages import site_of

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def supervisor() -> User:
    return UserFactory()


@pytest.fixture
def quiz() -> QuizPage:
    return QuizPageFactory(limit_minutes=40, is_supervised=True, purpose="exam")


@pytest.fixture
def cohort(quiz: QuizPage) -> Cohort:
    return quizzed_cohort(quiz)


@pytest.fixture
def session(cohort: Cohort) -> ClassSession:
    now = timezone.now()
    return exam(cohort, starts_at=now - HOUR / 4, ends_at=now + 2 * HOUR)


@pytest.fixture
def sitting(quiz: QuizPage, session: ClassSession, supervisor: User) -> Sitting:
    planned = plan_sitting(session_id=session.pk, quiz_key=quiz.translation_key, by=supervisor)
    return release_code(sitting_id=planned.pk, by=supervisor)


def exam(cohort: Cohort, **when: dt.datetime) -> ClassSession:
    return ClassSessionFactory(cohort=cohort, kind=SessionKind.EXAM, **when)


def start(quiz: QuizPage, cohort: Cohort, *, code: str = "") -> Attempt:
    enrollment = EnrollmentFactory(cohort=cohort)
    trainee = TraineeFactory(person=enrollment.person)
    return start_attempt(
        enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=trainee, holder="h", code=code
    )


def test_an_attempt_closes_after_its_limit(quiz: QuizPage, cohort: Cohort, sitting: Sitting):
    attempt = start(quiz, cohort, code=sitting.code)

    assert attempt.closes_at == attempt.started_at + dt.timedelta(minutes=40)
    assert (attempt.limit_seconds, attempt.grace_seconds, attempt.sitting) == (2400, 30, sitting)
    assert (attempt.purpose, attempt.factor) == ("exam", Decimal(1))


def test_without_the_code_of_the_room_nothing_starts(quiz: QuizPage, cohort: Cohort, sitting: Sitting):
    wrong = "000000" if sitting.code != "000000" else "111111"

    for code in ("", wrong, sitting.code[:5], "²" * 6):
        with pytest.raises(WrongCode):
            start(quiz, cohort, code=code)

    assert not Attempt.objects.exists()


def test_the_code_may_be_typed_in_arabic_digits_and_with_a_gap(
    quiz: QuizPage, cohort: Cohort, sitting: Sitting
):
    arabic = sitting.code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    assert start(quiz, cohort, code=f" {arabic[:3]} {arabic[3:]}").sitting == sitting


def test_guessing_the_code_ends_soon(quiz: QuizPage, cohort: Cohort, sitting: Sitting):
    enrollment = EnrollmentFactory(cohort=cohort)
    own: dict[str, Any] = {
        "enrollment_id": enrollment.pk,
        "unit_key": quiz.translation_key,
        "by": TraineeFactory(person=enrollment.person),
    }
    cache.clear()
    for _guess in range(MOST_WRONG_CODES):
        with pytest.raises(WrongCode):
            start_attempt(**own, code="12345")

    with pytest.raises(TooManyCodes):
        start_attempt(**own, code=sitting.code)


def test_before_its_code_is_told_and_after_its_end_no_one_starts(
    quiz: QuizPage, cohort: Cohort, session: ClassSession, supervisor: User
):
    planned = plan_sitting(session_id=session.pk, quiz_key=quiz.translation_key, by=supervisor)
    with pytest.raises(NoSittingNow):
        start(quiz, cohort, code="")
    code = release_code(sitting_id=planned.pk, by=supervisor).code
    attempt = start(quiz, cohort, code=code)
    end_sitting(sitting_id=planned.pk, by=supervisor)

    with pytest.raises(NoSittingNow):
        start(quiz, cohort, code=code)
    with pytest.raises(SittingEnded):
        release_code(sitting_id=planned.pk, by=supervisor)

    attempt.refresh_from_db()
    assert attempt.is_open


def test_a_code_is_made_once_and_a_told_one_is_not_canceled(sitting: Sitting, supervisor: User):
    assert release_code(sitting_id=sitting.pk, by=supervisor).code == sitting.code

    with pytest.raises(SittingHasBegun):
        cancel_sitting(sitting_id=sitting.pk, by=supervisor)


def test_a_planned_sitting_is_taken_back(quiz: QuizPage, session: ClassSession, supervisor: User):
    planned = plan_sitting(session_id=session.pk, quiz_key=quiz.translation_key, by=supervisor)

    cancel_sitting(sitting_id=planned.pk, by=supervisor)

    assert not Sitting.objects.exists()


@pytest.mark.parametrize("starts_in", [dt.timedelta(hours=2), dt.timedelta(hours=-4)])
def test_the_code_is_told_from_an_hour_before_the_session_until_its_end(
    quiz: QuizPage, cohort: Cohort, supervisor: User, starts_in: dt.timedelta
):
    now = timezone.now()
    session = exam(cohort, starts_at=now, ends_at=now + HOUR)
    planned = plan_sitting(session_id=session.pk, quiz_key=quiz.translation_key, by=supervisor)
    ClassSession.objects.update(starts_at=now + starts_in, ends_at=now + starts_in + HOUR)

    with pytest.raises(SessionNotToday):
        release_code(sitting_id=planned.pk, by=supervisor)


def test_a_sitting_is_planned_for_a_supervised_test_of_the_cohort(
    quiz: QuizPage, session: ClassSession, supervisor: User
):
    with pytest.raises(NoSuchQuiz):
        plan_sitting(session_id=session.pk, quiz_key=QuizPageFactory().translation_key, by=supervisor)
    quiz.is_supervised = False
    quiz.save_revision().publish()
    elsewhere = quizzed_cohort(quiz, asks=None)
    now = timezone.now()
    anywhere = exam(elsewhere, starts_at=now, ends_at=now + HOUR)

    with pytest.raises(NotSupervised):
        plan_sitting(session_id=anywhere.pk, quiz_key=quiz.translation_key, by=supervisor)


def test_a_sitting_is_not_planned_in_a_class(quiz: QuizPage, cohort: Cohort, supervisor: User):
    now = timezone.now()
    lesson = ClassSessionFactory(cohort=cohort, starts_at=now, ends_at=now + HOUR)

    with pytest.raises(NotAnExamSession):
        plan_sitting(session_id=lesson.pk, quiz_key=quiz.translation_key, by=supervisor)

    assert not Sitting.objects.exists()


def test_more_time_moves_the_end_of_one_person_or_of_the_room(
    quiz: QuizPage, cohort: Cohort, sitting: Sitting, supervisor: User
):
    one, other = start(quiz, cohort, code=sitting.code), start(quiz, cohort, code=sitting.code)

    give_time(attempt_id=one.pk, minutes=5, reason="تعطل الجهاز", by=supervisor)
    given = give_time_to_room(sitting_id=sitting.pk, minutes=10, reason="انقطاع التيار", by=supervisor)

    ends = {attempt.pk: attempt.closes_at - attempt.started_at for attempt in Attempt.objects.all()}
    assert given == 2
    assert ends == {one.pk: dt.timedelta(minutes=55), other.pk: dt.timedelta(minutes=50)}
    assert TimeGrant.objects.count() == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        TimeGrant.objects.update(seconds=1)


def test_time_that_ran_out_comes_back_until_the_attempt_is_closed(
    quiz: QuizPage, cohort: Cohort, sitting: Sitting, supervisor: User
):
    attempt = start(quiz, cohort, code=sitting.code)
    begun = timezone.now() - dt.timedelta(minutes=41)
    Attempt.objects.update(started_at=begun, closes_at=begun + dt.timedelta(minutes=40))

    give_time(attempt_id=attempt.pk, minutes=10, reason="انقطاع التيار", by=supervisor)
    closed_now = close_expired_attempts()
    Attempt.objects.update(closes_at=begun + dt.timedelta(minutes=40))
    close_expired_attempts()

    assert closed_now == 0
    with pytest.raises(SittingHasNoOpenAttempts):
        give_time(attempt_id=attempt.pk, minutes=10, reason="انقطاع التيار", by=supervisor)


def test_time_is_given_with_a_reason_in_minutes_and_not_to_oneself(
    quiz: QuizPage, cohort: Cohort, sitting: Sitting, supervisor: User
):
    attempt = start(quiz, cohort, code=sitting.code)
    own = User.objects.get(person=attempt.enrollment.person_id)

    for minutes, reason, by, refusal in (
        (0, "x", supervisor, MinutesOutOfRange),
        (-5, "x", supervisor, MinutesOutOfRange),
        (10**9, "x", supervisor, MinutesOutOfRange),
        (5, " ", supervisor, ReasonMissing),
        (5, "x", own, OwnAttempt),
    ):
        with pytest.raises(refusal):
            give_time(attempt_id=attempt.pk, minutes=minutes, reason=reason, by=by)
        with pytest.raises(refusal):
            give_time_to_room(sitting_id=sitting.pk, minutes=minutes, reason=reason, by=by)

    attempt.refresh_from_db()
    assert attempt.granted_seconds == 0


def test_an_attempt_without_a_limit_takes_no_time(supervisor: User):
    quiz = QuizPageFactory()
    attempt = start(quiz, quizzed_cohort(quiz))

    with pytest.raises(NoTimeLimit):
        give_time(attempt_id=attempt.pk, minutes=5, reason="x", by=supervisor)


def test_an_incident_is_noted_and_kept(quiz: QuizPage, cohort: Cohort, sitting: Sitting, supervisor: User):
    attempt = start(quiz, cohort, code=sitting.code)

    note_incident(sitting_id=sitting.pk, text=" خرج خمس دقائق ", by=supervisor, attempt_id=attempt.pk)

    assert Incident.objects.get().text == "خرج خمس دقائق"
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.all().delete()


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
    quiz: QuizPage, cohort: Cohort, sitting: Sitting, supervisor: User
):
    client, attempt = submitted(quiz, cohort, code=sitting.code)
    other = start(quiz, cohort, code=sitting.code)

    pages = [client.get(address("attempt", attempt)).content.decode()]
    end_sitting(sitting_id=sitting.pk, by=supervisor)
    pages.append(client.get(address("attempt", attempt)).content.decode())
    submit_attempt(attempt_id=other.pk, by=supervisor)
    shown = client.get(address("attempt", attempt)).content.decode()

    for page in pages:
        assert SECRET_WHY not in page
        assert "تُشرح إجاباتك لاحقًا" in page
        assert "quiz__question" not in page
    assert SECRET_WHY in shown


def test_ones_own_data_tell_no_mark_of_a_question_before_the_key_is_out(
    quiz: QuizPage, cohort: Cohort, sitting: Sitting, supervisor: User
):
    _client, attempt = submitted(quiz, cohort, code=sitting.code)

    before = list(answer_rows(attempt.enrollment.person))
    end_sitting(sitting_id=sitting.pk, by=supervisor)
    after = list(answer_rows(attempt.enrollment.person))

    assert before == []
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


def test_the_page_of_a_supervised_test_asks_for_the_code_and_is_taken_on_one_device(
    quiz: QuizPage, cohort: Cohort, sitting: Sitting
):
    enrollment = EnrollmentFactory(cohort=cohort)
    trainee = TraineeFactory(person=enrollment.person)
    phone, desk = logged_in(trainee), logged_in(trainee)
    site_of(quiz.get_ancestors().get(depth=2), hostname="localhost")
    front = phone.get(quiz.url, follow=True).content.decode()
    begin = reverse("assessment:start", args=[quiz.translation_key])

    phone.post(begin, {"code": sitting.code})
    attempt = Attempt.objects.get()
    elsewhere = desk.get(address("attempt", attempt)).content.decode()
    sent = desk.post(address("submit", attempt), {"question-0": "x", "epoch": "1", "confirmed": "1"})
    gone_on = desk.post(address("go_on", attempt), follow=True).content.decode()

    attempt.refresh_from_db()
    assert 'name="code"' in front
    assert "quiz__question" not in elsewhere
    assert (sent.status_code, attempt.is_open, attempt.epoch) == (302, True, 2)
    assert "quiz__question" in gone_on
    assert "quiz__question" not in phone.get(address("attempt", attempt)).content.decode()
    assert ModelLogEntry.objects.filter(action="assessment.attempt.take_over").count() == 1


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
