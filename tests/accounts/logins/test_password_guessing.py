"""Ten thousand guesses over a hundred names from a hundred addresses, and what a refused one costs."""

import random
from pathlib import Path

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.services.logins import create_login
from lms import settings as site
from tests.factories.accounts import UserFactory

# A password among the first five of a guesser's list is found: five wrong tries are allowed. So the passwords of this test
# come after them. In a day a guesser tries a hundred of an identity (ACCOUNT_RATE_LIMITS).
COUNTED = 5
PASSWORD = "lathe-and-anvil-7"


@pytest.mark.engines("ten thousand requests", nightly=True)
def test_ten_thousand_guesses_over_a_hundred_names_from_a_hundred_addresses_find_nothing(
    db: None, settings: Settings, tmp_path: Path
):
    # Counted where the embedded mode counts.
    settings.CACHES = {"default": {**site.CACHES["default"], "LOCATION": tmp_path}}
    # The addresses are trusted because our proxy adds them; what a guesser writes in front is ignored.
    settings.BEHIND_PROXY = True
    # An hour for five minutes: on a slow machine a second window would open, and five more of each name count.
    slow = settings.ACCOUNT_RATE_LIMITS["login_failed"].replace("5/300s/key", "5/3600s/key")
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login_failed": slow}
    seed = random.randrange(2**32)
    order = random.Random(seed)
    guesses = [f"weak-password-{number}" for number in range(100)]
    lists = {f"name-{number}": order.sample(guesses, 100) for number in range(100)}
    for name, tried in lists.items():
        create_login(username=name, password=tried[order.randrange(COUNTED, 100)], by=None)
    guesser, url = Client(), reverse("account_login")

    answers: dict[int, int] = {}
    for turn in range(100):
        for number, (name, tried) in enumerate(lists.items()):
            address = f"203.0.113.{(turn * 37 + number) % 100}"
            status = guesser.post(
                url,
                {"login": name, "password": tried[turn]},
                HTTP_X_FORWARDED_FOR=f"198.51.100.{turn}, {address}",
            ).status_code
            answers[status] = answers.get(status, 0) + 1

    print(f"seed {seed}: {answers.get(200, 0)} of 10000 guesses were compared, {answers.get(302, 0)} found")
    assert answers == {200: 100 * COUNTED, 429: 10_000 - 100 * COUNTED}, f"seed {seed}"


class CountingHasher(MD5PasswordHasher):
    algorithm = "counted"
    computed = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).computed += 1
        return super().encode(password, salt)


@pytest.fixture
def hashes(settings: Settings) -> type[CountingHasher]:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.computed = 0
    return CountingHasher


@pytest.mark.parametrize("name", ["mona", "nobody-here"])
def test_a_guess_beyond_the_limit_costs_no_hash(db: None, hashes: type[CountingHasher], name: str):
    create_login(username="mona", password=PASSWORD, by=None)
    guess = {"login": name, "password": "wrong"}
    for _ in range(COUNTED):
        Client().post(reverse("account_login"), guess)
    spent = hashes.computed

    answers = {Client().post(reverse("account_login"), guess).status_code for _ in range(20)}

    assert spent >= COUNTED
    assert (answers, hashes.computed) == ({429}, spent)


def test_no_more_than_a_hundred_guesses_of_an_identity_count_in_a_day(db: None, settings: Settings):
    # Without the limit of five minutes, which would take a test eight hours.
    counted = settings.ACCOUNT_RATE_LIMITS["login_failed"].replace("100/m/ip,5/300s/key,", "")
    assert counted == "100/d/key"
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": counted.replace("100", "7")}
    name = UserFactory(password=PASSWORD).username

    answers = [
        Client().post(reverse("account_login"), {"login": name, "password": "wrong"}).status_code
        for _ in range(9)
    ]

    assert answers == [200] * 7 + [429] * 2
