"""Canceling a session of a cohort in the staff workplace."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import User
from courses.enums import AttendanceStatus, SessionKind
from courses.models import ClassSession, Enrollment
from courses.queries.evidence import evidence_of
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import ClassSessionFactory, EnrollmentFactory, attend, taught_cohort

pytestmark = pytest.mark.django_db


@pytest.fixture
def session() -> ClassSession:
    meeting: ClassSession = ClassSessionFactory(
        kind=SessionKind.WORKSHOP, starts_at=timezone.now() + dt.timedelta(days=2)
    )
    return meeting


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(session: ClassSession) -> Client:
    return client_of(MembershipFactory(role=RoleName.CENTER_MANAGER, center=session.cohort.center).user)


def cancel(client: Client, session: ClassSession, reason: str = "عطل في الكهرباء"):
    return client.post(reverse("classsession:cancel", args=[session.pk]), {"reason": reason})


def is_attendance_met(enrollment: Enrollment) -> bool:
    return evidence_of(enrollment, enrollment.cohort.completion_rule).attendance.is_met()


def canceled(session: ClassSession) -> bool:
    session.refresh_from_db()
    return session.canceled_at is not None


def test_the_list_leads_to_the_page_that_cancels_a_session(manager: Client, session: ClassSession):
    page = manager.get(reverse("classsession:index")).content.decode()

    assert reverse("classsession:cancel", args=[session.pk]) in page


def test_a_canceled_session_is_marked_in_the_list_and_not_counted(manager: Client, session: ClassSession):
    enrollment = EnrollmentFactory(
        cohort=taught_cohort(lessons=1, attendance=75, center=session.cohort.center)
    )
    ClassSession.objects.filter(pk=session.pk).update(cohort=enrollment.cohort)
    attend(enrollment, AttendanceStatus.PRESENT)
    assert not is_attendance_met(enrollment)

    cancel(manager, session)

    assert canceled(session)
    assert session.cancel_reason == "عطل في الكهرباء"
    assert is_attendance_met(enrollment)
    page = manager.get(reverse("classsession:index")).content.decode()
    assert "ملغاة" in page
    assert reverse("classsession:cancel", args=[session.pk]) not in page


def test_a_session_is_canceled_once(manager: Client, session: ClassSession):
    cancel(manager, session)

    page = manager.get(reverse("classsession:cancel", args=[session.pk]))

    assert "<form method" not in page.content.decode().split("<main")[1]


def test_a_session_is_not_canceled_without_a_reason(manager: Client, session: ClassSession):
    answer = cancel(manager, session, " ")

    assert answer.context["form"].errors
    assert not canceled(session)


def test_the_reason_is_said_to_be_read_by_trainees(manager: Client, session: ClassSession):
    page = manager.get(reverse("classsession:cancel", args=[session.pk])).content.decode()

    assert "يقرؤه المتدربون في جدولهم" in page


def test_a_session_that_was_attended_stays(manager: Client, session: ClassSession):
    attend(EnrollmentFactory(cohort=session.cohort), AttendanceStatus.PRESENT)
    attended = session.cohort.sessions.exclude(pk=session.pk).get()

    answer = cancel(manager, attended)

    assert "سُجّل حضور" in answer.content.decode()
    assert not canceled(attended)


def test_a_live_class_is_canceled_where_its_room_is(manager: Client, session: ClassSession):
    live = ClassSessionFactory(cohort=session.cohort, kind=SessionKind.LIVE, starts_at=session.ends_at)

    page = manager.get(reverse("classsession:cancel", args=[live.pk])).content.decode()

    assert "الحصص المباشرة" in page
    assert 'name="reason"' not in page
    cancel(manager, live)
    assert not canceled(live)


@pytest.mark.parametrize("role", [RoleName.INSTRUCTOR, RoleName.REGISTRAR])
def test_who_does_not_manage_the_cohort_cancels_nothing(session: ClassSession, role: RoleName):
    client = client_of(MembershipFactory(role=role, center=session.cohort.center).user)

    assert cancel(client, session).status_code == 404
    assert not canceled(session)
