"""Which files are read, and which are refused with what words."""

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from courses.enums import ImportKind
from courses.imports import spreadsheets, tables
from courses.imports.cells import date_of, number_of, text_of
from courses.imports.columns import COLUMNS, names_of, sentence
from courses.imports.errors import (
    BY_CODE,
    FileRefused,
    FormulaInside,
    HeadingMissing,
    HeadingTwice,
    HeadingUnknown,
    LineBroken,
    MacrosInside,
    NoLines,
    NotADate,
    NotATable,
    NumberRounded,
    OldOrLockedWorkbook,
    TooManyColumns,
    TooManyLines,
    WorkbookBroken,
    WorkbookTooLarge,
)
from courses.imports.tables import Line, open_table
from tests.courses.imports.lists import ALI, HEADINGS, MONA, csv_of, stored, xlsx_of


def read(folder: Path, data: bytes) -> list[Line]:
    with open_table(stored(folder, data), ImportKind.TRAINEES) as lines:
        return list(lines)


def cells(lines: list[Line]) -> list[tuple[Any, ...]]:
    return [(line.number, *line.cells.values()) for line in lines]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1256"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_file_is_read_in_the_encodings_and_with_the_separators_of_spreadsheets(
    tmp_path: Path, encoding: str, delimiter: str
):
    data = csv_of(HEADINGS, MONA, (), ALI, delimiter=delimiter, encoding=encoding)

    assert cells(read(tmp_path, data)) == [(2, *MONA), (4, *ALI)]


def test_a_workbook_is_read_with_its_numbers_and_dates(tmp_path: Path):
    data = xlsx_of(
        ("الاسم", "national_number", "تاريخ الميلاد"), (), (MONA[0], int(MONA[1]), dt.date(2004, 1, 1))
    )

    [line] = read(tmp_path, data)

    assert line.number == 3
    assert text_of(line.cells["full_name_ar"], longest=160) == MONA[0]
    assert number_of(line.cells["national_number"], longest=40) == MONA[1]
    assert date_of(line.cells["birth_date"]) == dt.date(2004, 1, 1)


def test_a_cell_with_a_line_break_is_on_the_line_on_which_its_row_begins(tmp_path: Path):
    data = csv_of(HEADINGS, ("منى\nإبراهيم حسن", MONA[1]), ALI)

    assert [line.number for line in read(tmp_path, data)] == [2, 4]


def test_a_value_under_no_heading_is_noticed(tmp_path: Path):
    lines = read(tmp_path, csv_of((*HEADINGS, ""), (*MONA, "", "x"), (*ALI, " ")))

    assert [line.has_cell_without_heading for line in lines] == [True, False]


def workbook_with(**parts: bytes) -> bytes:
    file = io.BytesIO(xlsx_of(HEADINGS, MONA))
    with zipfile.ZipFile(file, "a") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return file.getvalue()


def with_entities() -> bytes:
    """A billion laughs: entities of entities."""
    nested = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    sheet = f'<!DOCTYPE a [<!ENTITY l0 "ha">{nested}]><worksheet><sheetData>&l9;</sheetData></worksheet>'
    bomb = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx_of(HEADINGS, MONA))) as whole, zipfile.ZipFile(bomb, "w") as copy:
        for part in whole.namelist():
            copy.writestr(part, sheet if part == "xl/worksheets/sheet1.xml" else whole.read(part))
    return bomb.getvalue()


