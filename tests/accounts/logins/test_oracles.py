"""No door without a card tells a known number from an unknown one, by words or by time."""

import re
import time
from collections.abc import Callable, Iterator
from statistics import median

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import DocumentKind, RoleName
from accounts.models import Center, Contact, IdentityDocument
from accounts.services import number_misses
from accounts.services.identity_documents import Identity, new_document
from courses.enums import ImportKind
from tests.courses.imports.lists import checked, counts, csv_of, faults, number
from tests.factories.accounts import PersonFactory, TraineeFactory, staff_member
from tests.factories.courses import CohortFactory

pytestmark = [
    pytest.mark.engines("four hundred requests at each door, of which the processor time is measured"),
    pytest.mark.django_db,
]
NUMBERS, TOLERANCE = 200, 0.1
# What differs from one answer to the next by itself (the token of forms, which scripts of the admin read from another place, is masked
# again in each), and what was typed.
ITS_OWN = re.compile(
    rb'value="[A-Za-z0-9]{64}"|"CSRF_TOKEN": "[A-Za-z0-9]{64}"|nonce="[^"]*"|nonce-[^\' ;]*|\d+'
)

type Door = Callable[[int], bytes]


@pytest.fixture
def people(other_center: Center) -> None:
    """Somebody of another center has each number with an even place: identity card, mobile number and login."""
    people = [PersonFactory(registered_at=other_center) for _ in range(NUMBERS)]
    IdentityDocument.objects.bulk_create(
        new_document(person, Identity(DocumentKind.NATIONAL_ID, "EG", number(2 * place)))
        for place, person in enumerate(people)
    )
    for place, person in enumerate(people):
        TraineeFactory(person=person, phone=phone(2 * place))
        Contact.objects.create(person=person, kind="phone", value=phone(2 * place))


@pytest.fixture
def clerk(center: Center, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Without the limits, which would end the measurement."""
    for limit in ("MOST_OF_CLERK", "MOST_OF_CENTER", "MOST_OF_NUMBER"):
        monkeypatch.setattr(number_misses, limit, 10_000)
    client = Client()
    client.force_login(staff_member(RoleName.REGISTRAR, center))
    return client


def phone(place: int) -> str:
    return f"+2010{10_000_000 + place}"


def measured(door: Door) -> tuple[float, float, set[bytes], set[bytes]]:
    """Median seconds of the processor and the answers: for known numbers, and for unknown ones."""
    seconds: tuple[list[float], list[float]] = ([], [])
    answers: tuple[set[bytes], set[bytes]] = (set(), set())
    door(2 * NUMBERS + 1)
    for place in range(2 * NUMBERS):
        began = time.process_time()
        answer = door(place)
        seconds[place % 2].append(time.process_time() - began)
        answers[place % 2].add(ITS_OWN.sub(b"", answer))
    return median(seconds[0]), median(seconds[1]), *answers


def assert_same(door: Door) -> None:
    known, unknown, of_known, of_unknown = measured(door)

    assert of_known == of_unknown
    assert known == pytest.approx(unknown, rel=TOLERANCE)


def test_the_sign_up_answers_all_mobile_numbers_alike(people: None):
    def door(place: int) -> bytes:
        typed = {
            "full_name_ar": "سيد محمود عبد الحميد",
            "birth_date": "25/3/1998",
            "phone": phone(place),
            "password1": "forty-two-oranges",
            "password2": "forty-two-oranges",
            "consent": "on",
        }
        address = f"192.0.{place // 200}.{place % 200}"
        answer = Client().post(reverse("account_signup"), typed, REMOTE_ADDR=address)
        assert answer.status_code == 302
        return answer.url.encode() + answer.content

    assert_same(door)


def test_a_lost_password_is_answered_alike_for_all_numbers_of_other_centers(
    people: None, clerk: Client, center: Center
):
    def door(place: int) -> bytes:
        typed = {"number": number(place), "center": center.pk, "reason": "x"}
        return clerk.post(reverse("lost_passwords:add"), typed).content

    assert_same(door)


@pytest.mark.parametrize("typed", [number, phone])
def test_the_search_of_people_answers_alike(people: None, clerk: Client, typed: Callable[[int], str]):
    assert_same(lambda place: clerk.get(reverse("person:index"), {"q": typed(place)}).content)


def test_lists_of_seats_answer_alike(people: None, center: Center):
    by, cohort = staff_member(RoleName.REGISTRAR, center), CohortFactory(center=center)

    def door(place: int) -> bytes:
        """A list of ten numbers, all known or all unknown."""
        places = [place % 2 + 2 * (place * 5 + step) % (2 * NUMBERS) for step in range(10)]
        data = csv_of(("الرقم القومي", "كود المجموعة"), *[(number(one), cohort.code) for one in places])
        run = checked(data, center=center, by=by, kind=ImportKind.ENROLLMENTS)
        return repr((counts(run), [(column, code) for _line, column, code in faults(run)])).encode()

    assert_same(door)
