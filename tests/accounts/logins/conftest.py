"""Phones that receive codes, and a trainee who lost the password."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Center, User
from tests.accounts.logins.recovering import prove
from tests.accounts.phones import Phones, phones
from tests.factories.accounts import PersonFactory, TraineeFactory


@pytest.fixture
def sms_phones(settings: Settings) -> Iterator[Phones]:
    """A gateway that the settings name, and the messages that it took."""
    with phones() as server:
        settings.SMS_GATEWAY_URL = server.url
        yield server


@pytest.fixture
def mona(center: Center, manager: User) -> User:
    trainee = TraineeFactory(person=PersonFactory(registered_at=center), password="lost")
    prove(trainee, by=manager)
    return trainee
