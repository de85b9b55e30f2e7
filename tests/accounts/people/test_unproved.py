"""People who signed up alone: what they have is in no one's way, and no proof about the person proves who made the login."""

import datetime as dt

import pytest

from accounts.enums import ContactKind, ContactProof
from accounts.models import Contact, Person, User
from accounts.services.contacts import ContactOfAnother, is_of_another, prove_number_of, record_contact
from accounts.services.identity_documents import register_national_id
from accounts.services.logins import sign_up
from accounts.services.merging import merge_people
from accounts.services.number_logins import logins_of
from accounts.services.number_recoveries import recoverable_login
from tests.accounts.people.numbers import national_number
from tests.factories.accounts import PersonFactory, TraineeFactory

pytestmark = pytest.mark.django_db
NUMBER, BORN = "+201012345678", dt.date(1999, 4, 7)


def stranger(number: str = NUMBER) -> User:
    return sign_up(full_name_ar="منى علي حسن", birth_date=BORN, phone=number, password="own-words-7431")


def test_a_sign_up_with_a_number_takes_nothing_from_the_person_whose_number_it_is():
    mona = TraineeFactory(phone=NUMBER)
    prove_number_of(person_id=mona.person_id, number=NUMBER, by=mona)

    others = [stranger() for _ in range(6)]

    assert recoverable_login(NUMBER) == mona
    assert logins_of(NUMBER)[0] == mona
    assert len(logins_of(NUMBER)) == 5
    assert not any(other.phone for other in others)
    assert not Contact.objects.get(person=mona.person_id).is_disputed


def test_a_number_that_was_only_typed_at_a_sign_up_is_recorded_for_the_person_who_comes_with_it(
    manager: User,
):
    login = stranger()
    mona = PersonFactory(registered_at=manager.memberships.get().center)

    contact = record_contact(
        person_id=mona.pk, kind=ContactKind.PHONE, value=NUMBER, proved_how=ContactProof.DESK, by=manager
    )

    assert (contact.is_disputed, contact.is_shared) == (False, False)
    assert not is_of_another(person_id=mona.pk, kind=ContactKind.PHONE, value=NUMBER)
    with pytest.raises(ContactOfAnother):
        record_contact(person_id=PersonFactory().pk, kind=ContactKind.PHONE, value=NUMBER, by=manager)
    assert Person.objects.get(pk=login.person_id).is_unproved


def test_a_code_proves_a_person_and_keeps_the_login():
    login = stranger()

    prove_number_of(person_id=login.person_id, number=NUMBER, by=login)

    login.refresh_from_db()
    assert not Person.objects.get(pk=login.person_id).is_unproved
    assert login.check_password("own-words-7431")
    assert recoverable_login(NUMBER) == login


def test_a_call_of_the_desk_proves_the_person_and_empties_the_login(manager: User):
    login = stranger()

    record_contact(
        person_id=login.person_id,
        kind=ContactKind.PHONE,
        value=NUMBER,
        proved_how=ContactProof.DESK,
        by=manager,
    )

    login.refresh_from_db()
    assert not login.was_opened
    assert not Contact.objects.get(person=login.person_id).is_disputed


def test_a_merge_with_a_proved_record_empties_the_login_of_a_sign_up(manager: User):
    center = manager.memberships.get().center
    login = stranger()
    Person.objects.filter(pk=login.person_id).update(registered_at=center)
    mona = PersonFactory(registered_at=center)
    register_national_id(person_id=mona.pk, number=national_number(BORN), by=manager)

    merge_people(keep_id=mona.pk, duplicate_id=login.person_id, reason="الشخص نفسه", by=manager)

    login.refresh_from_db()
    assert (login.person_id, login.was_opened) == (mona.pk, False)
    assert not Person.objects.get(pk=mona.pk).is_unproved
