"""A password that staff told: it opens one page, on which its holder chooses another one."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import ContactKind, RoleName, SameContact
from accounts.models import Center, LoginSession, Person, User
from accounts.services.contacts import record_contact
from accounts.services.logins import (
    LoginTaken,
    OwnLogin,
    PersonOutOfReach,
    SamePassword,
    WeakPassword,
    choose_password,
    create_login,
    give_first_login,
)
from courses.services.enrollments import enroll, withdraw
from tests.factories.accounts import (
    MembershipFactory,
    PersonFactory,
    TraineeFactory,
    password_given,
    staff_member,
)
from tests.factories.courses import CohortFactory, EnrollmentFactory, use

pytestmark = pytest.mark.django_db
CHOOSE = "/ar/accounts/password/choose/"
MINE = "own-words-7431"


@pytest.fixture
def person(center: Center) -> Person:
    return PersonFactory(registered_at=center)


@pytest.fixture
def given(person: Person, manager: User) -> tuple[User, str]:
    return give_first_login(person_id=person.pk, by=manager)


@pytest.fixture
def holder(client: Client, given: tuple[User, str]) -> Client:
    """The client of someone who logs in with the slip in the hand."""
    user, password = given
    logged_in = client.post(reverse("account_login"), {"login": user.natural_key()[0], "password": password})
    assert logged_in.status_code == 302
    return client


@pytest.mark.parametrize("page", ["courses:my_learning", "account_sessions", "courses:catalog"])
def test_every_page_leads_to_the_choice_of_a_password(holder: Client, page: str):
    asked = holder.get(reverse(page))

    assert asked.url.startswith(CHOOSE)


def test_the_choice_opens_the_page_that_was_asked_for(holder: Client, given: tuple[User, str]):
    target = reverse("courses:my_learning")

    chosen = holder.post(CHOOSE, {"password1": MINE, "password2": MINE, "next": target})

    assert chosen.url == target
    assert holder.get(target).status_code == 200
    user = User.objects.get(pk=given[0].pk)
    assert user.check_password(MINE)
    assert not user.password_is_temporary


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_choice_leads_to_no_other_site(holder: Client, target: str):
    chosen = holder.post(CHOOSE, {"password1": MINE, "password2": MINE, "next": target})

    assert chosen.url == "/ar/learning/"


@pytest.mark.parametrize(("first", "second"), [(MINE, "own-words-7432"), ("", ""), ("12345678", "12345678")])
def test_what_is_no_password_of_their_own_changes_nothing(
    holder: Client, given: tuple[User, str], first: str, second: str
):
    answer = holder.post(CHOOSE, {"password1": first, "password2": second})

    assert answer.status_code == 200
    assert User.objects.get(pk=given[0].pk).password_is_temporary


def test_the_password_that_was_told_is_not_chosen(given: tuple[User, str]):
    with pytest.raises(SamePassword):
        choose_password(password=given[1], by=given[0])


def test_a_weak_password_is_refused(given: tuple[User, str]):
    with pytest.raises(WeakPassword):
        choose_password(password="12345678", by=given[0])


def test_a_visitor_and_a_holder_with_their_own_password_see_no_such_page(client: Client):
    assert client.get(CHOOSE).url.startswith("/ar/accounts/login/")
    client.force_login(TraineeFactory())
    assert client.get(CHOOSE).url == reverse("account_change_password")
    assert client.get(reverse("courses:my_learning")).status_code == 200


def test_a_new_password_from_staff_is_temporary_too():
    user = staff_member(RoleName.REGISTRAR)

    password_given(user)

    user.refresh_from_db()
    assert user.password_is_temporary


def test_a_password_of_the_holder_is_not(person: Person):
    assert not create_login(username="mona", password=MINE, person=person, by=None).password_is_temporary


# --- What a first login logs in with -------------------------------------------------------------------------------


def test_an_own_number_is_the_login(person: Person, manager: User):
    record_contact(person_id=person.pk, kind=ContactKind.PHONE, value="+201012345678", by=manager)

    user, _password = give_first_login(person_id=person.pk, by=manager)

    assert (user.phone, user.username, user.person) == ("+201012345678", None, person)


def test_a_shared_number_is_no_login(person: Person, center: Center, manager: User):
    for one in (PersonFactory(registered_at=center), person):
        record_contact(
            person_id=one.pk,
            kind=ContactKind.PHONE,
            value="+201012345678",
            same=SameContact.SHARED,
            by=manager,
        )

    user, _password = give_first_login(person_id=person.pk, by=manager)

    assert user.phone is None
    assert user.username is not None
    assert user.username[0] == "m"
    assert user.username[1:].isdecimal()


def test_a_person_has_one_login(given: tuple[User, str], person: Person, manager: User):
    with pytest.raises(LoginTaken):
        give_first_login(person_id=person.pk, by=manager)


def test_staff_give_no_login_to_themselves(center: Center):
    clerk = MembershipFactory(role="registrar", center=center).user
    clerk.person = PersonFactory(registered_at=center)

    with pytest.raises(OwnLogin):
        give_first_login(person_id=clerk.person.pk, by=clerk)


def test_a_center_gives_no_login_to_who_is_or_used_a_seat_elsewhere(
    other_center: Center, center: Center, manager: User
):
    foreign = PersonFactory(registered_at=other_center)
    guest = PersonFactory(registered_at=center)
    use(EnrollmentFactory(person=guest, cohort=CohortFactory(center=other_center)))

    for person in (foreign, guest):
        with pytest.raises(PersonOutOfReach):
            give_first_login(person_id=person.pk, by=manager)
    assert not User.objects.filter(person__in=(foreign, guest)).exists()


def test_a_seat_that_another_center_gave_and_ended_takes_no_one_from_the_home_center(
    other_center: Center, center: Center, manager: User
):
    person = PersonFactory(registered_at=center)
    stranger = MembershipFactory(role=RoleName.REGISTRAR, center=other_center).user
    seat = enroll(person_id=person.pk, cohort_id=CohortFactory(center=other_center).pk, by=stranger)
    withdraw(enrollment_id=seat.pk, reason="a mistake", by=stranger)

    assert give_first_login(person_id=person.pk, by=manager)[0].person == person


def test_the_session_that_chose_is_among_ones_sessions(holder: Client, given: tuple[User, str]):
    holder.post(CHOOSE, {"password1": MINE, "password2": MINE})

    assert LoginSession.objects.get(user=given[0]).session_id == holder.session.session_key
