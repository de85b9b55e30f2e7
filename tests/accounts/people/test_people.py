"""People, their documents and their consent."""

import datetime as dt

import pytest
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from accounts.enums import DocumentKind, Sex
from accounts.errors import DomainError
from accounts.models import Center, IdentityDocument, Person, User
from accounts.services.consents import give_consent, withdraw_consent
from accounts.services.field_encryption import decrypt_field
from accounts.services.identity_documents import (
    BadPassportNumber,
    DuplicateDocument,
    UnknownCountry,
    find_by_national_id,
    register_national_id,
    register_passport,
)
from accounts.services.national_number import BadNationalNumber
from accounts.services.people import BornInTheFuture, NameMissing, OwnRecord, correct_person, register_person
from tests.factories.accounts import PersonFactory, UserFactory

NUMBER = "29001011234567"


def test_registering_keeps_the_typed_name_and_folds_it_for_search(manager: User, center: Center):
    person = register_person(
        full_name_ar="مُنى  عبد الله", full_name_en="Mona Abdallah", registered_at=center, by=manager
    )

    assert person.full_name_ar == "مُنى عبد الله"
    assert person.folded_name == "مني عبدالله mona abdallah"
    assert ModelLogEntry.objects.get(action="accounts.person.register").user == manager


def test_correcting_keeps_before_and_after(manager: User):
    person = PersonFactory(full_name_ar="أحمد")

    correct_person(person_id=person.pk, full_name_ar="احمد علي", sex=Sex.MALE, by=manager)

    entry = ModelLogEntry.objects.get(action="accounts.person.correct")
    assert entry.data["changes"]["full_name_ar"] == {"before": "أحمد", "after": "احمد علي"}
    assert Person.objects.get(pk=person.pk).folded_name.startswith("احمد علي")


def test_a_user_cannot_correct_the_own_record(db: None):
    person = PersonFactory()
    clerk = UserFactory(person=person)

    with pytest.raises(OwnRecord):
        correct_person(person_id=person.pk, full_name_ar="غيره", by=clerk)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"full_name_ar": " \u200f "}, NameMissing),
        ({"full_name_ar": "منى", "birth_date": dt.date(2999, 1, 1)}, BornInTheFuture),
    ],
)
def test_an_impossible_person_is_not_registered(manager: User, facts: dict, refusal: type[DomainError]):
    with pytest.raises(refusal):
        register_person(**facts, by=manager)

    assert not Person.objects.exists()


def test_a_national_number_is_kept_encrypted_and_fills_the_gaps(manager: User):
    person = PersonFactory(birth_date=None, sex="")

    document = register_national_id(person_id=person.pk, number="٢٩٠٠١٠١١٢٣٤٥٦٧", by=manager)

    person.refresh_from_db()
    assert (person.birth_date, person.sex) == (dt.date(1990, 1, 1), Sex.FEMALE)
    assert NUMBER.encode() not in bytes(document.number_encrypted)
    assert document.last4 == "4567"
    assert find_by_national_id("2 900101 12 3456 7") == document


def test_a_number_is_registered_once_in_any_digits(manager: User):
    register_national_id(person_id=PersonFactory().pk, number=NUMBER, by=manager)

    with pytest.raises(DuplicateDocument):
        register_national_id(person_id=PersonFactory().pk, number="٢٩٠٠١٠١١٢٣٤٥٦٧", by=manager)

    assert IdentityDocument.objects.count() == 1


def test_a_refused_number_writes_nothing_and_leaks_into_no_log(manager: User):
    person = PersonFactory(birth_date=None)

    with pytest.raises(BadNationalNumber) as raised:
        register_national_id(person_id=person.pk, number="2900101123456²", by=manager)

    assert not IdentityDocument.objects.exists()
    assert not ModelLogEntry.objects.filter(action__startswith="accounts.identity_document").exists()
    assert "2900101" not in str(raised.value)


def test_a_rotated_key_still_reads_old_numbers(manager: User, settings):
    document = register_national_id(person_id=PersonFactory().pk, number=NUMBER, by=manager)
    settings.FIELD_ENCRYPTION_KEYS = [
        "bmV3LWtleS0wMTIzNDU2Nzg5LW5ldy1rZXktMDEyMzQ=",
        *settings.FIELD_ENCRYPTION_KEYS,
    ]

    assert decrypt_field(bytes(document.number_encrypted)) == NUMBER


def test_a_passport_is_written_as_in_the_passport(manager: User):
    document = register_passport(person_id=PersonFactory().pk, number="p ٠١٢-٣٤٥", country="sd", by=manager)

    assert (document.kind, document.country, document.last4) == (DocumentKind.PASSPORT, "SD", "2345")


@pytest.mark.parametrize(
    ("number", "country", "refusal"),
    [
        ("P0²345", "SD", BadPassportNumber),
        ("P0123456", "Sudan", UnknownCountry),
        ("ب٠١٢٣٤٥", "SD", BadPassportNumber),
    ],
)
def test_a_passport_that_cannot_be_is_refused(
    manager: User, number: str, country: str, refusal: type[DomainError]
):
    with pytest.raises(refusal):
        register_passport(person_id=PersonFactory().pk, number=number, country=country, by=manager)


def test_refusals_speak_arabic(manager: User):
    with translation.override("ar"), pytest.raises(BadNationalNumber) as raised:
        register_national_id(person_id=PersonFactory().pk, number="2900101", by=manager)

    with translation.override("ar"):
        assert str(raised.value) == "الرقم القومي 14 رقمًا، وعدد ما كتبته 7. قارنه بالبطاقة."


def test_consent_is_given_once_superseded_and_withdrawn(manager: User):
    person = PersonFactory()

    first = give_consent(person_id=person.pk, purpose="privacy", text_version="1", by=manager)
    again = give_consent(person_id=person.pk, purpose="privacy", text_version="1", by=manager)
    newer = give_consent(person_id=person.pk, purpose="privacy", text_version="2", by=manager)
    withdraw_consent(person_id=person.pk, purpose="privacy", by=manager)

    assert first == again
    assert {consent.withdrawn_at is None for consent in person.consents.all()} == {False}
    assert newer.given_at <= timezone.now()
