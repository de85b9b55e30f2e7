"""Trainees are told once of an exam in a room that is planned, moved or canceled."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone, translation

from accounts.enums import NoticeState
from accounts.models import Person, SiteNotice, User
from accounts.services.formatting import localize_digits
from assessment.models import ExamNotice, QuizPage, Sitting
from assessment.services.exam_notices import find_changes, send_exam_notices
from assessment.services.sittings import cancel_sitting, plan_sitting
from courses.enums import EnrollmentState, SessionKind
from courses.models import ClassSession, Cohort, Enrollment, Venue
from courses.services.sessions import cancel_session, reschedule_session
from tests.factories.accounts import TraineeFactory
from tests.factories.courses import EnrollmentFactory
from tests.factories.exams import exam_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def trainee(cohort: Cohort) -> Person:
    user = TraineeFactory(email="trainee@example.test")
    EnrollmentFactory(cohort=cohort, person=user.person)
    return user.person


@pytest.fixture
def exam(cohort: Cohort) -> ClassSession:
    begins = timezone.now() + 3 * DAY
    return exam_in(cohort, starts_at=begins, ends_at=begins + DAY / 12)


def planned(exam: ClassSession, quiz: QuizPage, by: User) -> Sitting:
    return plan_sitting(session_id=exam.pk, quiz_key=quiz.translation_key, by=by)


def told() -> list[tuple[str, str]]:
    rows = ExamNotice.objects.exclude(state=NoticeState.DROPPED).order_by("pk")
    return list(rows.values_list("kind", "state"))


def send() -> int:
    """All that waits, as if its time had come."""
    ExamNotice.objects.filter(state=NoticeState.WAITING).update(due_at=timezone.now())
    return send_exam_notices()


def moved(exam: ClassSession, by: User, *, days: int = 1, room: Venue | None = None) -> None:
    exam.refresh_from_db()
    reschedule_session(
        session_id=exam.pk,
        kind=SessionKind.EXAM,
        title=exam.title,
        starts_at=exam.starts_at + days * DAY,
        ends_at=exam.ends_at + days * DAY,
        venue_id=(room or exam.venue).pk if room or exam.venue else None,
        by=by,
    )


def test_a_planned_exam_is_told_once_with_its_room_and_time(
    trainee: Person, exam: ClassSession, quiz: QuizPage, supervisor: User
):
    planned(exam, quiz, supervisor)
    planned(exam, quiz, supervisor)

    assert [send(), send()] == [1, 0]

    assert told() == [("planned", "sent")]
    assert len(mail.outbox) == 1
    assert localize_digits(quiz.title) in mail.outbox[0].body
    assert "معمل ٢" in mail.outbox[0].body
    assert SiteNotice.objects.filter(person=trainee).count() == 1


def test_it_is_told_in_the_language_of_the_trainee(
    trainee: Person, exam: ClassSession, quiz: QuizPage, supervisor: User
):
    User.objects.filter(person=trainee).update(language="en")
    planned(exam, quiz, supervisor)

    with translation.override("ar"):
        send()

    assert mail.outbox[0].subject == f"Exam: {quiz.title}"


def test_who_passed_or_left_is_told_nothing(
    trainee: Person, cohort: Cohort, exam: ClassSession, quiz: QuizPage, supervisor: User
):
    left = EnrollmentFactory(cohort=cohort)
    Enrollment.objects.filter(pk=left.pk).update(state=EnrollmentState.WITHDRAWN)

    planned(exam, quiz, supervisor)

    assert [row.person for row in ExamNotice.objects.all()] == [trainee]


def test_an_exam_that_is_moved_in_the_timetable_is_told_once(
    trainee: Person, exam: ClassSession, quiz: QuizPage, supervisor: User
):
    planned(exam, quiz, supervisor)
    send()
    moved(exam, supervisor)

    assert [send(), send()] == [1, 0]

    assert told() == [("planned", "sent"), ("moved", "sent")]
    assert len(mail.outbox) == 2


def test_another_room_is_told_and_another_title_is_not(
    trainee: Person, exam: ClassSession, quiz: QuizPage, supervisor: User
):
    planned(exam, quiz, supervisor)
    send()
    same = {"session_id": exam.pk, "kind": SessionKind.EXAM, "by": supervisor}
    times = {"starts_at": exam.starts_at, "ends_at": exam.ends_at}
    reschedule_session(**same, **times, title="اسم آخر", venue_id=exam.venue_id)
    assert find_changes() == 0
    room = Venue.objects.create(center=exam.cohort.center, name="معمل ٩")

    reschedule_session(**same, **times, title="اسم آخر", venue_id=room.pk)
    send()

    assert "معمل ٩" in mail.outbox[-1].body


def test_what_is_moved_before_it_was_told_is_told_as_it_is_now(
    trainee: Person, exam: ClassSession, quiz: QuizPage, supervisor: User
):
    planned(exam, quiz, supervisor)
    moved(exam, supervisor)
    find_changes()

    assert [send(), send()] == [1, 0]

    assert told() == [("planned", "sent")]


def test_a_slip_that_is_taken_back_at_once_is_not_told(
    trainee: Person, exam: ClassSession, quiz: QuizPage, supervisor: User
):
    cancel_sitting(sitting_id=planned(exam, quiz, supervisor).pk, by=supervisor)

    assert send() == 0
    assert told() == []


def test_a_canceled_sitting_is_told_once(
    trainee: Person, exam: ClassSession, quiz: QuizPage, supervisor: User
):
    sitting = planned(exam, quiz, supervisor)
    send()
    cancel_sitting(sitting_id=sitting.pk, by=supervisor)

    assert [send(), send()] == [1, 0]
    assert told() == [("planned", "sent"), ("canceled", "sent")]


def test_an_exam_that_is_canceled_in_the_timetable_is_told_once_with_the_reason(
    trainee: Person, exam: ClassSession, quiz: QuizPage, supervisor: User
):
    sitting = planned(exam, quiz, supervisor)
    send()
    cancel_session(session_id=exam.pk, reason="انقطاع المياه", by=supervisor)
    send()
    cancel_sitting(sitting_id=sitting.pk, by=supervisor)

    assert send() == 0
    assert told() == [("planned", "sent"), ("canceled", "sent")]
    assert "انقطاع المياه" in mail.outbox[-1].body


def test_it_may_be_planned_again_after_it_was_canceled(
    trainee: Person, exam: ClassSession, quiz: QuizPage, supervisor: User
):
    cancel_sitting(sitting_id=planned(exam, quiz, supervisor).pk, by=supervisor)
    planned(exam, quiz, supervisor)
    send()

    assert told() == [("planned", "sent")]


def test_of_an_exam_that_has_begun_nothing_is_told(
    trainee: Person, cohort: Cohort, quiz: QuizPage, supervisor: User
):
    planned(exam_in(cohort), quiz, supervisor)

    assert not ExamNotice.objects.exists()


def test_sittings_from_before_are_not_told_and_their_moves_are(
    trainee: Person, exam: ClassSession, quiz: QuizPage, supervisor: User
):
    planned(exam, quiz, supervisor)
    ExamNotice.objects.all().delete()
    Sitting.objects.update(told_starts_at=None, told_venue=None)
    assert send() == 0

    moved(exam, supervisor)
    send()

    assert told() == [("moved", "sent")]


@pytest.mark.parametrize("people", [1, 3])
def test_planning_takes_as_many_statements_for_three_people_as_for_one(
    cohort: Cohort, exam: ClassSession, quiz: QuizPage, supervisor: User, people: int
):
    for _person in range(people):
        EnrollmentFactory(cohort=cohort)

    planned(exam, quiz, supervisor)

    assert ExamNotice.objects.count() == people


def in_another_room(exam: ClassSession) -> ClassSession:
    room = Venue.objects.create(center=exam.cohort.center, name="معمل ٩")
    return exam_in(exam.cohort, venue=room, starts_at=exam.starts_at, ends_at=exam.ends_at)


def test_a_test_in_two_rooms_is_told_in_one_line_with_both(
    trainee: Person, exam: ClassSession, quiz: QuizPage, supervisor: User
):
    planned(exam, quiz, supervisor)
    planned(in_another_room(exam), quiz, supervisor)

    assert send() == 1

    assert len(mail.outbox) == 1
    assert mail.outbox[0].body.count("تؤدي امتحان") == 1
    assert "معمل ٢، معمل ٩" in mail.outbox[0].body


def test_of_two_rooms_the_cancellation_of_one_is_told_as_the_other(
    trainee: Person, exam: ClassSession, quiz: QuizPage, supervisor: User
):
    first = planned(exam, quiz, supervisor)
    planned(in_another_room(exam), quiz, supervisor)
    send()
    cancel_sitting(sitting_id=first.pk, by=supervisor)

    assert [send(), send()] == [1, 0]

    assert [kind for kind, _state in told()] == ["planned", "planned", "moved"]
    assert "معمل ٩" in mail.outbox[-1].body
    assert "معمل ٢" not in mail.outbox[-1].body


def test_an_exam_of_this_hour_is_told_at_once_and_a_later_one_in_ten_minutes(
    trainee: Person, cohort: Cohort, exam: ClassSession, quiz: QuizPage, supervisor: User
):
    soon = timezone.now() + dt.timedelta(minutes=30)
    planned(exam_in(cohort, starts_at=soon, ends_at=soon + DAY / 24), quiz, supervisor)
    planned(exam, quiz, supervisor)

    assert send_exam_notices() == 1

    assert told() == [("planned", "sent"), ("planned", "waiting")]
