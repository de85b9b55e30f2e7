"""The board of a sitting: where everybody is, and what a supervisor does there."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Membership, User
from assessment.enums import AttemptState, EndedBy, SittingState, Standing
from assessment.errors import NoSittingNow, SaveRefused, TooLate
from assessment.models import Attempt, Incident, QuizPage, Sitting, TimeGrant
from assessment.queries.board import Board, Place, board_of, expected_in, time_given_in
from assessment.services.attempts import submit_attempt
from assessment.services.closing import close_expired_attempts
from assessment.services.grants import give_time
from assessment.services.late import count_late_answers
from assessment.services.saving import Change, save_changes, take_over
from assessment.services.sittings import end_sitting
from courses.enums import SessionKind
from courses.errors import ExamHasBegun
from courses.models import ClassSession, Cohort, Enrollment
from courses.services.sessions import cancel_session, reschedule_session
from tests.factories.accommodations import WHY, accommodated
from tests.factories.accounts import CenterFactory, MembershipFactory, UserFactory
from tests.factories.assessment import SECRET_WHY, options_of, quizzed_cohort, responses_to
from tests.factories.courses import EnrollmentFactory
from tests.factories.exams import exam_in, planned_sitting, running_sitting, sit, supervised_test

pytestmark = pytest.mark.django_db


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(name: str, sitting: Sitting) -> str:
    return reverse(name, args=[sitting.pk])


def shown(client: Client, name: str, sitting: Sitting) -> str:
    return client.get(page(name, sitting)).content.decode()


def place_of(board: Board, person: Enrollment | Attempt) -> Place:
    key = person.enrollment_id if isinstance(person, Attempt) else person.pk
    return next(place for place in board.places if place.enrollment.pk == key)


def answer(attempt: Attempt, seq: int, *, slot: int = 0, holder: str = "h", taken_back: bool = False) -> None:
    response = None if taken_back else options_of(attempt)[slot][:1]
    if response and slot == 0:
        response = response[0]
    save_changes(
        attempt=Attempt.objects.get(pk=attempt.pk),
        epoch=1,
        holder=holder,
        changes=[Change(seq, slot, response)],
    )


def test_the_board_says_where_everybody_is(cohort: Cohort, sitting: Sitting):
    waiting = EnrollmentFactory(cohort=cohort)
    answering, over = sit(sitting), sit(sitting)
    answer(answering, 1)
    answer(answering, 2, slot=1)
    answer(answering, 3, taken_back=True)
    Attempt.objects.filter(pk=over.pk).update(
        closes_at=timezone.now() - dt.timedelta(minutes=5), grace_seconds=0
    )
    close_expired_attempts()

    board = board_of(sitting)

    assert [place_of(board, one).standing for one in (waiting, answering, over)] == [
        Standing.NOT_STARTED,
        Standing.ANSWERING,
        Standing.TIME_OUT,
    ]
    place = place_of(board, answering)
    assert (place.answered, place.questions, place.devices) == (1, 2, 0)
    assert place.saved_ago
    assert place.saved_ago < dt.timedelta(minutes=1)
    assert place.left
    assert dt.timedelta(minutes=39) < place.left <= dt.timedelta(minutes=40)


def test_who_is_in_the_other_room_or_took_it_before_is_told_apart(
    cohort: Cohort, quiz: QuizPage, sitting: Sitting
):
    exam = exam_in(cohort, venue=None, starts_at=timezone.now() - dt.timedelta(minutes=1))
    there = Sitting.objects.create(
        class_session=exam,
        quiz_key=quiz.translation_key,
        title="x",
        code="000000",
        released_at=timezone.now(),
    )
    elsewhere, before = sit(there), sit(there)
    Attempt.objects.filter(pk=before.pk).update(closes_at=timezone.now(), grace_seconds=0)
    close_expired_attempts()

    board = board_of(sitting)

    assert place_of(board, elsewhere).standing == Standing.ELSEWHERE
    assert (place_of(board, before).standing, place_of(board, before).has_taken_before) == (
        Standing.NOT_STARTED,
        True,
    )


def test_who_passed_before_is_not_expected_in_a_second_sitting(
    cohort: Cohort, quiz: QuizPage, sitting: Sitting, supervisor: User
):
    passed, failed, absent = sit(sitting), sit(sitting), EnrollmentFactory(cohort=cohort)
    submit_attempt(attempt_id=passed.pk, by=supervisor, responses=responses_to(passed, (0,), (0, 1)))
    submit_attempt(attempt_id=failed.pk, by=supervisor)
    end_sitting(sitting_id=sitting.pk, by=supervisor)
    second = planned_sitting(cohort, quiz, venue=None)

    board = board_of(second)

    assert [place_of(board, one).standing for one in (passed, failed, absent)] == [
        Standing.DONE_BEFORE,
        Standing.NOT_STARTED,
        Standing.NOT_STARTED,
    ]
    assert dict(board.counts)[Standing.NOT_STARTED] == 2
    assert expected_in(second) == 2


def test_late_answers_that_were_counted_are_on_the_board_as_answers(
    cohort: Cohort, sitting: Sitting, supervisor: User
):
    attempt = sit(sitting)
    answer(attempt, 1)
    Attempt.objects.filter(pk=attempt.pk).update(
        closes_at=timezone.now() - dt.timedelta(minutes=5), grace_seconds=0
    )
    with pytest.raises(TooLate):
        answer(attempt, 2, slot=1)
    close_expired_attempts()
    before = place_of(board_of(sitting), attempt)
    count_late_answers(attempt_id=attempt.pk, reason="انقطع الخط", by=UserFactory())

    after = place_of(board_of(sitting), attempt)

    assert (before.answered, before.late) == (1, 1)
    assert (after.answered, after.late) == (2, 0)


def test_the_board_shows_devices_refused_saves_and_effects_without_the_reason(
    cohort: Cohort, sitting: Sitting, supervisor: User
):
    enrollment = EnrollmentFactory(cohort=cohort)
    accommodated(enrollment.person)
    attempt = sit(sitting, enrollment=enrollment)
    take_over(attempt_id=attempt.pk, holder="other", by=UserFactory())
    for seq in (1, 2):
        with pytest.raises(SaveRefused):
            answer(attempt, seq)
    give_time(attempt_id=attempt.pk, minutes=7, reason="انقطع الخط", by=supervisor)

    (place,) = board_of(sitting).places
    html = shown(logged_in(supervisor), "sitting", sitting)

    assert (place.devices, place.refused, place.given_minutes) == (1, 2, 7)
    assert place.effects
    # Each of them, and the minutes.
    assert html.count("board__effect") == len(place.effects) + 1
    assert WHY not in html


def test_neither_answers_nor_marks_are_on_the_board(cohort: Cohort, sitting: Sitting, supervisor: User):
    attempt = sit(sitting)
    answer(attempt, 1)
    Attempt.objects.filter(pk=attempt.pk).update(closes_at=timezone.now(), grace_seconds=0)
    close_expired_attempts()
    attempt.refresh_from_db()

    client = logged_in(supervisor)
    html = shown(client, "sitting", sitting) + shown(client, "sitting_people", sitting)

    assert str(options_of(attempt)[0][0]) not in html
    assert SECRET_WHY not in html
    assert not re.search(rf"\b{attempt.whole_percent}\s*[%٪]", html)


@pytest.mark.parametrize("name", ["sitting", "sitting_people"])
def test_the_board_asks_the_database_as_often_for_five_people_as_for_one(
    cohort: Cohort, sitting: Sitting, supervisor: User, name: str
):
    client = logged_in(supervisor)
    answer(sit(sitting), 1)
    give_time(attempt_id=Attempt.objects.get().pk, minutes=1, reason="x", by=supervisor)
    client.get(page(name, sitting))
    with CaptureQueriesContext(connection) as alone:
        client.get(page(name, sitting))
    for _person in range(4):
        attempt = sit(sitting)
        answer(attempt, 1)
        give_time(attempt_id=attempt.pk, minutes=1, reason="x", by=supervisor)
        Incident.objects.create(sitting=sitting, attempt=attempt, text="x", by=supervisor, at=timezone.now())

    with CaptureQueriesContext(connection) as five:
        assert client.get(page(name, sitting)).status_code == 200

    assert len(five) == len(alone) > 4


def test_the_right_to_the_board_ends_with_the_role(sitting: Sitting, supervisor: User):
    # Who works there in another role, too, is still let into the workplace.
    MembershipFactory(role=RoleName.ASSESSOR, center=sitting.class_session.cohort.center, user=supervisor)
    client = logged_in(supervisor)
    assert client.get(page("sitting_people", sitting)).status_code == 200

    Membership.objects.filter(user=supervisor, role=RoleName.INSTRUCTOR).update(
        since=timezone.localdate() - dt.timedelta(days=9), until=timezone.localdate() - dt.timedelta(days=1)
    )

    assert client.get(page("sitting_people", sitting)).status_code == 404
    assert client.get(page("sitting", sitting)).status_code == 404
    assert (
        logged_in(MembershipFactory(role=RoleName.INSTRUCTOR, center=CenterFactory()).user)
        .get(page("sitting", sitting))
        .status_code
        == 404
    )


def test_the_code_is_told_on_a_page_of_its_own(cohort: Cohort, quiz: QuizPage, supervisor: User):
    planned = planned_sitting(cohort, quiz)
    client = logged_in(supervisor)

    client.post(page("sitting_code", planned))
    html = shown(client, "sitting_code", planned)

    planned.refresh_from_db()
    assert f"{planned.code[:3]} {planned.code[3:]}" in html
    assert planned.state == SittingState.RUNNING


def test_time_for_the_room_is_given_after_the_number_of_people_was_read(sitting: Sitting, supervisor: User):
    attempts = [sit(sitting), sit(sitting)]
    client, asked = logged_in(supervisor), {"minutes": "10", "reason": "انقطع التيار"}

    html = client.post(page("sitting_time", sitting), asked).content.decode()
    assert not TimeGrant.objects.exists()
    client.post(page("sitting_time", sitting), {**asked, "confirmed": "1"})

    assert "شخصان" in html
    (given,) = time_given_in(sitting)
    assert (given.people, given.minutes, given.name, given.reason) == (2, 10, "", "انقطع التيار")
    ends = [attempt.closes_at for attempt in attempts]
    assert sorted(Attempt.objects.values_list("closes_at", flat=True)) == sorted(
        end + dt.timedelta(minutes=10) for end in ends if end
    )


def test_time_for_one_person_is_refused_for_a_person_of_another_sitting(
    cohort: Cohort, sitting: Sitting, supervisor: User
):
    other_quiz = supervised_test()
    foreign = sit(running_sitting(quizzed_cohort(other_quiz), other_quiz))
    asked = {"minutes": "10", "reason": "x", "confirmed": "1"}

    answer = logged_in(supervisor).post(page("sitting_time", sitting), {**asked, "attempt": foreign.pk})

    assert answer.status_code == 200
    assert not TimeGrant.objects.exists()


def test_a_room_in_which_no_one_is_taking_it_is_not_asked_about(sitting: Sitting, supervisor: User):
    answer = logged_in(supervisor).post(page("sitting_time", sitting), {"minutes": "5", "reason": "x"})

    assert 'name="confirmed"' not in answer.text
    assert "لم تعد هناك محاولة مفتوحة" in answer.text


@pytest.mark.parametrize("minutes", ["0", "241", "-5", "²", "1e9"])
def test_minutes_out_of_range_give_nothing(sitting: Sitting, supervisor: User, minutes: str):
    sit(sitting)

    logged_in(supervisor).post(
        page("sitting_time", sitting), {"minutes": minutes, "reason": "x", "confirmed": "1"}
    )

    assert not TimeGrant.objects.exists()


def test_incidents_are_listed_with_whom_they_are_about_and_markup_is_text(sitting: Sitting, supervisor: User):
    attempt, client = sit(sitting), logged_in(supervisor)

    client.post(page("sitting_incident", sitting), {"text": "<b>انقطع</b> التيار"})
    client.post(page("sitting_incident", sitting), {"text": "خرج دقيقة", "attempt": attempt.pk})

    html = shown(client, "sitting", sitting)
    assert Incident.objects.count() == 2
    assert "&lt;b&gt;انقطع&lt;/b&gt; التيار" in html
    assert "<b>انقطع" not in html


def test_after_the_exam_no_one_starts_although_nobody_ended_the_sitting(sitting: Sitting):
    now = timezone.now()
    ClassSession.objects.filter(pk=sitting.class_session_id).update(
        starts_at=now - dt.timedelta(hours=2), ends_at=now
    )

    with pytest.raises(NoSittingNow):
        sit(sitting)


def test_an_exam_whose_code_was_told_is_not_canceled_nor_moved_but_may_last_longer(
    sitting: Sitting, supervisor: User
):
    exam = sitting.class_session
    same = {"session_id": exam.pk, "kind": SessionKind.EXAM, "title": exam.title, "by": supervisor}
    later = {"starts_at": exam.starts_at + dt.timedelta(hours=1), "ends_at": exam.ends_at}

    with pytest.raises(ExamHasBegun):
        cancel_session(session_id=exam.pk, reason="تأجل", by=supervisor)
    with pytest.raises(ExamHasBegun):
        reschedule_session(**same, **later)
    longer = exam.ends_at + dt.timedelta(minutes=30)
    reschedule_session(**same, starts_at=exam.starts_at, ends_at=longer)

    exam.refresh_from_db()
    assert (exam.canceled_at, exam.ends_at) == (None, longer)


def test_the_sitting_is_ended_on_a_page_that_says_what_follows(sitting: Sitting, supervisor: User):
    client = logged_in(supervisor)
    sit(sitting)

    asked = shown(client, "end_sitting", sitting)
    client.post(page("end_sitting", sitting))

    sitting.refresh_from_db()
    assert "شخص واحد" in asked
    assert sitting.state == SittingState.ENDED


def test_who_took_the_test_before_it_was_supervised_is_on_the_board_while_taking_it(
    cohort: Cohort, sitting: Sitting
):
    enrollment = EnrollmentFactory(cohort=cohort)
    other = sit(sitting)
    now = timezone.now()
    Attempt.objects.create(
        enrollment=enrollment,
        quiz_key=other.quiz_key,
        number=1,
        title=other.title,
        versions=other.versions,
        points=other.points,
        pass_percent=60,
        state=AttemptState.MARKED,
        score=0,
        passed=False,
        started_at=now,
        ended_at=now,
        ended_by=EndedBy.PERSON,
        marked_at=now,
    )

    here = sit(sitting, enrollment=enrollment)

    place = place_of(board_of(sitting), enrollment)
    assert (place.attempt, place.standing) == (here, Standing.ANSWERING)
