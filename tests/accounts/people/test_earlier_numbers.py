"""A number that was changed is told that it no longer belongs to the account: its owner may know nothing of the change."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from accounts.enums import ContactKind, ContactProof, NoticeState, RoleName, SameContact
from accounts.models import Center, Delivery, EarlierNumberNotice, Person, User
from accounts.services.contacts import end_contact, record_contact
from accounts.services.earlier_numbers import deliver_earlier_number_notices
from accounts.sms import MOST_PARTS, parts_of
from accounts.work import NumbersTaken
from tests.accounts.phones import Phones, phones
from tests.factories.accounts import MembershipFactory, PersonFactory, TraineeFactory

pytestmark = pytest.mark.django_db
PHONE, DESK = ContactKind.PHONE, ContactProof.DESK
OLD, NEW = "+201012345678", "+201112345678"


@pytest.fixture
def gateway(settings: Settings) -> Iterator[Phones]:
    with phones() as taken:
        settings.SMS_GATEWAY_URL = taken.url
        yield taken


@pytest.fixture
def person(center: Center, manager: User) -> Person:
    Center.objects.filter(pk=center.pk).update(name_ar="مركز " * 20, name_en="Center " * 15, phone="19468")
    person = PersonFactory(registered_at=center)
    record_contact(person_id=person.pk, kind=PHONE, value=OLD, proved_how=DESK, by=manager)
    return person


def test_the_old_number_is_told_once_whom_to_call_and_no_name(person: Person, manager: User, gateway: Phones):
    TraineeFactory(person=person, phone=None, email="mona@example.org")

    record_contact(person_id=person.pk, kind=PHONE, value=NEW, by=manager)
    for _ in range(2):
        deliver_earlier_number_notices()

    [message] = gateway.messages
    assert message.to == OLD
    assert "فاتصل بنا: مركز" in message.text
    assert "19468" in message.text
    assert not set(person.full_name_ar.split()) & set(message.text.split())
    assert parts_of(message.text) <= MOST_PARTS
    assert Delivery.objects.get().person == person


def test_a_number_that_is_taken_out_is_told_too(person: Person, manager: User, gateway: Phones):
    end_contact(person_id=person.pk, kind=PHONE, by=manager)
    deliver_earlier_number_notices()

    assert [message.to for message in gateway.messages] == [OLD]


def test_a_number_that_no_one_proved_is_not_told(person: Person, manager: User):
    unproved = PersonFactory(registered_at=person.registered_at)
    for number in ("+201212345678", NEW):
        record_contact(person_id=unproved.pk, kind=PHONE, value=number, by=manager)

    assert not EarlierNumberNotice.objects.exists()


def test_a_number_that_another_desk_took_is_told_on_it_and_to_the_center_of_the_person(
    person: Person, manager: User, other_center: Center, gateway: Phones
):
    """A desk says that the number belongs to somebody else now, and no one else says so."""
    stranger = MembershipFactory(role=RoleName.REGISTRAR, center=other_center).user
    other = PersonFactory(registered_at=other_center)

    record_contact(
        person_id=other.pk,
        kind=PHONE,
        value=OLD,
        by=stranger,
        proved_how=DESK,
        same=SameContact.CHANGED_OWNER,
    )
    deliver_earlier_number_notices()

    assert [message.to for message in gateway.messages] == [OLD]
    assert [list(NumbersTaken().rows(by)) for by in (manager, stranger)] == [[person], []]
    record_contact(person_id=person.pk, kind=PHONE, value=NEW, by=manager)
    assert list(NumbersTaken().rows(manager)) == []


def test_without_a_gateway_staff_read_that_the_number_was_not_told(person: Person, manager: User):
    record_contact(person_id=person.pk, kind=PHONE, value=NEW, by=manager)
    deliver_earlier_number_notices()

    assert EarlierNumberNotice.objects.get().state == NoticeState.UNREACHED
