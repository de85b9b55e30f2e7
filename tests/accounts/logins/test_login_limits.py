"""Rate limits of logins: guessing fails without locking the owner out; a class behind one address logs in together."""

import pytest
from allauth.core.internal import ratelimit
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.services.logins import create_login
from tests.factories.accounts import TraineeFactory, UserFactory

PASSWORD = "lathe-and-anvil-7"
SCHOOL = "198.51.100.7"


@pytest.fixture
def mona(db: None) -> User:
    return create_login(
        username="mona", phone="01012345678", email="mona@example.org", password=PASSWORD, by=None
    )


def log_in(
    login: str, password: str = PASSWORD, *, client: Client | None = None, address: str = SCHOOL
) -> int:
    """The status of the response: 302 logged in, 200 wrong, 429 limited."""
    answer = (client or Client()).post(
        reverse("account_login"), {"login": login, "password": password}, REMOTE_ADDR=address
    )
    return answer.status_code


def guess(login: str, times: int = 5, **where: str) -> list[int]:
    return [log_in(login, "wrong", **where) for _ in range(times)]


def test_sixty_trainees_behind_one_address_start_together(db: None):
    trainees = [UserFactory(password=PASSWORD).username for _ in range(10)]
    # The first fifty are counted as the page counts them.
    form = RequestFactory().post(reverse("account_login"), REMOTE_ADDR=SCHOOL)
    for _ in range(50):
        assert ratelimit.consume(form, app="allauth.account", action="login")

    assert {log_in(name) for name in trainees} == {302}
    (rate,) = ratelimit.get_rates(app="allauth.account", action="login")
    key = ratelimit.get_cache_key(form, app="allauth.account", action="login", rate=rate)
    assert len(cache.get(key)) == 60


def test_five_wrong_tries_lock_an_identity_in_every_spelling_and_by_every_name(mona: User):
    spellings = ["01012345678", "٠١٠١٢٣٤٥٦٧٨", "MONA", "Mona@example.org", "+20 10 1234 5678"]
    assert [log_in(spelling, "wrong") for spelling in spellings] == [200] * 5

    assert [log_in(spelling) for spelling in [*spellings, "mona"]] == [429] * 6


def test_they_lock_no_other_login_at_that_address(mona: User):
    guess("mona", 8)

    assert log_in(UserFactory(password=PASSWORD).username) == 302


def test_no_more_than_five_guesses_count_from_however_many_addresses(mona: User):
    answers = [log_in("mona", "wrong", address=f"203.0.113.{number}") for number in range(30)]

    assert answers == [200] * 5 + [429] * 25


def test_one_address_does_not_try_one_password_on_everybody(db: None, settings: Settings):
    # A hundred a minute, in the settings: too many for a test.
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/300s/key"}
    names = [f"name-{number}" for number in range(11)]

    answers = [log_in(name, "123456789") for name in names]

    assert answers == [200] * 10 + [429]


def test_who_logged_in_on_a_device_before_is_not_locked_out_there(mona: User):
    phone = Client()
    assert log_in("mona", client=phone) == 302
    phone.post(reverse("account_logout"))

    guess("mona", 8, address="203.0.113.9")

    assert log_in("mona") == 429
    assert log_in("01012345678", client=phone) == 302


def test_a_known_device_has_a_limit_of_its_own(mona: User):
    phone = Client()
    log_in("mona", client=phone)
    phone.post(reverse("account_logout"))

    assert [log_in("mona", "wrong", client=phone) for _ in range(6)] == [200] * 5 + [429]


def test_a_device_is_known_for_those_who_logged_in_there_only(mona: User):
    phone = Client()
    log_in(UserFactory(password=PASSWORD).username, client=phone)
    phone.post(reverse("account_logout"))
    guess("mona")

    assert log_in("mona", client=phone) == 429


@pytest.mark.parametrize("cookie", ["", "x", "eyJuYW1lIjoiYSIsImxvZ2lucyI6WzFdfQ:1:a"])
def test_a_device_cannot_be_made_up(cookie: str, mona: User):
    phone = Client()
    phone.cookies["device"] = cookie
    guess("mona")

    assert log_in("mona", client=phone) == 429


def test_unknown_names_are_counted_like_others(db: None):
    assert guess("nobody-here", 6) == [200] * 5 + [429]


def test_asking_again_for_the_password_shares_the_counter(mona: User):
    trainee = TraineeFactory(username=None, phone="+201087654321", password=PASSWORD)
    client = Client()
    client.force_login(trainee)

    tries = [
        client.post(reverse("account_reauthenticate"), {"password": "wrong"}).status_code for _ in range(6)
    ]

    assert tries == [200] * 5 + [429]
    assert log_in("01087654321") == 429
    # Not that of another login: logins without a user name once shared one counter.
    other = TraineeFactory(username=None, phone="+201011112222", password=PASSWORD)
    client.force_login(other)
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


def test_a_right_try_counts_nothing(mona: User):
    assert [log_in("mona") for _ in range(8)] == [302] * 8


def test_a_locked_identity_gets_the_time_to_wait(mona: User):
    guess("mona")
    client = Client()

    answer = client.post(reverse("account_login"), {"login": "mona", "password": PASSWORD})

    assert SESSION_KEY not in client.session
    assert "انتظر" in answer.content.decode()


def test_there_is_one_login_page(mona: User):
    client = Client()

    answer = client.post("/ar/_util/login/", {"username": "mona", "password": PASSWORD})

    assert SESSION_KEY not in client.session
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_login"))
