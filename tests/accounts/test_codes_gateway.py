"""A code goes through a real gateway to a phone, and its text opens the account."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import ContactKind, ContactProof
from accounts.services.contacts import record_contact
from tests.accounts.codes import send_waiting
from tests.accounts.kannel import SENDER, Network
from tests.factories.accounts import TraineeFactory, UserFactory

NUMBER = "+201012345678"


@pytest.mark.engines("Kannel, which hands messages to a network")
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_code_that_a_phone_received_recovers_the_password(client: Client, sms: Network, language: str):
    trainee = TraineeFactory(password="lost")
    record_contact(
        person_id=trainee.person_id,
        kind=ContactKind.PHONE,
        value=NUMBER,
        proved_how=ContactProof.CODE,
        by=UserFactory(),
    )

    client.post(f"/{language}/accounts/recover/", {"phone": "01012345678"})
    client.post(f"/{language}/accounts/recover/", {"phone": "01112345678"})
    client.post(f"/{language}/accounts/recover/", {"phone": "01012345678"})
    send_waiting()
    (message,) = sms.received()
    client.post(f"/{language}/accounts/recover/code/", {"code": re.findall(r"\d{6}", message.text)[0]})
    answer = client.post(f"/{language}/accounts/recover/password/", {"password1": "vise-and-anvil-9"})

    trainee.refresh_from_db()
    assert (message.sender, message.to) == (SENDER, NUMBER)
    assert answer.url.endswith(reverse("courses:my_learning")[3:])
    assert trainee.check_password("vise-and-anvil-9")
