"""How people are reached: one number and one address each, and what is said where two people give the same."""

from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.enums import ContactKind, ContactProof, NoticeState, SameContact
from accounts.models import Center, Contact, Person, User
from accounts.services.contacts import BadEmail, ContactOfAnother, end_contact, record_contact
from accounts.services.people import correct_person
from accounts.services.phones import NotAMobileNumber
from courses.enums import SeatNoticeKind
from courses.models import SeatNotice
from courses.services.notices import send_seat_notices
from tests.factories.accounts import MembershipFactory, PersonFactory, TraineeFactory
from tests.factories.courses import CohortFactory

pytestmark = pytest.mark.django_db
PHONE, EMAIL = ContactKind.PHONE, ContactKind.EMAIL
NUMBER, OTHER_NUMBER = "+201012345678", "+201112345678"


@pytest.fixture
def person(center: Center) -> Person:
    return PersonFactory(registered_at=center)


@pytest.fixture
def other(center: Center) -> Person:
    return PersonFactory(registered_at=center)


def current(person: Person) -> list[str]:
    return list(Contact.objects.current().filter(person=person).values_list("value", flat=True))


def test_a_number_is_kept_in_one_spelling_and_proved_at_the_desk(person: Person, manager: User):
    contact = record_contact(
        person_id=person.pk, kind=PHONE, value="٠١٠ ١٢٣٤ ٥٦٧٨", proved_how=ContactProof.DESK, by=manager
    )

    assert contact.value == NUMBER
    assert (contact.proved_how, contact.proved_at is not None) == (ContactProof.DESK, True)


def test_a_new_number_ends_the_one_before(person: Person, manager: User):
    for number in (NUMBER, OTHER_NUMBER):
        record_contact(person_id=person.pk, kind=PHONE, value=number, by=manager)

    assert current(person) == [OTHER_NUMBER]
    assert Contact.objects.filter(person=person).count() == 2


def test_the_same_number_again_changes_nothing(person: Person, manager: User):
    first = record_contact(
        person_id=person.pk, kind=PHONE, value=NUMBER, proved_how=ContactProof.DESK, by=manager
    )

    again = record_contact(person_id=person.pk, kind=PHONE, value=NUMBER, by=manager)

    assert (again.pk, again.proved_at) == (first.pk, first.proved_at)


@pytest.mark.parametrize(
    ("kind", "value", "refusal"),
    [(PHONE, "12345", NotAMobileNumber), (PHONE, "", NotAMobileNumber), (EMAIL, "nowhere", BadEmail)],
)
def test_what_reaches_no_one_is_refused(
    person: Person, manager: User, kind: ContactKind, value: str, refusal: type[Exception]
):
    with pytest.raises(refusal):
        record_contact(person_id=person.pk, kind=kind, value=value, by=manager)

    assert not Contact.objects.exists()


class TestTwoPeopleWithOneNumber:
    @pytest.fixture(autouse=True)
    def held(self, other: Person, manager: User) -> Contact:
        return record_contact(person_id=other.pk, kind=PHONE, value=NUMBER, by=manager)

    def test_is_refused_until_the_desk_says_what_is_true(self, person: Person, other: Person, manager: User):
        with pytest.raises(ContactOfAnother):
            record_contact(person_id=person.pk, kind=PHONE, value=NUMBER, by=manager)

        assert (current(person), current(other)) == ([], [NUMBER])

    def test_is_marked_on_both_when_they_share_it(self, person: Person, other: Person, manager: User):
        record_contact(person_id=person.pk, kind=PHONE, value=NUMBER, same=SameContact.SHARED, by=manager)

        shared = Contact.objects.current().filter(value=NUMBER, is_shared=True)
        assert {contact.person_id for contact in shared} == {person.pk, other.pk}

    def test_ends_for_the_other_when_its_owner_changed(self, person: Person, other: Person, manager: User):
        record_contact(
            person_id=person.pk, kind=PHONE, value=NUMBER, same=SameContact.CHANGED_OWNER, by=manager
        )

        assert (current(person), current(other)) == ([NUMBER], [])

    def test_is_asked_about_again_by_the_next_person(self, center: Center, manager: User, person: Person):
        record_contact(person_id=person.pk, kind=PHONE, value=NUMBER, same=SameContact.SHARED, by=manager)

        with pytest.raises(ContactOfAnother):
            record_contact(
                person_id=PersonFactory(registered_at=center).pk, kind=PHONE, value=NUMBER, by=manager
            )

    def test_is_never_two_unshared_rows(self, person: Person):
        with pytest.raises(IntegrityError), transaction.atomic():
            Contact.objects.create(person=person, kind=PHONE, value=NUMBER)


