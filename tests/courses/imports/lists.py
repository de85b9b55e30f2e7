"""Files of lists, and workers that do them, for tests of imports."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone
from openpyxl import Workbook

from accounts.models import Center, User
from courses.enums import ImportKind
from courses.models import ImportRun
from courses.services.imports import start_import, upload_list, work_on_import
from tests.accounts.people.numbers import with_check_digit

HEADINGS = ("الاسم", "الرقم القومي")
MONA, ALI = ("منى إبراهيم حسن السيد", "30401010112345"), ("علي محمود سعد الدين", "29905051234571")


def number(place: int, born: dt.date = dt.date(2000, 1, 1)) -> str:
    """A national number of its own for each place below 10,000 of a day."""
    century = "3" if born.year >= 2000 else "2"
    return with_check_digit(f"{century}{born:%y%m%d}01{place:04}")


# One of each makes the name of a place below 10,000.
NAMES = [names.split() for names in ("محمد أحمد علي حسن سعيد محمود خالد طارق سامي يوسف",) * 4]


def name_of(place: int) -> str:
    """A name of its own for each place below 10,000."""
    return " ".join(names[int(digit)] for names, digit in zip(NAMES, f"{place % 10_000:04}", strict=True))


def csv_of(*rows: Sequence[Any], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode(encoding)


def xlsx_of(*rows: Sequence[Any]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def stored(folder: Path, data: bytes) -> Path:
    file = folder / "list"
    file.write_bytes(data)
    return file


def uploaded(
    data: bytes, *, center: Center, by: User, kind: ImportKind = ImportKind.TRAINEES, name: str = "a.csv"
) -> ImportRun:
    return upload_list(center_id=center.pk, kind=kind, name=name, chunks=[data], by=by)


def checked(data: bytes, **facts: Any) -> ImportRun:
    run = uploaded(data, **facts)
    work_on_import(run_id=run.pk)
    run.refresh_from_db()
    return run


def imported(data: bytes, *, by: User, **facts: Any) -> ImportRun:
    run = checked(data, by=by, **facts)
    start_import(run_id=run.pk, by=by)
    work_on_import(run_id=run.pk)
    run.refresh_from_db()
    return run


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    """New, changed, unchanged, with faults."""
    return run.created, run.changed, run.unchanged, run.faulty


def faults(run: ImportRun) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.code) for one in run.faults.order_by("line", "pk")]


def let_lease_expire(run: ImportRun) -> None:
    ImportRun.objects.filter(pk=run.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))


def trainees(places: Iterable[int]) -> list[tuple[str, str]]:
    return [(name_of(place), number(place)) for place in places]
