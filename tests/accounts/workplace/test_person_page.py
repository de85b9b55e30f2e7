"""The page of a person: what staff of the center read about them, and what of other centers they do not."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import ContactKind
from accounts.models import Center, Person, User
from accounts.services.contacts import record_contact
from courses.enums import SeatNoticeKind
from courses.models import Enrollment, SeatNotice
from tests.factories.accounts import PersonFactory, TraineeFactory
from tests.factories.certificates import issued
from tests.factories.courses import CohortFactory, EnrollmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(center: Center) -> Person:
    return PersonFactory(registered_at=center)


def page_of(client: Client, person: Person) -> str:
    return client.get(reverse("person:inspect", args=[person.pk])).content.decode()


def enrolled(person: Person, center: Center) -> Enrollment:
    return EnrollmentFactory(person=person, cohort=CohortFactory(center=center))


def test_enrollments_lead_to_their_pages(manager_client: Client, center: Center, person: Person):
    enrollment = enrolled(person, center)

    page = page_of(manager_client, person)

    assert reverse("enrollment:inspect", args=[enrollment.pk]) in page
    assert enrollment.cohort.program.title in page


def test_enrollments_of_another_center_are_a_count(
    manager_client: Client, center: Center, other_center: Center, person: Person
):
    elsewhere = enrolled(person, other_center)

    page = page_of(manager_client, person)

    assert elsewhere.cohort.code not in page
    assert "في مراكز أخرى: 1" in page


def test_certificates_are_listed(manager_client: Client, center: Center):
    credential = issued(CohortFactory(center=center))
    Person.objects.filter(pk=credential.holder_id).update(registered_at=center)

    page = page_of(manager_client, credential.holder)

    assert credential.number in page
    assert reverse("credentials:inspect", args=[credential.pk]) in page


def test_login_guardian_and_earlier_contacts_are_shown(
    manager_client: Client, manager: User, center: Center, person: Person
):
    TraineeFactory(person=person, phone="+201212345678")
    guardian = PersonFactory(registered_at=center)
    Person.objects.filter(pk=person.pk).update(guardian=guardian)
    for number in ("+201012345678", "+201112345678"):
        record_contact(person_id=person.pk, kind=ContactKind.PHONE, value=number, by=manager)

    page = page_of(manager_client, person)

    for shown in ("012 12345678", "+201012345678", "011 12345678", guardian.full_name_ar):
        assert shown in page
    assert person.full_name_ar in page_of(manager_client, guardian)


def test_a_guardian_of_another_center_has_no_name_here(
    manager_client: Client, other_center: Center, person: Person
):
    guardian = PersonFactory(registered_at=other_center, full_name_ar="سر لا يُعرض هنا")
    Person.objects.filter(pk=person.pk).update(guardian=guardian)

    assert guardian.full_name_ar not in page_of(manager_client, person)


def test_a_message_that_reached_no_one_is_listed(manager_client: Client, center: Center, person: Person):
    SeatNotice.objects.create(
        person=person,
        cohort=CohortFactory(center=center),
        kind=SeatNoticeKind.LIST_CLOSED,
        state="unreached",
        due_at=timezone.now(),
    )

    assert "لا وسيلة للتواصل" in page_of(manager_client, person)


def test_the_page_costs_as_much_for_many_rows_as_for_one(
    manager_client: Client, center: Center, person: Person
):
    counts = []
    # The first page fills what is kept between requests.
    for _ in range(3):
        enrolled(person, center)
        with CaptureQueriesContext(connection) as asked:
            page_of(manager_client, person)
        counts.append(len(asked))

    assert counts[1] == counts[2]


@pytest.mark.parametrize("typed", ["010 1234 5678", "+201012345678", "٠١٠١٢٣٤٥٦٧٨", "m22035158"])
def test_people_are_found_by_number_and_user_name_and_the_name_leads_to_their_page(
    manager_client: Client, manager: User, person: Person, typed: str
):
    PersonFactory(registered_at=person.registered_at)
    TraineeFactory(person=person, phone=None, username="m22035158")
    record_contact(person_id=person.pk, kind=ContactKind.PHONE, value="01012345678", by=manager)

    found = manager_client.get(reverse("person:index"), {"q": typed})

    assert list(found.context["object_list"]) == [person]
    assert f'href="{reverse("person:inspect", args=[person.pk])}"' in found.content.decode()