def test_a_number_that_another_person_logs_in_with_is_asked_about(
    person: Person, other: Person, manager: User
):
    TraineeFactory(person=other, phone=NUMBER)

    with pytest.raises(ContactOfAnother):
        record_contact(person_id=person.pk, kind=PHONE, value=NUMBER, by=manager)


# --- Notices reach people by them ----------------------------------------------------------------------------------


def told(person: Person) -> SeatNotice:
    """A notice that is due, and what became of it."""
    cohort = CohortFactory(center=person.registered_at)
    notice = SeatNotice.objects.create(
        person=person, cohort=cohort, kind=SeatNoticeKind.LIST_CLOSED, due_at=timezone.now()
    )
    send_seat_notices()
    notice.refresh_from_db()
    return notice


def test_a_person_without_a_login_is_written_to(person: Person, manager: User):
    record_contact(person_id=person.pk, kind=EMAIL, value="Mona@example.org", by=manager)

    assert told(person).state == NoticeState.SENT
    assert mail.outbox[0].to == ["mona@example.org"]


def test_a_person_with_neither_login_nor_contact_is_listed_as_not_reached(person: Person):
    assert told(person).state == NoticeState.UNREACHED


def test_a_child_is_reached_by_the_guardian(person: Person, other: Person, manager: User):
    Person.objects.filter(pk=person.pk).update(guardian=other)
    record_contact(person_id=other.pk, kind=EMAIL, value="father@example.org", by=manager)

    told(person)

    assert mail.outbox[0].to == ["father@example.org"]


def test_an_ended_contact_is_not_written_to(person: Person, manager: User):
    record_contact(person_id=person.pk, kind=EMAIL, value="mona@example.org", by=manager)
    end_contact(person_id=person.pk, kind=EMAIL, by=manager)

    assert told(person).state == NoticeState.UNREACHED
    assert mail.outbox == []


def test_what_the_desk_recorded_goes_before_the_address_of_the_login(person: Person, manager: User):
    TraineeFactory(person=person, email="old@example.org")
    record_contact(person_id=person.pk, kind=EMAIL, value="new@example.org", by=manager)

    told(person)

    assert mail.outbox[0].to == ["new@example.org"]


class TestALogin:
    """Of a person whose number or name the desk changed."""

    @pytest.fixture
    def user(self, center: Center) -> User:
        person = PersonFactory(registered_at=center, full_name_ar="منى إبراهيم عبد الله")
        user: User = TraineeFactory(person=person, phone=NUMBER, display_name=person.full_name_ar)
        record_contact(person_id=person.pk, kind=PHONE, value=NUMBER, by=None)
        return user

    def change(self, user: User, by: User, **facts: Any) -> User:
        record_contact(person_id=user.person_id, kind=PHONE, value="01123456789", by=by, **facts)
        user.refresh_from_db()
        return user

    def test_is_opened_with_the_new_number(self, user: User, manager: User):
        assert self.change(user, manager).phone == "+201123456789"

    def test_keeps_its_number_where_another_login_has_the_new_one(self, user: User, manager: User):
        TraineeFactory(phone="+201123456789")

        assert self.change(user, manager, same=SameContact.SHARED).phone == NUMBER

    def test_of_staff_keeps_its_number(self, user: User, manager: User):
        MembershipFactory(user=user)

        assert self.change(user, manager).phone == NUMBER

    def test_is_called_as_its_person(self, user: User, manager: User):
        correct_person(person_id=user.person_id, full_name_ar="منى إبراهيم حسن", by=manager)

        user.refresh_from_db()
        assert user.display_name == "منى إبراهيم حسن"

    def test_keeps_a_name_of_its_own(self, user: User, manager: User):
        User.objects.filter(pk=user.pk).update(display_name="أ. منى")

        correct_person(person_id=user.person_id, full_name_ar="منى إبراهيم حسن", by=manager)

        user.refresh_from_db()
        assert user.display_name == "أ. منى"
