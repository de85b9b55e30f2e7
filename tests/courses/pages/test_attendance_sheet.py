"""Whom an attendance sheet lists, and what may change on it."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Center, User
from courses.enums import AttendanceSource, AttendanceStatus, EnrollmentState
from courses.models import AttendanceRecord, ClassSession, Enrollment
from courses.services.attendance import amend_attendance, lock_attendance, record_attendance
from tests.factories.accounts import UserFactory
from tests.factories.courses import (
    ClassSessionFactory,
    CohortFactory,
    EnrollmentFactory,
    closed,
    finish_units,
    taught_cohort,
)
from tests.typesetting.reading import text_by_mupdf

ABSENT, LATE, PRESENT = AttendanceStatus.ABSENT, AttendanceStatus.LATE, AttendanceStatus.PRESENT


@pytest.fixture
def session(center: Center) -> ClassSession:
    return ClassSessionFactory(cohort=CohortFactory(center=center))


def marked(session: ClassSession, status: str, minutes: int, by: User) -> Enrollment:
    enrollment = EnrollmentFactory(cohort=session.cohort)
    record_attendance(
        session_id=session.pk,
        enrollment_id=enrollment.pk,
        status=AttendanceStatus(status),
        minutes=minutes,
        source=AttendanceSource.CODE,
        by=by,
    )
    return enrollment


def fail(enrollment: Enrollment) -> None:
    Enrollment.objects.filter(pk=enrollment.pk).update(state=EnrollmentState.FAILED)


def sheet_of(session: ClassSession) -> str:
    return reverse("classsession:attendance", args=[session.pk])


def mark_of(enrollment: Enrollment) -> tuple[str, int]:
    current = AttendanceRecord.objects.get(enrollment=enrollment, is_current=True)
    return current.status, current.minutes


def test_who_did_not_complete_stays_on_the_sheet_of_a_closed_cohort_and_their_mark_is_corrected(
    manager_client: Client, manager: User, session: ClassSession
):
    enrollment = marked(session, ABSENT, 0, manager)
    closed(session.cohort)

    page = manager_client.get(sheet_of(session))
    manager_client.post(sheet_of(session), {f"status-{enrollment.pk}": "present", "reason": "كان حاضرًا"})

    enrollment.refresh_from_db()
    assert enrollment.state == EnrollmentState.FAILED
    assert [line.enrollment for line in page.context["lines"]] == [enrollment]
    assert mark_of(enrollment) == (PRESENT, 45)


def test_a_sheet_printed_after_the_closing_names_who_did_not_complete(
    manager_client: Client, session: ClassSession
):
    EnrollmentFactory(cohort=session.cohort, person__full_name_ar="منى حسن")
    closed(session.cohort)

    paper = manager_client.get(reverse("classsession:print", args=[session.pk])).content

    assert "منى" in text_by_mupdf(paper)


def test_who_did_not_complete_is_only_read_in_an_open_cohort_and_keeps_no_sheet_from_its_lock(
    manager_client: Client, manager: User, session: ClassSession
):
    was_there, unmarked = marked(session, LATE, 30, manager), EnrollmentFactory(cohort=session.cohort)
    for enrollment in (was_there, unmarked):
        fail(enrollment)
    typed = {f"status-{was_there.pk}": "absent", f"status-{unmarked.pk}": "present"}

    page = manager_client.get(sheet_of(session)).text
    manager_client.post(sheet_of(session), {**typed, "rest_present": "1", "lock": "1"})

    session.refresh_from_db()
    assert page.count("لم يُكمل: ") == 2
    assert session.locked_at
    assert mark_of(was_there) == (LATE, 30)
    assert not unmarked.attendance.exists()


@pytest.mark.parametrize(("status", "shown"), [(PRESENT, None), (LATE, 15)])
def test_a_sheet_whose_session_was_shortened_since_is_saved_as_it_is_shown(
    manager_client: Client, manager: User, session: ClassSession, status: str, shown: int | None
):
    early, other = marked(session, status, 45, manager), EnrollmentFactory(cohort=session.cohort)
    ClassSession.objects.filter(pk=session.pk).update(ends_at=session.starts_at + dt.timedelta(minutes=15))

    lines = manager_client.get(sheet_of(session)).context["lines"]
    minutes = {line.enrollment: line.minutes.value() for line in lines}
    typed = {f"status-{early.pk}": status, f"minutes-{early.pk}": "" if shown is None else shown}
    manager_client.post(sheet_of(session), {**typed, f"status-{other.pk}": "present"})

    assert minutes[early] == shown
    assert early.attendance.count() == 1
    assert mark_of(other) == (PRESENT, 15)


def test_who_has_no_mark_on_a_locked_sheet_is_only_read(
    manager_client: Client, manager: User, session: ClassSession
):
    was_there, late_comer = marked(session, LATE, 30, manager), EnrollmentFactory(cohort=session.cohort)
    lock_attendance(session_id=session.pk, by=manager)
    typed = {f"status-{was_there.pk}": "present", f"status-{late_comer.pk}": "present", "reason": "خطأ"}

    page = manager_client.get(sheet_of(session))
    manager_client.post(sheet_of(session), typed)

    assert [line.enrollment for line in page.context["lines"] if line.is_read_only] == [late_comer]
    assert "قبل إغلاق الكشف" in page.text
    assert mark_of(was_there) == (PRESENT, 45)
    assert not late_comer.attendance.exists()


def test_the_sheet_tells_each_reason_why_a_mark_was_changed(
    manager_client: Client, manager: User, session: ClassSession
):
    enrollment = marked(session, ABSENT, 0, manager)
    for status, reason in (("late", "وصل متأخرًا"), ("present", "كان حاضرًا")):
        amend_attendance(
            record_id=enrollment.attendance.get(is_current=True).pk,
            status=AttendanceStatus(status),
            minutes=30,
            by=manager,
            reason=reason,
        )

    [line] = manager_client.get(sheet_of(session)).context["lines"]

    assert line.reasons == ["وصل متأخرًا", "كان حاضرًا"]


def test_a_correction_that_puts_completions_in_doubt_names_them_with_a_link(
    manager_client: Client, center: Center
):
    cohort = taught_cohort(attendance=50, center=center)
    over = timezone.now() - dt.timedelta(days=1)
    held = ClassSessionFactory(cohort=cohort, starts_at=over)
    people = EnrollmentFactory.create_batch(3, cohort=cohort)
    for one in people:
        finish_units(one)
        record_attendance(
            session_id=held.pk,
            enrollment_id=one.pk,
            status=PRESENT,
            minutes=0,
            source=AttendanceSource.INSTRUCTOR,
            by=UserFactory(),
        )
    lock_attendance(session_id=held.pk, by=UserFactory())

    def said_of(*those: Enrollment) -> str:
        typed = {f"status-{one.pk}": "absent" for one in those}
        answer = manager_client.post(sheet_of(held), {**typed, "reason": "لم يحضر"}, follow=True)
        return " ".join(map(str, answer.context["messages"]))

    one, several = said_of(people[0]), said_of(*people[1:])

    assert str(people[0].person) in one
    assert reverse("enrollment:inspect", args=[people[0].pk]) in one
    assert all(reverse("enrollment:inspect", args=[other.pk]) in several for other in people[1:])
    assert reverse("enrollment:inspect", args=[people[0].pk]) not in several
