"""Sittings: a test in a room, started with a code, taken on one device, with more time while it runs."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
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
    NotInThisSitting,
    NotSupervised,
    OwnAttempt,
    SessionNotToday,
    SittingEnded,
    SittingHasBegun,
    SittingHasIncidents,
    SittingHasNoOpenAttempts,
    TooManyCodes,
    WrongCode,
)
from assessment.models import Attempt, Incident, QuizPage, Sitting, TimeGrant
from assessment.services.attempts import start_attempt
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
from courses.enums import SessionKind
from courses.errors import ExamClash, ExamTooShort
from courses.models import ClassSession, Cohort, Venue
from courses.services.sessions import reschedule_session
from tests.assessment.test_quiz_page import address, logged_in
from tests.factories.accounts import TraineeFactory
from tests.factories.assessment import QuizPageFactory, quizzed_cohort
from tests.factories.courses import ClassSessionFactory, EnrollmentFactory
from tests.factories.exams import exam_in, running_sitting, sit, start, supervised_test
from tests.factories.pages import site_of

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def session(cohort: Cohort) -> ClassSession:
    return exam_in(cohort)


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


def test_a_sitting_of_which_something_was_noted_stays(
    quiz: QuizPage, session: ClassSession, supervisor: User
):
    planned = plan_sitting(session_id=session.pk, quiz_key=quiz.translation_key, by=supervisor)
    note_incident(sitting_id=planned.pk, text="القاعة بلا كهرباء", by=supervisor)

    with pytest.raises(SittingHasIncidents):
        cancel_sitting(sitting_id=planned.pk, by=supervisor)


def test_a_planned_sitting_is_taken_back(quiz: QuizPage, session: ClassSession, supervisor: User):
    planned = plan_sitting(session_id=session.pk, quiz_key=quiz.translation_key, by=supervisor)

    cancel_sitting(sitting_id=planned.pk, by=supervisor)

    assert not Sitting.objects.exists()


@pytest.mark.parametrize("starts_in", [dt.timedelta(hours=2), dt.timedelta(hours=-4)])
def test_the_code_is_told_from_an_hour_before_the_session_until_its_end(
    quiz: QuizPage, cohort: Cohort, supervisor: User, starts_in: dt.timedelta
):
    now = timezone.now()
    session = exam_in(cohort, starts_at=now, ends_at=now + HOUR)
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
    anywhere = exam_in(elsewhere, starts_at=now, ends_at=now + HOUR)

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


def test_an_exam_shorter_than_the_time_limit_gets_no_sitting(
    quiz: QuizPage, cohort: Cohort, supervisor: User
):
    begins = timezone.now() + HOUR
    half = exam_in(cohort, starts_at=begins, ends_at=begins + HOUR / 2)

    with pytest.raises(ExamTooShort) as refusal:
        plan_sitting(session_id=half.pk, quiz_key=quiz.translation_key, by=supervisor)

    assert (refusal.value.facts["minutes"], refusal.value.facts["limit"]) == ("٣٠", "٤٠")


def test_an_exam_with_a_planned_sitting_is_not_made_shorter_than_the_time_limit(
    quiz: QuizPage, cohort: Cohort, supervisor: User
):
    begins = timezone.now() + HOUR
    held = exam_in(cohort, starts_at=begins, ends_at=begins + HOUR)
    plan_sitting(session_id=held.pk, quiz_key=quiz.translation_key, by=supervisor)
    same = {"session_id": held.pk, "kind": SessionKind.EXAM, "title": held.title, "by": supervisor}

    with pytest.raises(ExamTooShort):
        reschedule_session(**same, starts_at=begins, ends_at=begins + HOUR / 2)
    reschedule_session(**same, starts_at=begins, ends_at=begins + HOUR * 2)


def test_an_exam_that_clashes_already_gets_no_sitting(quiz: QuizPage, cohort: Cohort, supervisor: User):
    begins = timezone.now() + HOUR
    held = exam_in(cohort, starts_at=begins, ends_at=begins + HOUR)
    ClassSessionFactory(cohort=cohort, title="فصل مباشر", starts_at=begins, ends_at=begins + HOUR)

    with pytest.raises(ExamClash) as refusal:
        plan_sitting(session_id=held.pk, quiz_key=quiz.translation_key, by=supervisor)

    assert "فصل مباشر" in str(refusal.value)
    assert held.title in str(refusal.value)


def test_nothing_is_noted_about_a_person_who_did_not_open_the_test_in_the_sitting(
    sitting: Sitting, supervisor: User
):
    other_quiz = supervised_test()
    elsewhere = sit(running_sitting(quizzed_cohort(other_quiz), other_quiz))

    with pytest.raises(NotInThisSitting):
        note_incident(sitting_id=sitting.pk, text="استخدم الهاتف", by=supervisor, attempt_id=elsewhere.pk)

    assert not Incident.objects.exists()


def test_two_tests_are_not_taken_at_once_by_one_cohort_and_one_test_in_two_rooms_is(
    quiz: QuizPage, cohort: Cohort, supervisor: User
):
    another = supervised_test(parent=quiz.get_parent())
    both = quizzed_cohort(quiz)
    begins = timezone.now() + HOUR
    room = Venue.objects.create(center=both.center, name="معمل ٩")
    first = exam_in(both, starts_at=begins, ends_at=begins + HOUR)
    second = exam_in(both, starts_at=begins, ends_at=begins + HOUR, venue=room)
    plan_sitting(session_id=first.pk, quiz_key=quiz.translation_key, by=supervisor)

    with pytest.raises(ExamClash):
        plan_sitting(session_id=second.pk, quiz_key=another.translation_key, by=supervisor)
    plan_sitting(session_id=second.pk, quiz_key=quiz.translation_key, by=supervisor)

    assert Sitting.objects.filter(quiz_key=quiz.translation_key).count() == 2
