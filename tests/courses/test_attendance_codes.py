"""Attendance by a code that turns: who is marked, and what is refused."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.errors import DomainError
from accounts.models import User
from courses.enums import AttendanceSource, AttendanceStatus, SessionKind
from courses.errors import (
    CodeNotOpen,
    CodeNotShown,
    CodeOfLiveClass,
    SessionNotStarted,
    SessionOfAnotherCohort,
    SessionOver,
    TooManyCodesRefused,
)
from courses.models import AttendanceCode, AttendanceRecord, ClassSession, CodeCheckIn, Cohort
from courses.queries.attendance_codes import people_by_device, shown_code
from courses.rotating_codes import GRACE_SECONDS, STEP_SECONDS, code_at, is_shown, new_secret, seconds_left
from courses.services.attendance import record_attendance
from courses.services.attendance_codes import MOST_REFUSED, check_in, close_code_page, open_code_page
from tests.factories.accounts import TraineeFactory, UserFactory
from tests.factories.courses import ClassSessionFactory, CohortFactory, EnrollmentFactory

SESSION = UUID("6f1c3a52-0d3e-4a8e-9a53-8a3b1f0c2d11")
MIDNIGHT = dt.datetime(2026, 10, 4, tzinfo=dt.UTC)


@pytest.fixture
def instructor(db: None) -> User:
    return UserFactory()


@pytest.fixture
def session(db: None) -> ClassSession:
    """A session that began 5 minutes ago and goes on."""
    now = timezone.now()
    return ClassSessionFactory(
        starts_at=now - dt.timedelta(minutes=5, seconds=30), ends_at=now + dt.timedelta(hours=3)
    )


def trainee_of(cohort: Cohort) -> User:
    trainee: User = TraineeFactory()
    EnrollmentFactory(cohort=cohort, person=trainee.person)
    return trainee


def on_screen(code: AttendanceCode, at: dt.datetime | None = None) -> str:
    return shown_code(code, code.session, at or timezone.now()).digits


def send(
    session: ClassSession, by: User, code: str, *, at: dt.datetime | None = None, device: str = ""
) -> AttendanceRecord:
    return check_in(session_id=session.pk, code=code, sent_at=at or timezone.now(), device=device, by=by)


def refusal(session: ClassSession, by: User, code: str) -> type[DomainError]:
    with pytest.raises(DomainError) as refused:
        send(session, by, code)
    return refused.type


def test_a_code_turns_with_the_step_and_the_one_before_is_taken_for_some_seconds():
    secret, turned = new_secret(), MIDNIGHT + dt.timedelta(seconds=STEP_SECONDS)
    first = code_at(secret, SESSION, MIDNIGHT)

    last_moment = turned + dt.timedelta(seconds=GRACE_SECONDS - 0.1)

    assert code_at(secret, SESSION, turned - dt.timedelta(microseconds=1)) == first
    assert code_at(secret, SESSION, turned) != first
    assert (len(first), seconds_left(MIDNIGHT), seconds_left(turned - dt.timedelta(seconds=1))) == (6, 30, 1)
    assert is_shown(first, secret, SESSION, last_moment)
    assert not is_shown(first, secret, SESSION, turned + dt.timedelta(seconds=GRACE_SECONDS))
    assert not is_shown(first, secret, SESSION, MIDNIGHT - dt.timedelta(seconds=1))


def test_a_code_belongs_to_one_secret_and_one_session():
    codes = {
        code_at(secret, session, MIDNIGHT)
        for secret in ("00" * 32, "01" * 32)
        for session in (SESSION, UUID(int=1))
    }

    assert len(codes) == 4


def test_a_trainee_is_marked_present_by_the_code_on_the_screen(session: ClassSession, instructor: User):
    trainee = trainee_of(session.cohort)
    code = open_code_page(session_id=session.pk, by=instructor)

    record = send(session, trainee, on_screen(code))

    length = (session.ends_at - session.starts_at).total_seconds() // 60
    assert (record.status, record.source) == (AttendanceStatus.PRESENT, AttendanceSource.CODE)
    assert record.minutes >= length
    assert record.enrollment.person == trainee.person
    entry = ModelLogEntry.objects.get(action="courses.attendance.record")
    assert (entry.user, entry.data["source"]) == (trainee, AttendanceSource.CODE)


def test_from_the_minutes_of_the_page_on_a_trainee_is_late_and_misses_what_went_by(
    session: ClassSession, instructor: User
):
    trainee = trainee_of(session.cohort)
    code = open_code_page(session_id=session.pk, by=instructor, late_after=5)

    record = send(session, trainee, on_screen(code))

    assert (record.status, record.minutes) == (AttendanceStatus.LATE, 181)


def test_who_is_on_the_sheet_already_is_not_marked_again(session: ClassSession, instructor: User):
    trainee = trainee_of(session.cohort)
    code = open_code_page(session_id=session.pk, by=instructor)
    first = record_attendance(
        session_id=session.pk,
        enrollment_id=session.cohort.enrollments.get().pk,
        status=AttendanceStatus.EXCUSED,
        minutes=0,
        source=AttendanceSource.INSTRUCTOR,
        by=instructor,
    )

    assert send(session, trainee, on_screen(code)) == first
    assert AttendanceRecord.objects.count() == 1


def test_a_photographed_code_is_refused_after_it_turned(session: ClassSession, instructor: User):
    trainee = trainee_of(session.cohort)
    code = open_code_page(session_id=session.pk, by=instructor)
    AttendanceCode.objects.update(opened_at=session.starts_at)
    photo = on_screen(code)
    sent = timezone.now() + dt.timedelta(seconds=STEP_SECONDS + GRACE_SECONDS)

    with pytest.raises(CodeNotShown):
        send(session, trainee, photo, at=sent)

    assert not AttendanceRecord.objects.exists()
    assert ModelLogEntry.objects.filter(action="courses.attendance.refuse_code", user=trainee).count() == 1


def test_a_code_of_another_opening_or_session_or_before_the_opening_is_refused(
    session: ClassSession, instructor: User
):
    trainee = trainee_of(session.cohort)
    other = ClassSessionFactory(cohort=session.cohort, starts_at=session.starts_at, ends_at=session.ends_at)
    foreign = on_screen(open_code_page(session_id=other.pk, by=instructor))
    former = open_code_page(session_id=session.pk, by=instructor)
    close_code_page(session_id=session.pk, by=instructor)
    code = open_code_page(session_id=session.pk, by=instructor)
    earlier = code.opened_at - dt.timedelta(seconds=1)

    assert refusal(session, trainee, on_screen(former)) is CodeNotShown
    assert refusal(session, trainee, foreign) is CodeNotShown
    with pytest.raises(CodeNotShown):
        send(session, trainee, on_screen(code, earlier), at=earlier)


def test_no_code_marks_before_the_page_is_opened_after_it_is_closed_or_after_the_session(
    session: ClassSession, instructor: User
):
    trainee = trainee_of(session.cohort)
    before = refusal(session, trainee, "123456")
    code = open_code_page(session_id=session.pk, by=instructor)
    close_code_page(session_id=session.pk, by=instructor)
    closed = refusal(session, trainee, on_screen(code))
    code = open_code_page(session_id=session.pk, by=instructor)
    ClassSession.objects.update(ends_at=timezone.now())

    assert (before, closed, refusal(session, trainee, on_screen(code))) == (CodeNotOpen,) * 3


def test_a_person_of_another_cohort_is_refused(session: ClassSession, instructor: User):
    stranger = trainee_of(CohortFactory())
    code = open_code_page(session_id=session.pk, by=instructor)

    assert refusal(session, stranger, on_screen(code)) is SessionOfAnotherCohort
    assert refusal(session, UserFactory(), on_screen(code)) is SessionOfAnotherCohort


def test_guessing_ends_for_one_person_and_not_for_the_others(session: ClassSession, instructor: User):
    guesser, neighbor = trainee_of(session.cohort), trainee_of(session.cohort)
    code = open_code_page(session_id=session.pk, by=instructor)
    wrong = f"{(int(on_screen(code)) + 1) % 10**6:06}"

    tries = [refusal(session, guesser, wrong) for _ in range(MOST_REFUSED + 1)]

    assert set(tries[:-1]) == {CodeNotShown}
    assert tries[-1] is TooManyCodesRefused
    assert refusal(session, guesser, on_screen(code)) is TooManyCodesRefused
    assert send(session, neighbor, on_screen(code)).status == AttendanceStatus.PRESENT
    assert CodeCheckIn.objects.get(enrollment__person=guesser.person).refused == MOST_REFUSED


@pytest.mark.parametrize(
    ("kind", "starts_in", "error"),
    [
        (SessionKind.LIVE, dt.timedelta(minutes=-1), CodeOfLiveClass),
        (SessionKind.CLASS, dt.timedelta(minutes=30), SessionNotStarted),
        (SessionKind.CLASS, dt.timedelta(minutes=-61), SessionOver),
    ],
)
def test_a_code_page_opens_while_a_session_in_a_place_goes_on(
    session: ClassSession,
    instructor: User,
    kind: SessionKind,
    starts_in: dt.timedelta,
    error: type[DomainError],
):
    starts_at = timezone.now() + starts_in
    ClassSession.objects.update(kind=kind, starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=1))

    with pytest.raises(error):
        open_code_page(session_id=session.pk, by=instructor)


def test_the_instructor_learns_which_people_one_phone_marked(session: ClassSession, instructor: User):
    mona, hala, alone = (trainee_of(session.cohort) for _ in range(3))
    code = open_code_page(session_id=session.pk, by=instructor)
    for user, device in ((mona, "a1"), (hala, "a1"), (alone, "b2"), (trainee_of(session.cohort), "")):
        send(session, user, on_screen(code), device=device)

    assert people_by_device(session) == [[mona.person, hala.person]]


@pytest.mark.django_db(transaction=True)
def test_phones_at_once_are_each_marked_once(session: ClassSession, instructor: User):
    trainees = [trainee_of(session.cohort) for _ in range(12)]
    code = open_code_page(session_id=session.pk, by=instructor)
    digits, at = on_screen(code), timezone.now()

    def press(trainee: User) -> str:
        try:
            return str(send(session, trainee, digits, at=at).status)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=6) as phones:
        statuses = list(phones.map(press, trainees * 2))

    assert statuses == [AttendanceStatus.PRESENT] * 24
    assert AttendanceRecord.objects.filter(is_current=True).count() == AttendanceRecord.objects.count() == 12
