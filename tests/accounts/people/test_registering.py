"""Registering many people at once is what registering them one by one is."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import ContactKind, DocumentKind, RoleName
from accounts.models import AuditEntry, Center, Contact, Person, User
from accounts.services.audit_verifying import AuditVerification
from accounts.services.contacts import is_of_another, owners_of, record_contact
from accounts.services.duplicates import find_candidates, have_candidates
from accounts.services.identity_documents import (
    DuplicateDocument,
    Identity,
    find_by_national_id,
    find_many,
    register_national_id,
    register_passport,
)
from accounts.services.people import BornInTheFuture, register_person
from accounts.services.registering import Newcomer, register_many
from tests.factories.accounts import CenterFactory, MembershipFactory, TraineeFactory

NAME, OTHER = "منى إبراهيم حسن السيد", "علي محمود سعد الدين"


@pytest.fixture
def by(center: Center) -> User:
    return MembershipFactory(role=RoleName.REGISTRAR, center=center).user


def newcomer(center: Center, place: int, **facts: object) -> Newcomer:
    return Newcomer(
        {"full_name_ar": NAME, "registered_at": center, **facts},  # type: ignore[typeddict-item]
        Identity(DocumentKind.NATIONAL_ID, "EG", f"3040101011{place:04}"),
        {ContactKind.PHONE: f"+20101234{place:04}"},
    )


def written_about(person: Person) -> list[tuple[object, ...]]:
    """What is in the audit trail about a person, without what is of each row alone."""
    return [
        (entry.action, entry.by_id, entry.center_id, entry.log_entry and set(entry.log_entry.data))
        for entry in AuditEntry.objects.with_contents().filter(person=person).order_by("pk")
    ]


def test_many_are_registered_as_one_is(center: Center, by: User):
    one = register_person(full_name_ar=NAME, registered_at=center, by=by)
    register_national_id(person_id=one.pk, number="30401010119995", by=by)
    record_contact(person_id=one.pk, kind=ContactKind.PHONE, value="01012349995", by=by)
    one.refresh_from_db()

    [person] = register_many([newcomer(center, 1)], by=by, source="a.csv")

    for field in ("full_name_ar", "folded_name", "birth_date", "registered_at", "guardian"):
        assert getattr(person, field) == getattr(one, field)
    document = find_by_national_id("30401010110001")
    assert document is not None
    assert document.person == person
    assert [contact.value for contact in person.contacts.all()] == ["+201012340001"]
    [registered, *others] = written_about(person)
    assert registered == ("accounts.person.register", by.pk, center.pk, {"source"})
    assert others == written_about(one)[1:]
    assert list(AuditVerification().findings()) == []


def test_a_hundred_people_cost_as_many_statements_as_two(center: Center, by: User):
    def statements(places: range) -> int:
        with CaptureQueriesContext(connection) as queries:
            register_many([newcomer(center, place) for place in places], by=by, source="a.csv")
        return len(queries)

    statements(range(1))
    assert statements(range(1, 3)) == statements(range(3, 103))


def test_one_who_cannot_be_registered_hinders_all(center: Center, by: User):
    tomorrow = dt.date(2999, 1, 1)

    with pytest.raises(BornInTheFuture):
        register_many([newcomer(center, 1), newcomer(center, 2, birth_date=tomorrow)], by=by, source="a")
    with pytest.raises(IntegrityError):
        register_many([newcomer(center, 1), newcomer(center, 1)], by=by, source="a")

    assert not Person.objects.filter(registered_at=center).exists()


@pytest.mark.parametrize("kind", DocumentKind)
@pytest.mark.parametrize("born", [None, dt.date(2004, 1, 1), dt.date(1999, 5, 5)])
@pytest.mark.parametrize("name", [NAME, "منى ابراهيم حسن", "منى إبراهيم حس", OTHER])
def test_who_may_be_on_record_is_the_same_for_many_as_for_one(
    center: Center, by: User, name: str, born: dt.date | None, kind: DocumentKind
):
    register_person(full_name_ar=NAME, full_name_en="Mona", birth_date=dt.date(2004, 1, 1), by=by)
    known = register_person(full_name_ar=OTHER, registered_at=CenterFactory(), by=by)
    register_passport(person_id=known.pk, number="P123456", country="SD", by=by)
    number, country = ("P999999", "SD") if kind == DocumentKind.PASSPORT else ("30401010110001", "")

    alone = find_candidates(full_name_ar=name, birth_date=born, number=number, country=country, by=by)

    assert have_candidates([(OTHER, None, DocumentKind.PASSPORT), (name, born, kind)]) == (
        {1} if alone else set()
    )


def test_documents_and_contacts_of_many_are_found_as_those_of_one(center: Center, by: User):
    [person] = register_many([newcomer(center, 1)], by=by, source="a.csv")
    login = TraineeFactory(phone="+201112345678")
    known, unknown = newcomer(center, 1).identity, newcomer(center, 2).identity

    assert {identity: one.person for identity, one in find_many([known, unknown]).items()} == {known: person}
    values = ["+201012340001", "+201112345678", "+201212345678"]
    owners = owners_of(ContactKind.PHONE, values)
    assert owners == {values[0]: {person.pk}, values[1]: {login.person_id}}
    for value in values:
        assert is_of_another(person_id=None, kind=ContactKind.PHONE, value=value) == (value in owners)
    with pytest.raises(DuplicateDocument):
        register_national_id(person_id=login.person_id, number=known.number, by=by)
    assert Contact.objects.current().count() == 1
