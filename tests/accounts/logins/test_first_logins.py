"""A login that a list made is opened by a code and the number of the card, by nothing less, and never another one."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import ContactKind, RoleName, SameContact
from accounts.models import Center, ContactChallenge, Person, User
from accounts.services.contacts import record_contact
from accounts.services.first_logins import make_logins
from accounts.services.identity_documents import register_national_id
from accounts.services.logins import LoginTaken, PersonOutOfReach, create_login, give_first_login
from accounts.services.memberships import give_role
from accounts.services.people import register_person
from accounts.services.staff_logins import create_staff_login
from tests.accounts.codes import send_waiting
from tests.accounts.phones import Phones
from tests.factories.accounts import MembershipFactory, PersonFactory, TraineeFactory
from tests.factories.courses import EnrollmentFactory, use

pytestmark = pytest.mark.django_db
NUMBER, CARD, PASSWORD = "+201012345678", "30401010112345", "vise-and-anvil-9"
OVER = "/ar/accounts/recover/"
PAGE = "/ar/accounts/recover/password/"


@pytest.fixture
def mona(center: Center, manager: User) -> User:
    person = register_person(full_name_ar="منى إبراهيم حسن السيد", registered_at=center, by=manager)
    register_national_id(person_id=person.pk, number=CARD, by=manager)
    record_contact(person_id=person.pk, kind=ContactKind.PHONE, value=NUMBER, by=manager)
    person.refresh_from_db()
    [user] = make_logins({person: NUMBER}, by=manager, source="list.csv")
    return user


def with_code(client: Client, sms_phones: Phones) -> None:
    client.post("/ar/accounts/recover/", {"phone": NUMBER})
    send_waiting()
    client.post("/ar/accounts/recover/code/", {"code": sms_phones.messages[-1].code})


def choose(client: Client, number: str = CARD, **more: str):
    typed = {"identity_number": number, "password1": PASSWORD, "consent": "on"} | more
    return client.post(PAGE, typed)


def is_opened(user: User) -> bool:
    return User.objects.get(pk=user.pk).was_opened


@pytest.mark.parametrize("typed", ["٣٠٤٠١٠١٠١١٢٣٤٥", "304 0101 0112345"])
def test_the_number_of_the_card_may_be_typed_in_any_digits(
    client: Client, mona: User, sms_phones: Phones, typed: str
):
    with_code(client, sms_phones)

    assert choose(client, typed).url == reverse("courses:my_learning")
    assert is_opened(mona)


def test_a_new_colleague_chooses_the_password_by_a_code_and_the_card(
    client: Client, center: Center, manager: User, sms_phones: Phones
):
    colleague = create_staff_login(
        full_name_ar="منى إبراهيم حسن", number=CARD, phone=NUMBER, center=center, by=manager
    )
    give_role(user_id=colleague.pk, role=RoleName.REGISTRAR, center=center, by=manager)
    with_code(client, sms_phones)

    choose(client, "30401010112346")
    before = is_opened(colleague)
    choose(client)

    assert (before, is_opened(colleague)) == (False, True)


def test_a_code_alone_opens_nothing(client: Client, mona: User, sms_phones: Phones):
    with_code(client, sms_phones)

    client.post(PAGE, {"password1": PASSWORD, "consent": "on"})
    choose(client, "")
    choose(client, consent="")

    assert not is_opened(mona)


def test_five_tries_are_for_code_and_number_together(client: Client, mona: User, sms_phones: Phones):
    with_code(client, sms_phones)

    answers = [choose(client, "29905051234571").status_code for _ in range(4)]

    # The code was the first of the five.
    assert answers == [200, 200, 200, 302]
    assert choose(client).url == OVER
    assert not is_opened(mona)


def test_a_weak_password_costs_no_try(client: Client, mona: User, sms_phones: Phones):
    with_code(client, sms_phones)

    weak = choose(client, password1="12345678")

    assert weak.context["form"].errors["password1"]
    assert ContactChallenge.objects.get().tries == 1


def shared(user: User, by: User) -> None:
    record_contact(
        person_id=PersonFactory().pk, kind=ContactKind.PHONE, value=NUMBER, same=SameContact.SHARED, by=by
    )


def changed_owner(user: User, by: User) -> None:
    record_contact(
        person_id=PersonFactory().pk,
        kind=ContactKind.PHONE,
        value=NUMBER,
        same=SameContact.CHANGED_OWNER,
        by=by,
    )


def new_number(user: User, by: User) -> None:
    record_contact(person_id=user.person_id, kind=ContactKind.PHONE, value="+201212345678", by=by)


def given_a_password_at_the_desk(user: User, by: User) -> None:
    give_first_login(person_id=user.person_id, by=by)


def works(user: User, by: User) -> None:
    MembershipFactory(user=user, role=RoleName.REGISTRAR)


def closed(user: User, by: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def without_document(user: User, by: User) -> None:
    user.person.documents.all().delete()


def registered_nowhere(user: User, by: User) -> None:
    Person.objects.filter(pk=user.person_id).update(registered_at=None)


CHANGES = pytest.mark.parametrize(
    "change",
    [
        shared,
        changed_owner,
        new_number,
        given_a_password_at_the_desk,
        works,
        closed,
        without_document,
        registered_nowhere,
    ],
)


@CHANGES
def test_what_is_not_surely_the_persons_gets_no_code(
    client: Client, mona: User, manager: User, sms_phones: Phones, change: Callable[[User, User], None]
):
    change(mona, manager)

    client.post("/ar/accounts/recover/", {"phone": NUMBER})
    send_waiting()

    assert sms_phones.messages == []


@CHANGES
def test_what_changes_after_the_code_ends_it(
    client: Client, mona: User, manager: User, sms_phones: Phones, change: Callable[[User, User], None]
):
    with_code(client, sms_phones)
    change(mona, manager)

    assert choose(client).url == OVER
    assert not User.objects.get(pk=mona.pk).check_password(PASSWORD)


@pytest.mark.parametrize("is_used", [True, False])
def test_who_used_a_seat_of_another_center_is_opened_by_no_number_that_the_first_one_wrote(
    mona: User, client: Client, manager: User, sms_phones: Phones, is_used: bool
):
    """A seat that was only given takes nothing from the person."""
    seat = EnrollmentFactory(person=mona.person)
    if is_used:
        use(seat)

    client.post("/ar/accounts/recover/", {"phone": NUMBER})
    send_waiting()

    assert (sms_phones.messages == []) is is_used


def test_an_imported_number_opens_no_login_that_has_a_password(
    center: Center, manager: User, client: Client, sms_phones: Phones
):
    """A registrar writes an own number to a person on record."""
    other = TraineeFactory(person=PersonFactory(registered_at=center))
    record_contact(person_id=other.person_id, kind=ContactKind.PHONE, value=NUMBER, by=manager)

    client.post("/ar/accounts/recover/", {"phone": NUMBER})
    send_waiting()

    assert sms_phones.messages == []


def test_the_desk_gives_the_first_password_of_a_login_that_no_one_opened(mona: User, manager: User):
    user, password = give_first_login(person_id=mona.person_id, by=manager)

    assert user == mona
    user.refresh_from_db()
    assert user.check_password(password)
    assert user.password_is_temporary
    with pytest.raises(LoginTaken):
        give_first_login(person_id=mona.person_id, by=manager)


def test_another_center_gives_no_first_password(mona: User, other_center: Center):
    stranger = MembershipFactory(role=RoleName.CENTER_MANAGER, center=other_center).user

    with pytest.raises(PersonOutOfReach):
        give_first_login(person_id=mona.person_id, by=stranger)


def test_a_login_without_a_password_of_staff_is_not_opened_at_the_desk(center: Center, manager: User):
    person = PersonFactory(registered_at=center)
    colleague = create_login(username="colleague", person=person, by=None)
    MembershipFactory(user=colleague, role=RoleName.REGISTRAR, center=center)

    with pytest.raises(LoginTaken):
        give_first_login(person_id=person.pk, by=manager)
