"""Language and digits: what a person chooses holds on pages after the login and in messages."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.enums import ContactKind, Digits, Language
from accounts.models import AuditEntry, Center, Contact, Person, User
from accounts.services.login_notices import deliver_login_notices, notify_holder
from accounts.services.logins import give_first_login
from accounts.services.people import correct_person
from courses.enums import SeatNoticeKind
from courses.models import SeatNotice
from courses.services.notices import send_seat_notices
from tests.factories.accounts import PersonFactory, TraineeFactory
from tests.factories.courses import CohortFactory

pytestmark = pytest.mark.django_db
PAGE = "/ar/accounts/preferences/"
ENGLISH = {"language": "en", "digits": "latn"}


@pytest.fixture
def trainee(center: Center) -> User:
    return TraineeFactory(person=PersonFactory(registered_at=center), email="mona@example.org")


@pytest.fixture
def trainee_client(client: Client, trainee: User) -> Client:
    client.force_login(trainee)
    return client


def test_pages_after_the_login_are_in_the_language_that_was_chosen(trainee_client: Client, trainee: User):
    answer = trainee_client.post(PAGE, ENGLISH)
    trainee_client.logout()
    login = trainee_client.post(
        "/ar/accounts/login/", {"login": "mona@example.org", "password": "correct-horse"}
    )

    assert answer["Location"] == "/en/accounts/"
    assert login["Location"].startswith("/en/")
    assert trainee_client.get("/")["Location"] == "/en/"
    trainee.person.refresh_from_db()
    assert trainee.person.language == Language.ENGLISH
    assert AuditEntry.objects.filter(action="accounts.login.choose_language").count() == 1


def test_messages_are_in_the_language_that_was_chosen(trainee_client: Client, trainee: User):
    trainee_client.post(PAGE, ENGLISH)
    notify_holder(user=trainee, kind="new_password", center=None)
    deliver_login_notices()

    assert "Staff of the ministry" in mail.outbox[-1].body


@pytest.mark.parametrize(("chosen", "shown"), [("latn", "2001"), ("arab", "٢٠٠١"), ("", "٢٠٠١")])
def test_arabic_pages_have_the_digits_that_were_chosen(
    trainee_client: Client, trainee: User, chosen: str, shown: str
):
    User.objects.filter(pk=trainee.pk).update(digits=chosen)
    Person.objects.filter(pk=trainee.person_id).update(birth_date="2001-05-07")

    assert shown in trainee_client.get("/ar/accounts/").content.decode()


def test_the_digits_of_one_reader_are_not_those_of_the_next(trainee_client: Client, trainee: User):
    User.objects.filter(pk=trainee.pk).update(digits=Digits.LATIN)
    other = Client()
    other.force_login(TraineeFactory(person=PersonFactory(birth_date="2001-05-07")))

    trainee_client.get("/ar/accounts/")

    assert "٢٠٠١" in other.get("/ar/accounts/").content.decode()


def test_staff_write_the_language_of_a_person_without_a_login(manager: User, center: Center):
    person = PersonFactory(registered_at=center)
    Contact.objects.create(person=person, kind=ContactKind.EMAIL, value="mona@example.org")
    cohort = CohortFactory(center=center)
    correct_person(person_id=person.pk, language=Language.ENGLISH, by=manager)

    SeatNotice.objects.create(person=person, cohort=cohort, kind=SeatNoticeKind.LIST_CLOSED)
    send_seat_notices()

    assert "no more seats" in mail.outbox[-1].body


def test_login_and_person_have_one_language(manager: User, center: Center):
    person = PersonFactory(registered_at=center)

    login, _password = give_first_login(person_id=person.pk, by=manager, language="en")
    person.refresh_from_db()
    assert person.language == Language.ENGLISH

    correct_person(person_id=person.pk, language=Language.ARABIC, by=manager)
    login.refresh_from_db()
    assert login.language == Language.ARABIC


def test_the_page_refuses_another_language(trainee_client: Client, trainee: User):
    answer = trainee_client.post(PAGE, {"language": "fr", "digits": "roman"})

    assert set(answer.context["form"].errors) == {"language", "digits"}


def test_a_visitor_has_no_preferences(client: Client):
    assert client.get(reverse("account_preferences")).status_code == 302
