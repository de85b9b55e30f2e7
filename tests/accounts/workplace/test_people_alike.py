"""The form of a new person shows who may be the same, before a second record is made."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Center, Person, User
from accounts.services.identity_documents import register_national_id
from accounts.services.logins import sign_up
from accounts.services.people import register_person
from tests.accounts.people.numbers import national_number
from tests.accounts.workplace.test_workplace import person_form

pytestmark = pytest.mark.django_db
NAME = "منى أحمد عبد الله حسن"
BORN = dt.date(1999, 4, 7)


def registered(center: Center, by: User) -> Person:
    return register_person(full_name_ar=NAME, birth_date=BORN, registered_at=center, by=by)


def posted(client: Client, center: Center, **facts: object) -> str:
    """The form again, "" where it was saved."""
    facts = {"full_name_ar": "مني احمد عبدالله حسن", "birth_date": BORN.isoformat(), **facts}
    answer = client.post(reverse("person:add"), person_form(center, **facts))
    return "" if answer.status_code == 302 else answer.content.decode()


def test_a_person_of_the_same_name_and_birth_date_is_saved_only_as_another_person(
    manager_client: Client, manager: User, center: Center
):
    known = registered(center, manager)

    page = posted(manager_client, center)
    assert reverse("person:inspect", args=[known.pk]) in page
    assert Person.objects.count() == 1

    assert posted(manager_client, center, is_another="on") == ""
    assert Person.objects.count() == 2


def test_of_people_of_other_centers_there_is_a_count_only(
    manager_client: Client, superuser: User, center: Center, other_center: Center
):
    stranger = registered(other_center, superuser)

    page = posted(manager_client, center)

    assert "مسجلون في أماكن أخرى بهذا الاسم: 1" in page
    assert reverse("person:inspect", args=[stranger.pk]) not in page


def test_who_signed_up_alone_is_sent_to_the_front_desk(manager_client: Client, center: Center):
    login = sign_up(full_name_ar=NAME, birth_date=BORN, phone="01012345678", password="own-words-7431")

    page = posted(manager_client, center, phone="01012345678")

    assert "مكتب الاستقبال" in page
    assert reverse("person:inspect", args=[login.person_id]) not in page


def test_the_carrier_of_the_number_is_shown_and_is_no_other_person(
    manager_client: Client, manager: User, center: Center
):
    known, number = registered(center, manager), national_number(BORN, serial=1)
    register_national_id(person_id=known.pk, number=number, by=manager)

    page = posted(
        manager_client, center, full_name_ar="سعاد علي محمود", national_number=number, is_another="on"
    )

    assert reverse("person:inspect", args=[known.pk]) in page
    assert "is_another" not in page


def test_a_new_name_and_a_correction_are_saved_without_a_question(
    manager_client: Client, manager: User, center: Center
):
    known = registered(center, manager)
    registered(center, manager)

    answer = manager_client.post(
        reverse("person:edit", args=[known.pk]), person_form(center, full_name_ar=NAME, sex="female")
    )

    assert answer.status_code == 302
    assert posted(manager_client, center, full_name_ar="سعاد علي محمود إبراهيم") == ""


def test_three_people_are_shown_by_as_many_statements_as_one(
    manager_client: Client, manager: User, center: Center
):
    registered(center, manager)
    # The first request of a test reads what later ones know.
    posted(manager_client, center)
    with CaptureQueriesContext(connection) as for_one:
        posted(manager_client, center)
    for _ in range(2):
        registered(center, manager)

    with CaptureQueriesContext(connection) as for_three:
        page = posted(manager_client, center)

    assert page.count('href="/admin/person/inspect/') == 3
    assert len(for_three) == len(for_one)
