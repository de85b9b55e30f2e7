"""A session that is an exam is in the timetable with its room, and counts for no attendance."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.enums import RoleName
from accounts.models import User
from courses.enums import AttendanceSource, AttendanceStatus, CohortState, SessionKind
from courses.errors import ExamClash, ExamStaysExam, NoAttendanceAtExams, SessionClash
from courses.models import ClassSession, Cohort, Enrollment, Venue
from courses.queries.calendar import calendar
from courses.queries.evidence import evidence_of
from courses.queries.own_attendance import sessions_held_for
from courses.queries.timetable import days_to_print, timetables
from courses.queries.waiting import open_sheets, with_low_attendance
from courses.queries.workspace.matrices import session_columns
from courses.queries.workspace.trainees import trainees_of
from courses.services.attendance import lock_attendance, record_attendance
from courses.services.attendance_codes import open_code_page
from courses.services.sessions import reschedule_session, schedule_session
from live.services.scheduling import schedule_live_session
from tests.factories.accounts import CenterFactory, MembershipFactory, UserFactory
from tests.factories.courses import (
    ClassSessionFactory,
    CohortFactory,
    EnrollmentFactory,
    attend,
    taught_cohort,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def clerk() -> User:
    return UserFactory()


@pytest.fixture
def cohort() -> Cohort:
    return taught_cohort(lessons=1, attendance=75)


@pytest.fixture
def trainee(cohort: Cohort) -> Enrollment:
    """Who was in one class of two."""
    enrollment = EnrollmentFactory(cohort=cohort)
    attend(enrollment, AttendanceStatus.PRESENT)
    attend(enrollment, AttendanceStatus.ABSENT)
    return enrollment


def exam(cohort: Cohort, **when: dt.datetime) -> ClassSession:
    room, _is_new = Venue.objects.get_or_create(center=cohort.center, name="معمل ٢")
    return ClassSessionFactory(cohort=cohort, kind=SessionKind.EXAM, title="اختبار نهائي", venue=room, **when)


def counted(cohort: Cohort, enrollment: Enrollment) -> tuple[object, ...]:
    """Whatever of a cohort is calculated from its sessions."""
    assert cohort.completion_rule
    evidence = evidence_of(enrollment, cohort.completion_rule)
    (row,) = trainees_of(cohort)
    return (
        evidence.attendance,
        evidence.hours,
        row.reasons,
        len(row.sessions),
        [column.title for column in session_columns(cohort)],
        [session.title for session in sessions_held_for(enrollment)],
        [session.title for session in open_sheets()],
        list(with_low_attendance().values_list("attended", "due")),
        [session.title for session in days_to_print(cohort, 10)],
    )


def test_a_cohort_with_exams_has_the_same_percentages_hours_and_sheets_as_without(
    cohort: Cohort, trainee: Enrollment
):
    Cohort.objects.update(state=CohortState.RUNNING)
    without = counted(cohort, trainee)

    exam(cohort, starts_at=timezone.now() - 2 * DAY)
    exam(cohort, starts_at=timezone.now() + DAY)

    assert counted(cohort, trainee) == without


def test_no_sheet_code_or_mark_of_an_exam_exists(cohort: Cohort, trainee: Enrollment, clerk: User):
    now = timezone.now()
    running = exam(cohort, starts_at=now - DAY / 48, ends_at=now + DAY / 24)
    over = exam(cohort, starts_at=now - DAY)

    with pytest.raises(NoAttendanceAtExams):
        record_attendance(
            session_id=running.pk,
            enrollment_id=trainee.pk,
            status=AttendanceStatus.PRESENT,
            minutes=10,
            source=AttendanceSource.INSTRUCTOR,
            by=clerk,
        )
    with pytest.raises(NoAttendanceAtExams):
        open_code_page(session_id=running.pk, by=clerk)
    with pytest.raises(NoAttendanceAtExams):
        lock_attendance(session_id=over.pk, by=clerk)

    assert not running.attendance.exists()


@pytest.mark.parametrize("page", ["attendance", "code", "paper", "print"])
def test_the_pages_of_attendance_are_not_found_for_an_exam(client: Client, cohort: Cohort, page: str):
    client.force_login(MembershipFactory(role=RoleName.CENTER_MANAGER, center=cohort.center).user)
    held = exam(cohort)

    assert client.get(reverse(f"classsession:{page}", args=[held.pk])).status_code == 404


def test_a_class_never_becomes_an_exam_nor_an_exam_a_class(cohort: Cohort, clerk: User):
    for held, other in (
        (exam(cohort), SessionKind.CLASS),
        (ClassSessionFactory(cohort=cohort), SessionKind.EXAM),
    ):
        with pytest.raises(ExamStaysExam):
            reschedule_session(
                session_id=held.pk,
                kind=other,
                title=held.title,
                starts_at=held.starts_at,
                ends_at=held.ends_at,
                by=clerk,
            )


def test_the_room_of_an_exam_is_taken(cohort: Cohort, clerk: User):
    held = exam(cohort, starts_at=timezone.now() + DAY)

    with pytest.raises(SessionClash):
        schedule_session(
            cohort_id=CohortFactory(center=cohort.center, starts_on=cohort.starts_on).pk,
            kind=SessionKind.CLASS,
            title="حصة",
            starts_at=held.starts_at,
            ends_at=held.ends_at,
            venue_id=held.venue_id,
            by=clerk,
        )


def test_an_exam_is_in_the_timetable_and_in_calendars_with_its_room(cohort: Cohort):
    held = exam(cohort, starts_at=timezone.now() + DAY)

    (shown,) = timetables([cohort.pk])[cohort.pk]
    # Long lines are folded.
    event = calendar([held]).replace("\r\n ", "")

    assert (shown.get_kind_display(), str(shown.venue), shown.is_ahead) == ("امتحان", "معمل ٢", True)
    assert "LOCATION:معمل ٢ · " in event
    assert "امتحان" in event


def test_the_form_of_a_new_exam_begins_with_what_is_known(client: Client, cohort: Cohort):
    room = exam(cohort, starts_at=timezone.now() + DAY, ends_at=timezone.now() + DAY * 1.1).venue
    client.force_login(MembershipFactory(role=RoleName.CENTER_MANAGER, center=cohort.center).user)
    stranger = MembershipFactory(role=RoleName.CENTER_MANAGER).user
    asked = {"kind": "exam", "cohort": cohort.pk, "title": "اختبار السلامة"}

    form = client.get(reverse("classsession:add"), asked).context["form"]
    client.force_login(stranger)
    of_a_stranger = client.get(reverse("classsession:add"), asked).context["form"]

    first = {name: form[name].initial for name in ("title", "venue", "starts_at", "ends_at")}
    assert (first["title"], first["venue"]) == ("اختبار السلامة", room.pk)
    assert timezone.localdate(first["starts_at"]) > timezone.localdate()
    assert first["ends_at"] > first["starts_at"]
    assert not of_a_stranger["venue"].initial


def test_an_exam_in_no_room_is_saved_with_a_warning(client: Client, cohort: Cohort):
    client.force_login(MembershipFactory(role=RoleName.CENTER_MANAGER, center=cohort.center).user)
    day = cohort.starts_on + DAY

    page = client.post(
        reverse("classsession:add"),
        {
            "cohort": cohort.pk,
            "kind": "exam",
            "title": "اختبار",
            "starts_at": f"{day}T10:00",
            "ends_at": f"{day}T12:00",
        },
        follow=True,
    )

    assert ClassSession.objects.filter(kind=SessionKind.EXAM, venue=None).exists()
    assert "ليس للامتحان قاعة بعد" in page.content.decode()


def said_of(refusal: Exception) -> str:
    with translation.override("en"):
        return str(refusal)


def at_ten(cohort: Cohort, *, hours: int = 2) -> dict[str, dt.datetime]:
    """On the second day of a cohort."""
    day = dt.datetime.combine(cohort.starts_on + DAY, dt.time(10))
    begins = timezone.make_aware(day)
    return {"starts_at": begins, "ends_at": begins + hours * DAY / 24}


@pytest.mark.parametrize("kind", [SessionKind.CLASS, SessionKind.WORKSHOP])
def test_an_exam_is_refused_at_the_time_of_another_session_of_its_cohort(
    cohort: Cohort, clerk: User, kind: SessionKind
):
    times = at_ten(cohort)
    ClassSessionFactory(cohort=cohort, kind=kind, title="ورشة اللحام", **times)

    with translation.override("en"), pytest.raises(ExamClash) as refusal:
        schedule_session(
            cohort_id=cohort.pk,
            kind=SessionKind.EXAM,
            title="اختبار نهائي",
            starts_at=times["ends_at"] - DAY / 48,
            ends_at=times["ends_at"] + DAY / 24,
            by=clerk,
        )

    said = said_of(refusal.value)
    assert "اختبار نهائي" in said
    assert "ورشة اللحام" in said
    assert all(hour in said for hour in ("10am to 12pm", "11:30am to 1pm"))
    after = {"starts_at": times["ends_at"], "ends_at": times["ends_at"] + DAY / 24}
    facts = {"cohort_id": cohort.pk, "kind": SessionKind.EXAM, "title": "اختبار نهائي", "by": clerk}
    assert schedule_session(**facts, **after).is_exam


def test_an_exam_is_refused_at_the_time_of_a_live_class_and_a_live_class_at_that_of_an_exam(
    cohort: Cohort, clerk: User
):
    times = at_ten(cohort)
    later = {name: moment + DAY / 4 for name, moment in times.items()}
    live = schedule_live_session(cohort=cohort, title="فصل مباشر", by=clerk, **times)
    facts = {"cohort_id": cohort.pk, "kind": SessionKind.EXAM, "title": "اختبار نهائي", "by": clerk}

    with pytest.raises(ExamClash):
        schedule_session(**facts, **times)
    schedule_session(**facts, **later)
    with pytest.raises(ExamClash):
        schedule_live_session(cohort=cohort, title="فصل آخر", by=clerk, **later)

    assert ClassSession.objects.filter(cohort=cohort).count() == 2
    assert live.class_session.starts_at == times["starts_at"]


def test_neither_an_exam_nor_a_class_is_moved_to_the_time_of_the_other(cohort: Cohort, clerk: User):
    times = at_ten(cohort)
    later = {name: moment + DAY / 4 for name, moment in times.items()}
    lesson = ClassSessionFactory(cohort=cohort, kind=SessionKind.CLASS, title="حصة", **times)
    held = exam(cohort, **later)

    for moved, to in ((lesson, later), (held, times)):
        with pytest.raises(ExamClash):
            reschedule_session(
                session_id=moved.pk, kind=SessionKind(moved.kind), title=moved.title, by=clerk, **to
            )


def test_what_clashed_before_keeps_its_time_and_may_get_another_name(cohort: Cohort, clerk: User):
    times = at_ten(cohort)
    ClassSessionFactory(cohort=cohort, kind=SessionKind.CLASS, **times)
    held = exam(cohort, **times)

    changed = reschedule_session(
        session_id=held.pk, kind=SessionKind.EXAM, title="اختبار", venue_id=held.venue_id, by=clerk, **times
    )

    assert changed.title == "اختبار"


def test_sessions_of_other_cohorts_and_canceled_ones_are_no_clash(cohort: Cohort, clerk: User):
    times = at_ten(cohort)
    ClassSessionFactory(cohort=CohortFactory(center=cohort.center), **times)
    ClassSessionFactory(cohort=cohort, canceled_at=timezone.now(), **times)

    facts = {"cohort_id": cohort.pk, "kind": SessionKind.EXAM, "title": "اختبار نهائي", "by": clerk}
    assert schedule_session(**facts, **times).is_exam


def test_who_plans_reads_which_room_and_who_is_taken_by_what_and_when(cohort: Cohort, clerk: User):
    times = at_ten(cohort)
    teacher = UserFactory(display_name="سامي حسن")
    other = CohortFactory(center=cohort.center)
    room = Venue.objects.create(center=cohort.center, name="معمل ٧")
    ClassSessionFactory(cohort=other, title="لحام", venue=room, **times)
    ClassSessionFactory(cohort=other, title="برادة", instructor=teacher, **times)

    with translation.override("en"), pytest.raises(SessionClash) as refusal:
        schedule_session(
            cohort_id=cohort.pk,
            kind=SessionKind.CLASS,
            title="حصة",
            venue_id=room.pk,
            instructor_id=teacher.pk,
            by=clerk,
            **times,
        )

    said = said_of(refusal.value)
    assert "معمل ٧" in said
    assert f"“لحام” of {other.code}" in said
    assert "سامي حسن" in said
    assert f"“برادة” of {other.code}" in said
    assert "10am to 12pm" in said


def test_of_another_center_it_is_said_only_that_a_person_is_taken(cohort: Cohort, clerk: User):
    times = at_ten(cohort)
    teacher = UserFactory(display_name="سامي حسن")
    other = CohortFactory(center=CenterFactory())
    ClassSessionFactory(cohort=other, title="برادة", instructor=teacher, **times)

    with translation.override("en"), pytest.raises(SessionClash) as refusal:
        schedule_session(
            cohort_id=cohort.pk,
            kind=SessionKind.CLASS,
            title="حصة",
            instructor_id=teacher.pk,
            by=clerk,
            **times,
        )

    said = said_of(refusal.value)
    assert "سامي حسن is taken" in said
    assert "برادة" not in said
    assert other.code not in said


def test_the_form_of_a_session_says_what_takes_the_room(client: Client, cohort: Cohort):
    times = at_ten(cohort)
    room = Venue.objects.create(center=cohort.center, name="معمل ٧")
    other = CohortFactory(center=cohort.center)
    ClassSessionFactory(cohort=other, title="لحام", venue=room, **times)
    client.force_login(MembershipFactory(role=RoleName.CENTER_MANAGER, center=cohort.center).user)

    typed = {name: f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}" for name, moment in times.items()}
    answer = client.post(
        reverse("classsession:add"),
        {"cohort": cohort.pk, "kind": "class", "title": "حصة", "venue": room.pk, "instructor": "", **typed},
    )

    assert other.code in answer.text
    assert "لحام" in answer.text
    assert not ClassSession.objects.filter(title="حصة").exists()


def test_a_cohort_may_have_an_exam_in_two_rooms_at_once(cohort: Cohort, clerk: User):
    times = at_ten(cohort)
    exam(cohort, **times)

    facts = {"cohort_id": cohort.pk, "kind": SessionKind.EXAM, "title": "اختبار نهائي", "by": clerk}
    assert schedule_session(**facts, **times).is_exam
