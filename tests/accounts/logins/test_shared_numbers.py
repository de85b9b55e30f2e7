"""People on one phone log in with its number, each with their own password; no page says who shares it."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.authentication import get_authentication_records
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts import shared_numbers
from accounts.enums import ContactKind, RoleName, SameContact
from accounts.models import Center, Person, User
from accounts.services.contacts import end_contact, record_contact
from accounts.services.logins import deactivate_login
from accounts.services.number_logins import MOST_PEOPLE, logins_of, numbers_that_log_in
from tests.accounts.authenticators import set_up_app
from tests.factories.accounts import MembershipFactory, PersonFactory, TraineeFactory, UserFactory

pytestmark = pytest.mark.django_db
NUMBER, TYPED = "+201012345678", "٠١٠ ١٢٣٤ ٥٦٧٨"
OF_MONA, OF_ALI, SAME = "lathe-and-anvil-7", "vise-and-hammer-8", "the-same-of-both-9"
HOME = "203.0.113.5"


@pytest.fixture
def mona(center: Center) -> User:
    """She signed up with the number."""
    return TraineeFactory(
        username=None, phone=NUMBER, password=OF_MONA, display_name="منى", person__registered_at=center
    )


@pytest.fixture
def ali(center: Center, manager: User) -> User:
    """He came to the desk with the same phone, and has a user name."""
    trainee = TraineeFactory(
        username="m12345678", password=OF_ALI, display_name="علي", person__registered_at=center
    )
    reach(trainee.person, by=manager)
    return trainee


def reach(person: Person | None, *, by: User) -> None:
    assert person is not None
    record_contact(person_id=person.pk, kind=ContactKind.PHONE, value=NUMBER, same=SameContact.SHARED, by=by)


def log_in(client: Client, password: str, login: str = TYPED, **more: str) -> Any:
    return client.post(
        reverse("account_login"), {"login": login, "password": password, **more}, REMOTE_ADDR=HOME
    )


def logged_in(client: Client) -> str | None:
    return client.session.get(SESSION_KEY)


def choose(client: Client, login: User) -> Any:
    return client.post(reverse("account_whose"), {"login": str(login.pk)})


@pytest.fixture
def both_same(mona: User, ali: User) -> list[User]:
    for trainee in (mona, ali):
        trainee.set_password(SAME)
        trainee.save()
    return [mona, ali]


def test_each_on_one_phone_logs_in_with_the_own_password(mona: User, ali: User):
    for trainee, password in ((mona, OF_MONA), (ali, OF_ALI)):
        client = Client()

        answer = log_in(client, password, next="/healthz")

        assert (answer.status_code, answer.url) == (302, "/healthz")
        assert logged_in(client) == str(trainee.pk)


def test_the_second_one_logs_in_with_the_number_where_no_login_has_it_as_its_own(ali: User, client: Client):
    log_in(client, OF_ALI)

    assert logged_in(client) == str(ali.pk)
    assert numbers_that_log_in(ali) == [NUMBER]


def test_the_same_password_asks_whose_account_it_is_and_names_no_one_else(
    both_same: list[User], center: Center, manager: User, client: Client
):
    other = TraineeFactory(display_name="سعاد", person__registered_at=center)
    reach(other.person, by=manager)

    answer = log_in(client, SAME, next="/healthz", remember="on")
    page = client.get(answer.url).content.decode()

    assert logged_in(client) is None
    assert "حساب من" in page
    assert ("منى" in page, "علي" in page, "سعاد" in page) == (True, True, False)
    assert choose(client, both_same[1]).url == "/healthz"
    assert logged_in(client) == str(both_same[1].pk)
    assert not client.session.get_expire_at_browser_close()
    assert "device" in client.cookies


def test_what_was_proved_is_used_once_and_in_the_same_browser_only(both_same: list[User], client: Client):
    log_in(client, SAME)
    elsewhere = Client()

    choose(elsewhere, both_same[0])
    choose(client, both_same[0])
    client.logout()
    choose(client, both_same[1])

    assert (logged_in(elsewhere), logged_in(client)) == (None, None)


def new_password(user: User, by: User) -> None:
    user.set_temporary_password("anvil-and-lathe-9")
    user.save()


def close(user: User, by: User) -> None:
    deactivate_login(user_id=user.pk, reason="left", by=by)


@pytest.mark.parametrize("change", [new_password, close])
def test_a_login_that_changed_meanwhile_is_not_opened(
    both_same: list[User], client: Client, change: Callable[[User, User], None]
):
    log_in(client, SAME, next="/healthz")
    change(both_same[1], UserFactory(is_superuser=True))

    answer = choose(client, both_same[1])

    assert logged_in(client) is None
    assert answer.url == f"{reverse('account_login')}?next=/healthz"


def test_the_choice_ends_after_five_minutes(
    both_same: list[User], client: Client, monkeypatch: pytest.MonkeyPatch
):
    log_in(client, SAME)
    monkeypatch.setattr(shared_numbers, "SECONDS_TO_CHOOSE", 0)

    choose(client, both_same[0])

    assert logged_in(client) is None


def test_a_login_that_the_password_did_not_open_is_not_chosen(
    both_same: list[User], center: Center, manager: User, client: Client
):
    other = TraineeFactory(person__registered_at=center)
    reach(other.person, by=manager)
    log_in(client, SAME)

    choose(client, other)

    assert logged_in(client) is None


def test_the_second_factor_is_asked_for_and_the_temporary_password_leads_to_its_page(
    both_same: list[User], client: Client
):
    mona, ali = both_same
    phone = Client()
    log_in(phone, SAME)
    choose(phone, mona)
    set_up_app(phone)
    ali.set_temporary_password(SAME)
    ali.save()
    log_in(client, SAME)

    assert choose(client, mona).url == reverse("mfa_authenticate")
    assert logged_in(client) is None
    client = Client()
    log_in(client, SAME)
    choose(client, ali)
    assert client.get(reverse("account")).url.startswith(reverse("account_choose_password"))


def test_a_choice_counts_as_a_password_of_just_now(both_same: list[User], client: Client, rf: RequestFactory):
    log_in(client, SAME)

    choose(client, both_same[0])

    request = rf.get("/")
    request.session = client.session
    assert [one["method"] for one in get_authentication_records(request, both_same[0])] == ["password"]


def test_a_number_of_more_than_five_people_is_of_the_login_that_has_it(
    mona: User, ali: User, center: Center, manager: User, client: Client
):
    for _one in range(MOST_PEOPLE):
        reach(PersonFactory(registered_at=center), by=manager)

    log_in(client, OF_ALI)

    assert logged_in(client) is None
    assert (numbers_that_log_in(mona), numbers_that_log_in(ali)) == ([NUMBER], [])
    log_in(client, OF_MONA)
    assert logged_in(client) == str(mona.pk)


def test_a_number_that_ended_and_a_login_without_a_password_are_not_tried(
    mona: User, ali: User, center: Center, manager: User, client: Client
):
    unopened = TraineeFactory(password=None, person__registered_at=center)
    reach(unopened.person, by=manager)
    assert logins_of(NUMBER) == [mona, ali]

    end_contact(person_id=ali.person_id, kind=ContactKind.PHONE, by=manager)
    log_in(client, OF_ALI)

    assert logged_in(client) is None
    assert logins_of(NUMBER) == [mona]


def test_a_closed_login_is_told_so_and_does_not_hide_the_open_one(mona: User, ali: User, client: Client):
    mona.is_active = False
    mona.save()

    assert log_in(client, OF_MONA).url == reverse("account_inactive")
    log_in(client, OF_ALI)

    assert logged_in(client) == str(ali.pk)


def test_a_try_at_a_number_counts_for_each_of_its_logins(mona: User, ali: User):
    assert [log_in(Client(), "wrong").status_code for _ in range(6)] == [200] * 5 + [429]

    assert log_in(Client(), OF_ALI, login="m12345678").status_code == 429
    assert [log_in(Client(), "wrong", login="01112345678").status_code for _ in range(6)] == [200] * 5 + [429]


def test_ones_own_password_does_not_give_back_the_tries_at_the_other_login(mona: User, ali: User):
    for _ in range(5):
        log_in(Client(), OF_MONA)

    assert log_in(Client(), OF_ALI).status_code == 429
    assert log_in(Client(), OF_MONA).status_code == 302


def test_right_passwords_at_shared_numbers_do_not_lock_the_address_of_a_class(
    mona: User, ali: User, settings: Settings
):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/m/ip,5/300s/key"}

    assert [log_in(Client(), OF_ALI).status_code for _ in range(4)] == [302] * 4


def test_who_logged_in_on_a_device_before_is_not_locked_out_there(mona: User, ali: User, client: Client):
    log_in(client, OF_ALI)
    client.post(reverse("account_logout"))
    for _ in range(5):
        log_in(Client(), "wrong")

    assert log_in(client, OF_ALI).status_code == 302


class CountingHasher(MD5PasswordHasher):
    algorithm = "counted"
    computed = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).computed += 1
        return super().encode(password, salt)


def test_an_unknown_number_costs_one_hash_and_a_shared_one_as_many_as_it_has_logins(
    settings: Settings, mona: User, center: Center, manager: User
):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    for trainee in (mona, sara := TraineeFactory(person__registered_at=center)):
        trainee.set_password("right")
        trainee.save()
    spent = []
    for prepare, number in (
        (lambda: None, "01112345678"),
        (lambda: None, NUMBER),
        (lambda: reach(sara.person, by=manager), NUMBER),
    ):
        prepare()
        CountingHasher.computed = 0
        log_in(Client(), "wrong", login=number)
        spent.append(CountingHasher.computed)

    assert spent == [1, 1, 2]


def test_a_number_that_a_colleague_wrote_opens_a_staff_login_by_its_own_password_only(
    mona: User, center: Center, manager: User, client: Client
):
    colleague = MembershipFactory(
        user=TraineeFactory(password=OF_ALI, person__registered_at=center),
        role=RoleName.REGISTRAR,
        center=center,
    ).user
    reach(colleague.person, by=manager)

    log_in(client, OF_MONA)
    assert logged_in(client) == str(mona.pk)
    client.logout()
    log_in(client, OF_ALI)

    assert logged_in(client) == str(colleague.pk)


def test_my_account_and_the_page_of_the_person_say_that_the_number_logs_in(
    mona: User, ali: User, client: Client, manager_client: Client
):
    client.force_login(ali)

    own = client.get(reverse("account")).text
    of_staff = manager_client.get(reverse("person:inspect", args=[ali.person_id])).text

    assert 'dir="ltr">٠١٠ ١٢٣٤٥٦٧٨</bdo></dd><dt>أو' in own
    # As the contact, and in the table of the login.
    assert of_staff.count('<bdi dir="ltr">010 12345678</bdi>') == 2
