"""The page of an enrollment shows everything that its completion depends on, with links."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from courses.enums import AttendanceStatus
from courses.models import Cohort, Enrollment
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import issued
from tests.factories.courses import (
    ClassSessionFactory,
    EnrollmentFactory,
    attend,
    finish_units,
    taught_cohort,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort() -> Cohort:
    return taught_cohort(lessons=2, attendance=75)


@pytest.fixture
def manager(cohort: Cohort) -> Client:
    client = Client()
    client.force_login(MembershipFactory(role=RoleName.CENTER_MANAGER, center=cohort.center).user)
    return client


def page_of(enrollment: Enrollment) -> str:
    return reverse("enrollment:inspect", args=[enrollment.pk])


def test_it_shows_units_attendance_and_what_is_missing(cohort: Cohort, manager: Client):
    enrollment = EnrollmentFactory(cohort=cohort, person__registered_at=cohort.center)
    record = attend(enrollment, AttendanceStatus.ABSENT)
    to_come = ClassSessionFactory(cohort=cohort, starts_at=timezone.now() + dt.timedelta(days=1))
    finish_units(enrollment)

    page = manager.get(page_of(enrollment)).text

    for link in (
        reverse("person:inspect", args=[enrollment.person_id]),
        reverse("cohort:inspect", args=[cohort.pk]),
        reverse("classsession:attendance", args=[record.session_id]),
        reverse("classsession:attendance", args=[to_come.pk]),
    ):
        assert f'href="{link}"' in page
    assert all(unit["title"] in page for unit in cohort.content_version.units)
    assert all(word in page for word in ("غائب", "لم تُعقد بعد", "لم يتحقق بعد", "لم تصدر شهادة"))


def test_it_leads_to_its_certificate(cohort: Cohort, manager: Client):
    credential = issued(cohort)

    page = manager.get(page_of(credential.enrollment)).text

    assert f'href="{reverse("credentials:inspect", args=[credential.pk])}"' in page
    assert credential.type.name_ar in page


@pytest.mark.parametrize("sessions", [1, 3])
def test_it_asks_as_often_for_many_sessions_as_for_one(
    cohort: Cohort, manager: Client, sessions: int, django_assert_num_queries
):
    enrollment = EnrollmentFactory(cohort=cohort)
    for _number in range(sessions):
        attend(enrollment, AttendanceStatus.PRESENT)
    manager.get(page_of(enrollment))

    with django_assert_num_queries(37):
        manager.get(page_of(enrollment))
