"""Numbers and addresses on the page of a person in the staff workplace."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Center, Contact, Person
from tests.accounts.workplace.test_workplace import person_form
from tests.factories.accounts import PersonFactory, TraineeFactory

pytestmark = pytest.mark.django_db
NUMBER = "+201012345678"


@pytest.fixture
def person(center: Center) -> Person:
    return PersonFactory(registered_at=center)


def changed(client: Client, person: Person, **facts: object) -> dict[str, list[str]]:
    """The errors of the form, {} where it was saved."""
    page = reverse("person:edit", args=[person.pk])
    answer = client.post(page, person_form(person.registered_at, **facts))
    return {} if answer.status_code == 302 else dict(answer.context["form"].errors)


def current(person: Person) -> set[str]:
    return set(Contact.objects.current().filter(person=person).values_list("value", flat=True))


def test_a_person_is_registered_with_a_number_and_an_address(manager_client: Client, center: Center):
    manager_client.post(
        reverse("person:add"), person_form(center, phone="010 1234 5678", email="Mona@example.org")
    )

    assert current(Person.objects.get()) == {NUMBER, "mona@example.org"}


def test_the_page_shows_them_and_the_form_has_them(manager_client: Client, person: Person):
    changed(manager_client, person, phone=NUMBER)

    shown = manager_client.get(reverse("person:inspect", args=[person.pk])).content.decode()
    form = manager_client.get(reverse("person:edit", args=[person.pk])).context["form"]
    assert '<bdi dir="ltr">010 12345678</bdi>' in shown
    assert form["phone"].value() == NUMBER
    assert "same" not in form.fields


def test_leaving_a_number_out_ends_it(manager_client: Client, person: Person):
    changed(manager_client, person, phone=NUMBER)

    assert changed(manager_client, person, phone="") == {}
    assert current(person) == set()


def test_saving_without_a_change_writes_no_contact(manager_client: Client, person: Person):
    changed(manager_client, person, phone=NUMBER)
    before = Contact.objects.get()

    assert changed(manager_client, person, phone=NUMBER) == {}
    assert Contact.objects.get().since == before.since


def test_a_number_of_another_person_is_asked_about(manager_client: Client, center: Center, person: Person):
    TraineeFactory(person=PersonFactory(registered_at=center), phone=NUMBER)

    assert "same" in changed(manager_client, person, phone=NUMBER)
    assert current(person) == set()
    assert changed(manager_client, person, phone=NUMBER, same="shared") == {}
    assert Contact.objects.get(person=person).is_shared


def test_only_what_another_person_has_is_shared(manager_client: Client, center: Center, person: Person):
    TraineeFactory(person=PersonFactory(registered_at=center), phone=NUMBER)

    changed(manager_client, person, phone=NUMBER, email="mona@example.org", same="shared")

    shared = Contact.objects.filter(person=person).values_list("kind", "is_shared")
    assert dict(shared) == {"phone": True, "email": False}


@pytest.mark.parametrize(("field", "typed"), [("phone", "12"), ("email", "nowhere")])
def test_what_reaches_no_one_is_named(manager_client: Client, person: Person, field: str, typed: str):
    assert field in changed(manager_client, person, **{field: typed})
    assert current(person) == set()
