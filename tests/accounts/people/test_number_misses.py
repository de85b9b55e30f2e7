"""Numbers of cards that led to no one are limited for a clerk, a center and a number together."""

import pytest

from accounts.enums import RoleName
from accounts.models import Center, User
from accounts.services.number_misses import (
    MISSED_TRAINEE,
    MOST_OF_CENTER,
    MOST_OF_CLERK,
    MOST_OF_NUMBER,
    TooManyMisses,
    note_miss,
    require_few_misses,
)
from tests.factories.accounts import CenterFactory, staff_member

pytestmark = pytest.mark.django_db


def registrar(center: Center) -> User:
    return staff_member(RoleName.REGISTRAR, center)


def is_refused(center: Center, by: User, number: str = "another") -> bool:
    try:
        require_few_misses(center=center, by=by, fingerprint=number)
    except TooManyMisses:
        return True
    return False


def test_a_clerk_a_center_and_a_number_are_counted_together(center: Center):
    clerk, other = registrar(center), CenterFactory()
    for place in range(MOST_OF_CLERK):
        assert not is_refused(center, clerk)
        note_miss(
            center=center,
            by=clerk,
            fingerprint=f"n{place}",
            action=MISSED_TRAINEE if place else "accounts.number.miss",
        )

    assert is_refused(center, clerk)
    assert is_refused(other, clerk)
    assert not is_refused(center, registrar(center))

    for place in range(MOST_OF_CENTER):
        note_miss(center=center, by=registrar(center), fingerprint=f"m{place}")
    assert is_refused(center, registrar(center))
    assert not is_refused(other, registrar(other))

    for _ in range(MOST_OF_NUMBER):
        note_miss(center=other, by=registrar(CenterFactory()), fingerprint="one")
    assert is_refused(CenterFactory(), registrar(other), "one")


def test_the_same_number_typed_again_is_one(center: Center):
    clerk = registrar(center)
    for _ in range(MOST_OF_CLERK):
        note_miss(center=center, by=clerk, fingerprint="one")

    assert not is_refused(center, clerk)
    assert not is_refused(center, clerk, "one")
