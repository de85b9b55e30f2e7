"""`manage.py check --deploy` fails for weak secrets."""

import base64
import secrets

import pytest
from cryptography.fernet import Fernet
from django.core.checks import Tags, run_checks
from pytest_django.fixtures import Settings

STRONG = {
    "SECRET_KEY": secrets.token_urlsafe(50),
    "IDENTITY_HMAC_KEY": Fernet.generate_key().decode(),
    "MEDIA_LINK_SECRET": secrets.token_urlsafe(32),
    "FIELD_ENCRYPTION_KEYS": [Fernet.generate_key().decode(), Fernet.generate_key().decode()],
}


def faults() -> list[str]:
    found = run_checks(tags=[Tags.security], include_deployment_checks=True)
    return [message.msg.split()[0] for message in found if message.id == "lms.E001"]


@pytest.fixture(autouse=True)
def strong(settings: Settings) -> None:
    for name, value in STRONG.items():
        setattr(settings, name, value)


def test_random_secrets_pass():
    assert faults() == []


# An empty SECRET_KEY stops Django itself.
@pytest.mark.parametrize(
    ("name", "value"),
    [
        (name, value)
        for name in ("SECRET_KEY", "IDENTITY_HMAC_KEY", "MEDIA_LINK_SECRET")
        for value in ("", "changeme", "a" * 64, "0123456789" * 2)
        if (name, value) != ("SECRET_KEY", "")
    ],
)
def test_an_empty_short_or_monotonous_secret_fails(settings: Settings, name: str, value: str):
    setattr(settings, name, value)

    assert faults() == [name]


@pytest.mark.parametrize(
    "keys",
    [
        [],
        [""],
        ["not base64!"],
        [base64.urlsafe_b64encode(bytes(32)).decode()],
        [STRONG["FIELD_ENCRYPTION_KEYS"][0], "x"],
    ],
)
def test_keys_that_encrypt_nothing_fail(settings: Settings, keys: list[str]):
    settings.FIELD_ENCRYPTION_KEYS = keys

    assert faults() == ["FIELD_ENCRYPTION_KEYS"]
