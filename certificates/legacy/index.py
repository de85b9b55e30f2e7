"""Parses the index of a paper archive: a CSV file in any of the forms that spreadsheets write."""

import csv
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.folding import fold_arabic
from accounts.services.formatting import format_list

MAX_INDEX_BYTES = 2_000_000
MAX_ROWS = 500
# A cell is cut to this length before it is parsed; each field has its own, smaller limit.
MAX_CELL = 1_000

# Field name -> what clerks call the column. Compared folded: case, harakat and spelling variants do not matter.
HEADERS: dict[str, tuple[str, ...]] = {
    "number": ("number", "certificate number", "no", "رقم الشهادة", "رقم"),
    "name_ar": ("name_ar", "name", "arabic name", "الاسم", "الاسم بالعربية", "اسم المتدرب"),
    "name_en": ("name_en", "english name", "latin name", "الاسم بالإنجليزية", "الاسم باللاتينية"),
    "national_number": ("national_number", "national number", "national id", "الرقم القومي"),
    "program_ar": ("program_ar", "program", "البرنامج", "المهنة", "اسم البرنامج"),
    "program_en": ("program_en", "english program", "البرنامج بالإنجليزية"),
    "level": ("level", "skill level", "المستوى", "مستوى المهارة", "درجة المهارة"),
    "hours": ("hours", "الساعات", "عدد الساعات"),
    "completed_on": ("completed_on", "completed on", "تاريخ الإتمام", "تاريخ الانتهاء من البرنامج"),
    "issued_on": ("issued_on", "issued on", "issue date", "تاريخ الإصدار"),
    "valid_until": ("valid_until", "valid until", "expires on", "صالحة حتى", "تاريخ الانتهاء"),
    "scan": ("scan", "scan file", "file", "الملف", "ملف الصورة", "اسم الملف"),
}
REQUIRED = ("number", "name_ar", "program_ar", "issued_on")

_FIELDS = {fold_arabic(spelling): field for field, spellings in HEADERS.items() for spelling in spellings}


class IndexRefused(DomainError):
    """The index cannot be read; nothing of it was stored."""

    message = _("The index cannot be read.")


class IndexTooLarge(IndexRefused):
    message = _("The index is larger than %(megabytes)s MB. Divide it into several files.")


class IndexNotText(IndexRefused):
    message = _("The index is not a CSV file in UTF-8 or Windows-1256. Save it again as “CSV UTF-8”.")


class IndexBroken(IndexRefused):
    message = _("Line %(line)s of the index is broken: a quotation mark is missing, or the line is too long.")


class ColumnsMissing(IndexRefused):
    message = _(
        "The first line of the index has no column for: %(columns)s. If the letters look strange, save the file again"
        " as “CSV UTF-8”."
    )


class ColumnTwice(IndexRefused):
    message = _("The first line of the index names “%(column)s” twice.")


class ColumnUnknown(IndexRefused):
    message = _(
        "The index has a column “%(column)s” that is not known. Take it out, or give it a name from the list."
    )


class TooManyRows(IndexRefused):
    message = _("The index has more than %(rows)s rows. Divide it into several files.")


class NoRows(IndexRefused):
    message = _("The index has no row below its first line.")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the index. `number` counts the lines of the file from 1; `cells` are texts by field name."""

    number: int
    cells: dict[str, str]
    has_too_many_cells: bool = False


def read_index(data: bytes) -> list[Line]:
    """The rows below the headers, without empty ones. Raises an `IndexRefused`."""
    if len(data) > MAX_INDEX_BYTES:
        raise IndexTooLarge(megabytes=MAX_INDEX_BYTES // 1_000_000)
    text = _text(data)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    lines: list[Line] = []
    try:
        fields = _fields(next(reader, []))
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append(_line(reader.line_num, fields, cells))
            if len(lines) > MAX_ROWS:
                raise TooManyRows(rows=MAX_ROWS)
    except csv.Error as error:
        raise IndexBroken(line=reader.line_num) from error
    if not lines:
        raise NoRows
    return lines


def _text(data: bytes) -> str:
    if b"\0" in data or data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise IndexNotText
    for encoding in ("utf-8-sig", "cp1256"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise IndexNotText


def _fields(headers: list[str]) -> list[str]:
    fields: list[str] = []
    for header in headers:
        field = _FIELDS.get(fold_arabic(header[:MAX_CELL]), "")
        if field and field in fields:
            raise ColumnTwice(column=header.strip())
        fields.append(field)
    missing = [HEADERS[field][-1] for field in REQUIRED if field not in fields]
    if missing:
        raise ColumnsMissing(columns=format_list(missing))
    for header, field in zip(headers, fields, strict=True):
        if header.strip() and not field:
            raise ColumnUnknown(column=header.strip()[:60])
    return fields


def _line(number: int, fields: list[str], cells: list[str]) -> Line:
    named = zip(fields, cells, strict=False)
    beyond = any(cell.strip() for cell in cells[len(fields) :])
    unnamed = any(cell.strip() for field, cell in zip(fields, cells, strict=False) if not field)
    return Line(number, {field: cell[:MAX_CELL] for field, cell in named if field}, beyond or unnamed)
