"""The page that starts the teaching of a cohort."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from courses.enums import CohortState
from courses.errors import CohortRunning
from courses.models import Cohort
from courses.services.seats import hold_seat
from tests.factories.accounts import MembershipFactory, PersonFactory, UserFactory
from tests.factories.courses import ClassSessionFactory, EnrollmentFactory, taught_cohort

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


@pytest.fixture
def cohort() -> Cohort:
    cohort = taught_cohort(lessons=1)
    facts = {"starts_on": TODAY() - dt.timedelta(days=1), "ends_on": TODAY() + dt.timedelta(days=30)}
    Cohort.objects.filter(pk=cohort.pk).update(**facts)
    cohort.refresh_from_db()
    return cohort


@pytest.fixture
def manager(cohort: Cohort) -> Client:
    client = Client()
    client.force_login(MembershipFactory(role=RoleName.CENTER_MANAGER, center=cohort.center).user)
    return client


def page_of(cohort: Cohort) -> str:
    return reverse("cohort:start", args=[cohort.pk])


def test_the_page_says_what_follows_before_it_asks(cohort: Cohort, manager: Client):
    EnrollmentFactory.create_batch(2, cohort=cohort)
    ClassSessionFactory(cohort=cohort, starts_at=timezone.now() + dt.timedelta(days=2))
    tomorrow = timezone.now() + dt.timedelta(days=1)
    hold_seat(person_id=PersonFactory().pk, cohort_id=cohort.pk, until=tomorrow, by=UserFactory())

    page = manager.get(page_of(cohort))

    facts = {name: page.context[name] for name in ("learning", "to_come", "seats_until", "waiting")}
    assert facts == {"learning": 2, "to_come": 1, "seats_until": None, "waiting": 1}
    assert cohort.state == CohortState.OPEN


def test_a_session_that_has_begun_is_held_now_and_not_to_come(cohort: Cohort, manager: Client):
    begun = ClassSessionFactory(
        cohort=cohort,
        starts_at=timezone.now() - dt.timedelta(minutes=5),
        ends_at=timezone.now() + dt.timedelta(minutes=40),
    )
    later = ClassSessionFactory(cohort=cohort, starts_at=timezone.now() + dt.timedelta(days=2))

    page = manager.get(page_of(cohort))

    facts = {name: page.context[name] for name in ("held_now", "to_come", "next_session")}
    assert facts == {"held_now": begun, "to_come": 1, "next_session": later}
    assert f"«{begun.title}»" in page.text


@pytest.mark.parametrize(
    ("days", "said"), [(0, "أُغلق باب التسجيل"), (5, "تُعطى المقاعد الخالية حتى")], ids=["closes", "goes on"]
)
def test_afterwards_it_says_what_happened_to_enrollment(
    cohort: Cohort, manager: Client, days: int, said: str
):
    EnrollmentFactory(cohort=cohort)
    Cohort.objects.filter(pk=cohort.pk).update(late_entry_days=days)

    answer = manager.post(page_of(cohort), follow=True)

    cohort.refresh_from_db()
    assert cohort.state == CohortState.RUNNING
    [message] = answer.context["messages"]
    assert said in str(message)


def test_a_cohort_is_started_once(cohort: Cohort, manager: Client):
    manager.post(page_of(cohort))

    answer = manager.post(page_of(cohort))

    assert answer.context["form"].non_field_errors() == [str(CohortRunning())]


def test_the_home_and_the_head_of_a_late_cohort_lead_to_its_start(cohort: Cohort, manager: Client):
    home = manager.get(reverse("wagtailadmin_home")).content.decode()
    head = manager.get(reverse("cohort:people", args=[cohort.pk])).content.decode()
    manager.post(page_of(cohort))
    after = manager.get(reverse("cohort:people", args=[cohort.pk])).content.decode()

    assert page_of(cohort) in home
    assert page_of(cohort) in head
    assert page_of(cohort) not in after


def test_the_form_of_the_cohort_starts_nothing(cohort: Cohort, manager: Client):
    facts = {"starts_on": cohort.starts_on, "ends_on": cohort.ends_on, "shift": cohort.shift, "seats": 15}
    facts |= {"entry": "open", "seats_reserved": 0, "late_entry_days": 0}

    manager.post(reverse("cohort:edit", args=[cohort.pk]), facts | {"step": "start"})

    cohort.refresh_from_db()
    assert (cohort.state, cohort.seats) == (CohortState.OPEN, 15)