def with_formula() -> bytes:
    book = Workbook()
    book.active.append(HEADINGS)
    book.active.append((MONA[0], '=HYPERLINK("http://a.b")'))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def truncated() -> bytes:
    whole = xlsx_of(HEADINGS, *[MONA] * 50)
    return whole.replace(b"<", b"<", 1)[: len(whole) // 2] + whole[len(whole) // 2 + 100 :]


REFUSED: dict[str, tuple[bytes, type[FileRefused]]] = {
    "formula in CSV": (csv_of(HEADINGS, (MONA[0], '=cmd|"/c calc"!A1')), FormulaInside),
    "formula in a workbook": (with_formula(), FormulaInside),
    "entities": (with_entities(), WorkbookBroken),
    "macros": (workbook_with(xl__vbaProject_dot_bin=b"a"), MacrosInside),
    "old format": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), OldOrLockedWorkbook),
    "damaged": (truncated(), WorkbookBroken),
    "another archive": (b"PK\x03\x04" + bytes(50), NotATable),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0", NotATable),
    "UTF-16": ("الاسم\n".encode("utf-16"), NotATable),
    "a heading twice": (csv_of(("الاسم", "الإسم", "الرقم القومي"), MONA), HeadingTwice),
    "an unknown heading": (csv_of((*HEADINGS, "فصيلة الدم"), MONA), HeadingUnknown),
    "a heading missing": (csv_of(("الاسم",), ("منى",)), HeadingMissing),
    "a million columns": (csv_of(["الاسم"] * 1_000_000), LineBroken),
    "a hundred columns": (csv_of([*HEADINGS, *["x"] * 100]), TooManyColumns),
    "a hundred columns in a workbook": (xlsx_of([*HEADINGS, *["x"] * 100]), TooManyColumns),
    "an endless cell": (csv_of(HEADINGS, ("a" * 30_000, "1")), LineBroken),
    "an open quotation": (csv_of(HEADINGS) + b'"c,d\n', LineBroken),
    "headings alone": (csv_of(HEADINGS), NoLines),
    "nothing": (b"", NoLines),
}


@pytest.mark.parametrize(("data", "refusal"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_no_list_is_refused_in_words(tmp_path: Path, data: bytes, refusal: type[FileRefused]):
    with pytest.raises(refusal) as refused:
        read(tmp_path, data)

    words = sentence(ImportKind.TRAINEES, refusal.__name__, refused.value.facts)
    assert words
    assert not re.search(r"%\(|full_name_ar", words)


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    bomb = io.BytesIO(xlsx_of(HEADINGS, MONA))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", bytes(3_000_000))
    monkeypatch.setattr(spreadsheets, "MOST_UNPACKED", 2_000_000)

    with pytest.raises(WorkbookTooLarge):
        read(tmp_path, bomb.getvalue())


def test_more_lines_than_fit_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tables, "MOST_LINES", 3)

    assert len(read(tmp_path, csv_of(HEADINGS, *[MONA] * 3))) == 3
    with pytest.raises(TooManyLines):
        read(tmp_path, csv_of(HEADINGS, *[MONA] * 4))


def test_every_name_of_a_column_is_that_of_one_column_alone():
    for kind in ImportKind:
        for column in COLUMNS[kind]:
            for alias in (*column.aliases, column.name, column.name.upper()):
                others = [one.name for one in COLUMNS[kind] if one is not column]
                assert names_of(kind, [*others, alias])[-1] == column.name


@pytest.mark.parametrize(
    "written",
    ["2004-03-25", "25/3/2004", "٢٥/٣/٢٠٠٤", "25-03-2004", "25.3.2004", "2004/3/25", "38071", 38071, 38071.0,
     dt.datetime(2004, 3, 25, tzinfo=dt.UTC), dt.date(2004, 3, 25), "2004-03-25 00:00:00"],
)  # fmt: skip
def test_a_date_is_read_as_it_is_written_in_egypt_and_by_spreadsheets(written: Any):
    assert date_of(written) == dt.date(2004, 3, 25)


@pytest.mark.parametrize("written", ["31/2/2004", "25/3/04", "2004", "0", "غدا", "3/25/2004", "9" * 50])
def test_what_is_no_date_is_a_fault(written: str):
    with pytest.raises(NotADate):
        date_of(written)


def test_a_number_that_a_spreadsheet_rounded_is_not_taken():
    for written in ("3.04010E+13", "3,04E+13"):
        with pytest.raises(NumberRounded):
            number_of(written, longest=40)
    assert number_of('="01012345678"', longest=40) == number_of(1012345678.0, longest=40).rjust(11, "0")


def test_every_error_of_an_import_has_a_name_and_words():
    for code, error in BY_CODE.items():
        assert error.__name__ == code
        assert str(error.message)


def test_a_percentage_of_a_workbook_is_what_its_cell_shows(tmp_path: Path):
    book = Workbook()
    book.active.append(HEADINGS)
    book.active.append((0.855, 1))
    for cell in book.active[2]:
        cell.number_format = "0.0%"
    book.save(tmp_path / "list")

    with open_table(tmp_path / "list", ImportKind.TRAINEES) as lines:
        [line] = lines

    assert list(line.cells.values()) == ["85.5%", "100%"]
