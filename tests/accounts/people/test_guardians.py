"""Who is under 18, and who agrees for them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Center, Person, User
from accounts.services.consents import GUARDIAN, withdraw_consent
from accounts.services.guardians import (
    BirthDateMissing,
    GuardianMissing,
    GuardianTooYoung,
    is_minor,
    lacks_guardian,
    record_guardian,
)
from accounts.services.logins import give_first_login
from accounts.services.people import OwnGuardian
from courses.models import Enrollment
from courses.services.enrollments import enroll
from tests.factories.accounts import PersonFactory
from tests.factories.courses import CohortFactory

TODAY = dt.date(2026, 11, 29)


@pytest.mark.parametrize(
    ("born", "minor"),
    [
        (dt.date(2008, 11, 29), False),
        (dt.date(2008, 11, 30), True),
        (dt.date(2010, 1, 1), True),
        (dt.date(1990, 1, 1), False),
        (None, False),
    ],
)
def test_people_are_minors_until_their_eighteenth_birthday(born: dt.date | None, minor: bool):
    assert is_minor(born, TODAY) is minor


@given(born=st.dates(dt.date(1950, 1, 1), dt.date(2026, 1, 1)), days=st.integers(0, 20_000))
def test_nobody_becomes_a_minor_again(born: dt.date, days: int):
    later = born + dt.timedelta(days=days)

    assert is_minor(born, later + dt.timedelta(days=1)) <= is_minor(born, later)


@pytest.fixture
def child(center: Center) -> Person:
    return PersonFactory(birth_date=dt.date(2012, 5, 1), registered_at=center)


@pytest.fixture
def parent(center: Center) -> Person:
    return PersonFactory(registered_at=center)


@pytest.mark.django_db
def test_a_minor_gets_no_seat_before_a_guardian_agreed(
    child: Person, parent: Person, center: Center, manager: User
):
    cohort = CohortFactory(center=center)

    with pytest.raises(GuardianMissing):
        enroll(person_id=child.pk, cohort_id=cohort.pk, by=manager)
    assert not Enrollment.objects.exists()

    record_guardian(person_id=child.pk, guardian=parent, by=manager)

    assert enroll(person_id=child.pk, cohort_id=cohort.pk, by=manager).person == child


@pytest.mark.django_db
def test_nobody_is_of_age_without_a_birth_date(parent: Person, center: Center, manager: User):
    person, cohort = PersonFactory(birth_date=None, registered_at=center), CohortFactory(center=center)

    with pytest.raises(BirthDateMissing):
        enroll(person_id=person.pk, cohort_id=cohort.pk, by=manager)
    with pytest.raises(BirthDateMissing):
        give_first_login(person_id=person.pk, by=manager)

    record_guardian(person_id=person.pk, guardian=parent, by=manager)
    assert give_first_login(person_id=person.pk, by=manager)[0].person == person
    assert enroll(person_id=person.pk, cohort_id=cohort.pk, by=manager).person == person


@pytest.mark.django_db
def test_a_minor_without_a_guardian_gets_no_login(child: Person, manager: User):
    with pytest.raises(GuardianMissing):
        give_first_login(person_id=child.pk, by=manager)


@pytest.mark.django_db
def test_a_consent_that_was_withdrawn_is_none(child: Person, parent: Person, manager: User):
    record_guardian(person_id=child.pk, guardian=parent, by=manager)
    withdraw_consent(person_id=child.pk, purpose=GUARDIAN, by=manager)
    child.refresh_from_db()

    assert lacks_guardian(child, TODAY)


@pytest.mark.django_db
def test_a_minor_is_no_guardian(child: Person, center: Center, manager: User):
    sister = PersonFactory(birth_date=dt.date(2010, 5, 1), registered_at=center)

    with pytest.raises(GuardianTooYoung):
        record_guardian(person_id=child.pk, guardian=sister, by=manager)


@pytest.mark.django_db
def test_no_one_is_their_own_guardian(center: Center, manager: User):
    person = PersonFactory(registered_at=center)

    with pytest.raises(OwnGuardian):
        record_guardian(person_id=person.pk, guardian=person, by=manager)
