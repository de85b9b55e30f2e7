"""Two records that may be of one person, and who may merge them."""

import pytest

from accounts.enums import RoleName
from accounts.models import Center, Person, User
from tests.factories.accounts import PersonFactory, staff_member


@pytest.fixture
def kept(center: Center) -> Person:
    return PersonFactory(registered_at=center)


@pytest.fixture
def duplicate(center: Center) -> Person:
    return PersonFactory(registered_at=center)


@pytest.fixture
def officer(db: None) -> User:
    return staff_member(RoleName.MINISTRY_OFFICER)
