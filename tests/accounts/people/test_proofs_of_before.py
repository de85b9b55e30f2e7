"""What the upgrade makes of people and numbers that were there before: the audit trail knows who signed up alone."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from accounts.models import IdentityDocument, Person, User
from accounts.services.contacts import prove_number_of
from accounts.services.identity_documents import register_national_id
from accounts.services.logins import create_login, sign_up
from tests.accounts.people.numbers import mistyped, national_number
from tests.factories.accounts import PersonFactory

BORN = dt.date(1999, 4, 7)


def signed_up(number: str) -> User:
    return sign_up(full_name_ar="منى علي حسن", birth_date=BORN, phone=number, password="own-words-7431")


@pytest.mark.django_db
def test_the_upgrade_marks_who_proved_nothing_and_numbers_that_do_not_fit(manager: User):
    alone, proved = signed_up("+201012345678"), signed_up("+201112345678")
    prove_number_of(person_id=proved.person_id, number="+201112345678", by=proved)
    registered = PersonFactory()
    create_login(phone="+201212345678", person=registered, by=manager)
    number = national_number(BORN)
    for person, typed in ((registered, mistyped(number)), (PersonFactory(), number)):
        register_national_id(person_id=person.pk, number=typed, by=manager)
    Person.objects.update(is_unproved=False)
    IdentityDocument.objects.update(is_suspect=False)

    import_module("accounts.migrations.0020_proofs_of_people_and_numbers").mark_what_the_trail_knows(
        apps, None
    )

    assert list(Person.objects.filter(is_unproved=True)) == [alone.person]
    assert IdentityDocument.objects.get(is_suspect=True).person == registered
