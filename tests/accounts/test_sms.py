"""Short messages reach a network through a real gateway, and failures are reported."""

import logging
import socket

import pytest
from django.core.checks import run_checks
from pytest_django.fixtures import Settings

from accounts.sms import MOST_PARTS, SmsGateway, SmsNotSent, parts_of
from tests.accounts.kannel import PASSWORD, SENDER, Network, Sms

PHONE = "+201012345678"


@pytest.mark.parametrize(
    "text",
    [
        "Your certificate is ready: https://example.org/en/certificates/mine/?a=1&b=%20+",
        "شهادتك جاهزة: https://example.org/ar/certificates/mine/",
        "“A” — ٣ ديسمبر ٢٠٢٦ … é `quoted` {x}",
        "سطران\nاثنان",
        "🎓 " * 20,
    ],
)
def test_a_message_arrives_as_it_was_written(sms_network: Network, text: str):
    sms_network.gateway().send(text, to=PHONE)

    assert sms_network.received() == [Sms(SENDER, PHONE, text)]


@pytest.mark.parametrize(("letters", "parts"), [(70, 1), (71, 2), (134, 2), (135, 3), (201, 3)])
def test_a_long_message_arrives_as_one(sms_network: Network, letters: int, parts: int):
    text = "ش" * letters

    sms_network.gateway().send(text, to=PHONE)

    assert parts_of(text) == parts
    assert sms_network.received() == [Sms(SENDER, PHONE, text)]


def test_a_message_that_the_gateway_would_cut_off_is_not_sent(sms_network: Network):
    with pytest.raises(SmsNotSent, match="longer"):
        sms_network.gateway().send("ش" * 202, to=PHONE)

    assert parts_of("ش" * 202) == MOST_PARTS + 1
    assert sms_network.received() == []


@pytest.mark.parametrize(
    ("login", "to", "reason"),
    [
        ({"password": "wrong"}, PHONE, "403: Authorization failed"),
        ({"user": "stranger"}, PHONE, "403: Authorization failed"),
        ({}, "abc", "400"),
    ],
)
def test_a_refusal_of_the_gateway_is_reported_with_its_message(
    sms_network: Network, login, to: str, reason: str
):
    with pytest.raises(SmsNotSent, match=reason):
        sms_network.gateway(**login).send("x", to=to)

    assert sms_network.received() == []


def test_a_gateway_that_is_away_is_not_asked_again_at_once():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/cgi-bin/sendsms"
    gateway = SmsGateway(url=url, user="u", password=PASSWORD, sender=SENDER)

    with pytest.raises(SmsNotSent, match="not reached: "):
        gateway.send("x", to=PHONE)
    with pytest.raises(SmsNotSent, match="a moment ago"):
        gateway.send("x", to=PHONE)


def test_neither_number_nor_words_nor_password_are_logged(
    sms_network: Network, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.DEBUG, "httpx"):
        sms_network.gateway().send("confidential", to=PHONE)

    assert "sendsms" in caplog.text
    assert not any(secret in caplog.text for secret in (PHONE[1:], "confidential", PASSWORD))
    assert len(sms_network.received()) == 1


# --- Setting it up --------------------------------------------------------------------------------------------------


@pytest.fixture
def chosen(settings: Settings) -> Settings:
    settings.SMS_GATEWAY_URL = "http://kannel:13013/cgi-bin/sendsms"
    settings.SMS_GATEWAY_USER = "mihna"
    settings.SMS_GATEWAY_PASSWORD = PASSWORD
    settings.SMS_FROM = "Mihna"
    return settings


def test_a_gateway_that_is_set_up_raises_no_complaint(chosen: Settings):
    assert run_checks(tags=["sms"]) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMS_GATEWAY_URL", "kannel:13013"),
        ("SMS_GATEWAY_URL", "http://user:password@kannel/cgi-bin/sendsms"),
        ("SMS_GATEWAY_URL", "http://kannel/cgi-bin/sendsms?username=x"),
        ("SMS_GATEWAY_USER", ""),
        ("SMS_GATEWAY_PASSWORD", ""),
        ("SMS_GATEWAY_PASSWORD", "كلمة"),
        ("SMS_FROM", ""),
        ("SMS_FROM", "Ministry of Labor"),
        ("SMS_FROM", "مهنة"),
        ("SMS_REPORTS_URL", "mihna.example"),
        ("SMS_REPORTS_URL", "https://mihna.example/%d"),
    ],
)
def test_a_gateway_that_is_half_set_up_is_complained_about(chosen: Settings, name: str, value: str):
    setattr(chosen, name, value)

    assert [message.id for message in run_checks(tags=["sms"])] == ["accounts.E001"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMS_MONTHLY_CAP", -1),
        ("SMS_MONTHLY_RESERVE", -1),
        ("SMS_REPORT_HOURS", 0),
        ("DELIVERY_DAYS", 0),
        ("SITE_NOTICE_DAYS", 0),
    ],
)
def test_a_number_without_a_meaning_is_complained_about(chosen: Settings, name: str, value: int):
    setattr(chosen, name, value)

    assert [message.id for message in run_checks(tags=["sms"])] == ["accounts.E003"]


def test_without_a_gateway_nothing_is_asked_for(settings: Settings):
    settings.SMS_GATEWAY_URL = ""
    settings.SMS_FROM = ""

    assert run_checks(tags=["sms"]) == []
