"""Lists of thousands of lines in worker processes: killed in the middle, and as long as lists may be."""

import datetime as dt
import random
from collections import Counter

import pytest

from accounts.enums import RoleName
from accounts.models import AuditEntry, Center, Contact, IdentityDocument, Person, User
from courses.enums import ImportKind, ImportStep
from courses.models import ImportRun
from courses.services.imports import start_import, upload_list
from tests.courses.imports.lists import counts, csv_of, number, xlsx_of
from tests.courses.imports.workers import found, killed_twice, worked
from tests.factories.accounts import CenterFactory, MembershipFactory

HEADINGS = ("الاسم", "الرقم القومي", "الموبايل", "المحافظة", "تاريخ الميلاد")
NAMES = [
    "محمد",
    "أحمد",
    "محمود",
    "علي",
    "حسن",
    "حسين",
    "إبراهيم",
    "مصطفى",
    "يوسف",
    "خالد",
    "طارق",
    "هشام",
    "كريم",
    "عمرو",
    "سامح",
    "وليد",
    "أشرف",
    "جمال",
    "رمضان",
    "سعيد",
    "عادل",
    "فتحي",
    "نبيل",
]

type Rows = list[tuple[str, ...]]


def made(lines: int, first: int = 0) -> tuple[Rows, Counter[tuple[str, str]]]:
    """A list of which one line of a hundred is bad, in five ways in turn, and how many there are of each.

    Lists with another `first` are of other people.
    """
    chance = random.Random(lines)
    rows: Rows = []
    bad: Counter[tuple[str, str]] = Counter()
    for place in range(first, first + lines):
        born = dt.date(1980, 1, 1) + dt.timedelta(days=place // 50)
        row = [
            " ".join(chance.choices(NAMES, k=4)),
            number(place % 50, born),
            f"010{place + 10_000_000:08}",
            "القاهرة",
            f"{born:%d/%m/%Y}",
        ]
        if place % 100 == 99:
            column, value, fault = (
                (0, "", ("full_name_ar", "ValueMissing")),
                (1, "123", ("national_number", "WrongLength")),
                (2, "0212345678", ("phone", "NotAMobileNumber")),
                (3, "أطلانطس", ("governorate", "GovernorateUnknown")),
                (4, "31/2/1990", ("birth_date", "NotADate")),
            )[place // 100 % 5]
            row[column] = value
            bad[fault] += 1
        rows.append(tuple(row))
    return rows, bad


def uploaded(data: bytes, center: Center, by: User) -> ImportRun:
    return upload_list(center_id=center.pk, kind=ImportKind.TRAINEES, name="a", chunks=[data], by=by)


def written(center: Center) -> set[tuple[str, str, dt.date | None]]:
    people = Person.objects.filter(registered_at=center)
    return set(people.values_list("documents__number_hmac", "full_name_ar", "birth_date"))


@pytest.fixture
def place() -> tuple[Center, User]:
    center = CenterFactory()
    return center, MembershipFactory(role=RoleName.REGISTRAR, center=center).user


@pytest.mark.engines("worker processes, one of which is killed twice")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "lines", [1_200, pytest.param(2_000, marks=pytest.mark.engines("the same with more", nightly=True))]
)
def test_an_import_whose_workers_were_killed_ends_as_one_that_was_not(place: tuple[Center, User], lines: int):
    center, by = place
    rows, bad = made(lines)
    good = lines - bad.total()
    data = csv_of(HEADINGS, *rows)
    run = uploaded(data, center, by)
    worked(run)
    assert run.step == ImportStep.CHECKED
    start_import(run_id=run.pk, by=by)

    killed_at = killed_twice(run)
    worked(run)

    assert 0 < killed_at < lines
    assert (run.step, counts(run)) == (ImportStep.IMPORTED, (good, 0, 0, bad.total()))
    assert found(run) == bad
    people = Person.objects.filter(registered_at=center)
    assert people.count() == people.filter(documents__isnull=False, contacts__isnull=False).distinct().count()
    assert people.count() == IdentityDocument.objects.count() == Contact.objects.count() == good
    assert AuditEntry.objects.filter(action="accounts.person.register").count() == good
    again = uploaded(data, center, by)
    worked(again)
    assert counts(again) == (0, 0, good, bad.total())


@pytest.mark.engines("a list of 50,000 lines in worker processes", nightly=True)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_longest_list_takes_no_more_memory_than_a_tenth_of_it(
    place: tuple[Center, User], kind: str, capsys: pytest.CaptureFixture[str]
):
    center, by = place
    write = csv_of if kind == "csv" else xlsx_of
    peaks = []
    for lines in (5_000, 50_000):
        rows, bad = made(lines, first=lines)
        good = lines - bad.total()
        known = Person.objects.filter(registered_at=center).count()
        data = write(HEADINGS, *rows)
        run = uploaded(data, center, by)
        checking = worked(run)
        expected = counts(run)
        start_import(run_id=run.pk, by=by)
        importing = worked(run)
        again = uploaded(data, center, by)
        repeating = worked(again)
        with capsys.disabled():
            print(f"\n{kind} {lines}: check {checking}, import {importing}, second check {repeating}")
        peaks.append(max(checking["megabytes"], importing["megabytes"]))

        assert run.step == ImportStep.IMPORTED
        assert counts(run) == expected
        assert found(run) == bad
        assert run.faulty == bad.total()
        assert counts(again) == (0, 0, good, bad.total())
        assert Person.objects.filter(registered_at=center).count() == known + run.created

    assert peaks[1] < peaks[0] + 60
