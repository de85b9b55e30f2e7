"""No door without a card tells a known number from an unknown one, by words or by time."""

import re
import time
from collections.abc import Callable, Iterator
from statistics import median

import pytest
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import DocumentKind, RoleName
from accounts.models import Center, Contact, IdentityDocument
from accounts.services import number_misses
from accounts.services.identity_documents import Identity, new_document
from courses.enums import ImportKind
from tests.courses.imports.lists import checked, counts, csv_of, faults, number
from tests.factories.accounts import PersonFactory, TraineeFactory, staff_member
from tests.factories.courses import CohortFactory

pytestmark = pytest.mark.django_db
NUMBERS, FEW, TOLERANCE = 200, 2, 0.1
# What differs from one answer to the next by itself (the token of forms, which scripts of the admin read from another place, is masked
# again in each), and what was typed.
ITS_OWN = re.compile(
    rb'value="[A-Za-z0-9]{64}"|"CSRF_TOKEN": "[A-Za-z0-9]{64}"|nonce="[^"]*"|nonce-[^\' ;]*|\d+'
)

type Door = Callable[[int], bytes]


def people(center: Center, how_many: int) -> None:
    """Somebody of another center has each number with an even place: identity card, mobile number and login."""
    people = [PersonFactory(registered_at=center) for _ in range(how_many)]
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


def sign_up(clerk: Client, center: Center, numbers: int) -> Door:
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

    return door


def lost_password(clerk: Client, center: Center, numbers: int) -> Door:
    def door(place: int) -> bytes:
        typed = {"number": number(place), "center": center.pk, "reason": "x"}
        return clerk.post(reverse("lost_passwords:add"), typed).content

    return door


def search_by_card(clerk: Client, center: Center, numbers: int) -> Door:
    return lambda place: clerk.get(reverse("person:index"), {"q": number(place)}).content


def search_by_phone(clerk: Client, center: Center, numbers: int) -> Door:
    return lambda place: clerk.get(reverse("person:index"), {"q": phone(place)}).content


def list_of_seats(clerk: Client, center: Center, numbers: int) -> Door:
    by, cohort = staff_member(RoleName.REGISTRAR, center), CohortFactory(center=center)

    def door(place: int) -> bytes:
        """A list of different numbers, all known or all unknown."""
        places = [place % 2 + 2 * ((place + step) % numbers) for step in range(min(10, numbers))]
        data = csv_of(("الرقم القومي", "كود المجموعة"), *[(number(one), cohort.code) for one in places])
        run = checked(data, center=center, by=by, kind=ImportKind.ENROLLMENTS)
        return repr((counts(run), [(column, code) for _line, column, code in faults(run)])).encode()

    return door


DOORS = [sign_up, lost_password, search_by_card, search_by_phone, list_of_seats]
every_door = pytest.mark.parametrize("door", DOORS)


def answered(
    door: Door, places: int
) -> tuple[list[tuple[float, int]], list[tuple[float, int]], set[bytes], set[bytes]]:
    """For known and for unknown numbers: seconds of the processor and statements of each, and the different answers."""
    costs: tuple[list[tuple[float, int]], ...] = ([], [])
    answers: tuple[set[bytes], ...] = (set(), set())
    door(2 * places + 1)
    for place in range(2 * places):
        # The log of a connection holds 9,000 of them.
        reset_queries()
        began = time.process_time()
        with CaptureQueriesContext(connection) as asked:
            answer = door(place)
        costs[place % 2].append((time.process_time() - began, len(asked)))
        answers[place % 2].add(ITS_OWN.sub(b"", answer))
    return costs[0], costs[1], answers[0], answers[1]


@every_door
@pytest.mark.parametrize(
    ("numbers", "cost"),
    [
        pytest.param(FEW, 1, id="statements"),
        pytest.param(
            NUMBERS,
            0,
            id="processor time",
            marks=pytest.mark.engines("four hundred requests at each door, which are timed", nightly=True),
        ),
    ],
)
def test_a_door_treats_known_and_unknown_numbers_alike(
    clerk: Client, center: Center, other_center: Center, door: Callable[..., Door], numbers: int, cost: int
):
    people(other_center, numbers)

    known, unknown, of_known, of_unknown = answered(door(clerk, center, numbers), numbers)

    assert of_known == of_unknown
    medians = [median(one[cost] for one in costs) for costs in (known, unknown)]
    print(f"ORACLE {door.__name__}: known {medians[0]:.4f}, unknown {medians[1]:.4f}")
    assert medians[0] == pytest.approx(medians[1], rel=TOLERANCE)
