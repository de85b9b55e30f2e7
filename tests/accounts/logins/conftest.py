"""Phones that receive codes."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.accounts.phones import Phones, phones


@pytest.fixture
def sms_phones(settings: Settings) -> Iterator[Phones]:
    """A gateway that the settings name, and the messages that it took."""
    with phones() as server:
        settings.SMS_GATEWAY_URL = server.url
        yield server
