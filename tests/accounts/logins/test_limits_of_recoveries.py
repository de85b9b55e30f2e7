"""So many codes are sent, and no more."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.enums import CodePurpose
from accounts.models import ContactChallenge, User
from accounts.services import codes
from accounts.services.codes import Limit, TooManyCodes, purge_codes, request_code
from tests.accounts.codes import send_waiting
from tests.accounts.logins.recovering import NUMBER, ask
from tests.accounts.phones import Phones

pytestmark = pytest.mark.django_db


def test_ten_thousand_requests_send_three_messages(mona: User, sms_phones: Phones):
    # Each of them costs the same, so a hundred show what ten thousand do.
    answers = [ask(Client(), REMOTE_ADDR=f"203.0.113.{number}") for number in range(4)]
    refused = 0
    for number in range(100):
        try:
            request_code(
                purpose=CodePurpose.RECOVER, number=NUMBER, language="ar", address=f"198.51.100.{number}"
            )
        except TooManyCodes:
            refused += 1
    send_waiting()

    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert "أكثر" in answers[-1].content.decode()
    assert refused == 100
    assert ContactChallenge.objects.count() == len(sms_phones.messages) == 3


@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_moment_are_counted_one_by_one():
    def ask_once(_: int) -> bool:
        try:
            asked()
        except TooManyCodes:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        granted = list(pool.map(ask_once, range(16)))

    assert sum(granted) == ContactChallenge.objects.count() == 3


def asked(number: int = 0, **facts: Any) -> ContactChallenge:
    asking = {"purpose": CodePurpose.RECOVER, "language": "ar", "address": "203.0.113.1"}
    return request_code(**{**asking, "number": f"+2010{number:08}", **facts})


def test_requests_from_one_address_are_limited(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(codes, "LIMITS", (Limit("address_hash", 4, codes.HOUR),))
    for number in range(4):
        asked(number)

    with pytest.raises(TooManyCodes):
        asked(5)
    assert asked(5, address="203.0.113.2")


def test_requests_of_all_are_limited(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(codes, "LIMITS", (Limit("", 4, codes.HOUR),))
    for number in range(4):
        asked(number, address=f"203.0.113.{number}")

    with pytest.raises(TooManyCodes):
        asked(5, address="198.51.100.1")


def test_requests_of_one_login_are_limited(mona: User):
    for number in range(6):
        asked(number, login=mona, purpose=CodePurpose.VERIFY)

    with pytest.raises(TooManyCodes):
        asked(7, login=mona, purpose=CodePurpose.VERIFY)


def test_a_number_may_ask_again_after_an_hour_and_six_times_in_a_day():
    for _ in range(2):
        for _ in range(3):
            asked()
        with pytest.raises(TooManyCodes):
            asked()
        ContactChallenge.objects.update(created_at=timezone.now() - dt.timedelta(hours=2))
    with pytest.raises(TooManyCodes):
        asked()

    ContactChallenge.objects.update(created_at=timezone.now() - dt.timedelta(days=1))
    assert purge_codes() == 6
    assert asked()


def test_a_request_that_counts_still_is_not_purged():
    asked()
    ContactChallenge.objects.update(created_at=timezone.now() - dt.timedelta(hours=23))

    assert purge_codes() == 0
