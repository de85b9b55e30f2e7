"""Who may be the same person, before another record of them is made."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from accounts.models import Center, Person, User
from accounts.services.duplicates import find_candidates
from accounts.services.identity_documents import register_national_id, register_passport
from accounts.services.logins import sign_up
from accounts.services.people import register_person
from tests.accounts.people.numbers import national_number

pytestmark = pytest.mark.django_db
Counted = Callable[[int], AbstractContextManager[object]]
BORN = dt.date(1999, 4, 7)
NAME = "منى إبراهيم عبد الله حسن"


def registered(center: Center, *, by: User, name: str = NAME, born: dt.date | None = BORN) -> Person:
    return register_person(
        full_name_ar=name, full_name_en="Mona Ibrahim", birth_date=born, registered_at=center, by=by
    )


def here(manager: User, *, name: str = NAME, born: dt.date | None = BORN, number: str = "") -> list[Person]:
    return find_candidates(full_name_ar=name, birth_date=born, number=number, by=manager).here


@pytest.mark.parametrize(
    "spelling", [NAME, "مني ابراهيم عبدالله حسن", "منى إبراهيم  عبد الله حسن", "منى إبراهيم عبد الله"]
)
def test_a_name_in_another_spelling_or_without_its_last_part_is_the_same_name(
    center: Center, manager: User, spelling: str
):
    person = registered(center, by=manager)

    assert here(manager, name=spelling) == [person]


@pytest.mark.parametrize(("recorded", "typed"), [(BORN, BORN), (None, BORN), (BORN, None)])
def test_an_unknown_birth_date_fits_any(
    center: Center, manager: User, recorded: dt.date | None, typed: dt.date | None
):
    person = registered(center, by=manager, born=recorded)

    assert here(manager, born=typed) == [person]


@pytest.mark.parametrize(
    ("name", "born"),
    [(NAME, dt.date(1999, 4, 8)), ("منى إبراهيم عبد الله حسنين", BORN)],
)
def test_another_date_or_name_is_another_person(center: Center, manager: User, name: str, born: dt.date):
    registered(center, by=manager)

    assert here(manager, name=name, born=born) == []


def test_another_national_number_is_compared_at_the_own_center_since_a_digit_may_be_mistyped(
    center: Center, other_center: Center, manager: User, superuser: User
):
    person, other = registered(center, by=manager), registered(other_center, by=superuser)
    for serial, one in enumerate((person, other), start=1):
        register_national_id(person_id=one.pk, number=national_number(BORN, serial=serial), by=superuser)

    found = find_candidates(
        full_name_ar=NAME, birth_date=BORN, number=national_number(BORN, serial=3), by=manager
    )

    assert (found.here, found.elsewhere) == ([person], 0)


def test_a_passport_tells_nothing_about_a_national_number(center: Center, manager: User):
    person = registered(center, by=manager)
    register_passport(person_id=person.pk, number="A1234567", country="SD", by=manager)

    assert here(manager, number=national_number(BORN, serial=2)) == [person]


def test_the_carrier_of_the_number_is_the_person_whatever_the_name(center: Center, manager: User):
    person = registered(center, by=manager)
    number = national_number(BORN, serial=1)
    register_national_id(person_id=person.pk, number=number, by=manager)

    found = find_candidates(full_name_ar="سعاد علي محمود", birth_date=None, number=number, by=manager)

    assert (found.carrier, found.is_carrier_here) == (person, True)


class TestSomeoneWhoSignedUpAlone:
    @pytest.fixture
    def alone(self, db: None) -> Person:
        return sign_up(
            full_name_ar=NAME, birth_date=BORN, phone="01012345678", password="own-words-7431"
        ).person

    def test_is_found_by_name_and_number_together(self, alone: Person, manager: User):
        found = find_candidates(full_name_ar=NAME, birth_date=BORN, phone="+201012345678", by=manager)

        assert (found.here, found.elsewhere) == ([alone], 0)

    @pytest.mark.parametrize("phone", ["", "+201112345678"])
    def test_is_a_count_for_who_knows_the_name_only(self, alone: Person, manager: User, phone: str):
        found = find_candidates(full_name_ar=NAME, birth_date=BORN, phone=phone, by=manager)

        assert (found.here, found.elsewhere) == ([], 1)

    def test_is_not_found_by_the_number_alone(self, alone: Person, manager: User):
        assert not find_candidates(
            full_name_ar="سعاد علي محمود", birth_date=None, phone="+201012345678", by=manager
        )


class TestPeopleOfAnotherCenter:
    def test_are_a_count_and_no_more(self, other_center: Center, manager: User, superuser: User):
        registered(other_center, by=superuser)

        found = find_candidates(full_name_ar=NAME, birth_date=BORN, by=manager)

        assert (found.here, found.elsewhere, bool(found)) == ([], 1, True)

    def test_are_known_to_be_registered_by_their_number(
        self, other_center: Center, manager: User, superuser: User
    ):
        person = registered(other_center, by=superuser)
        number = national_number(BORN, serial=1)
        register_national_id(person_id=person.pk, number=number, by=superuser)

        found = find_candidates(full_name_ar=NAME, birth_date=BORN, number=number, by=manager)

        assert not found.is_carrier_here
        assert (found.here, found.elsewhere) == ([], 0)


@pytest.mark.parametrize("people", [1, 3])
def test_it_costs_the_same_for_three_people_as_for_one(
    center: Center, manager: User, people: int, django_assert_max_num_queries: Counted
):
    for _ in range(people):
        registered(center, by=manager)

    with django_assert_max_num_queries(6):
        assert len([document for person in here(manager) for document in person.documents.all()]) == 0
