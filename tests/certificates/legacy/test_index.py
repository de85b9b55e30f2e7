"""The index of a paper archive is read as clerks and their spreadsheets write it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.enums import Fault
from certificates.legacy.index import (
    MAX_INDEX_BYTES,
    MAX_ROWS,
    ColumnsMissing,
    ColumnTwice,
    ColumnUnknown,
    IndexBroken,
    IndexNotText,
    IndexTooLarge,
    NoRows,
    TooManyRows,
    read_index,
)
from certificates.legacy.reading import clean_cell, plain_number, read_date, read_paper
from tests.factories.certificates_legacy import USUAL, index_of

TODAY = dt.date(2026, 11, 26)
LEVELS = {"ماهر": "skilled", "skilled": "skilled"}
ARABIC = "رقم الشهادة;الاسم;البرنامج;تاريخ الإصدار\n"
EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def codes(**typed: str) -> set[tuple[str, str]]:
    faults = read_paper({**USUAL, **typed}, levels=LEVELS, today=TODAY).faults
    return {(fault["field"], fault["code"]) for fault in faults}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1256"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_an_index_is_read_in_every_encoding_and_with_every_separator_of_excel(encoding: str, delimiter: str):
    data = index_of({}, {"number": "124/98"}, encoding=encoding, delimiter=delimiter)

    first, second = read_index(data)

    assert (first.number, first.cells["name_ar"]) == (2, USUAL["name_ar"])
    assert second.cells["number"] == "124/98"


def test_headers_may_be_arabic_and_spelled_in_any_way():
    data = "رَقم الشّهادة;الأسم;البرنامج;تاريخ الاصدار\n١٢;محمود;لحام;١٣/٥/١٩٩٨\n".encode()

    cells = read_index(data)[0].cells

    assert cells == {"number": "١٢", "name_ar": "محمود", "program_ar": "لحام", "issued_on": "١٣/٥/١٩٩٨"}


def test_a_quoted_cell_may_hold_the_separator_and_a_line_break():
    line = read_index((ARABIC + '"12";"محمود\nحسن";"لحام; قطع";"13/5/1998"\n').encode())[0]

    assert (line.cells["name_ar"], line.cells["program_ar"]) == ("محمود\nحسن", "لحام; قطع")


def test_empty_lines_are_passed_over_and_lines_keep_their_numbers():
    lines = read_index((ARABIC + ";;;\n12;محمود;لحام;13/5/1998\n\n").encode())

    assert [line.number for line in lines] == [3]


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", ColumnsMissing),
        (index_of({}).replace(b"123/98", b"123\x0098"), IndexNotText),
        (index_of({}, encoding="utf-16"), IndexNotText),
        (b"PK\x03\x04" + b"\0" * 40, IndexNotText),
        (b"number,name\n1,x\n", ColumnsMissing),
        (index_of({}).replace(b"program_en", b"program_ar"), ColumnTwice),
        (index_of({}).replace(b"program_en", b"salary"), ColumnUnknown),
        ((ARABIC + '12;"محمود;لحام;13/5/1998\n').encode(), IndexBroken),
        ((ARABIC + "12;" + "م" * 140_000 + ";لحام;13/5/1998\n").encode(), IndexBroken),
        (ARABIC.encode(), NoRows),
        (index_of(*[{}] * (MAX_ROWS + 1)), TooManyRows),
        (b"x" * (MAX_INDEX_BYTES + 1), IndexTooLarge),
    ],
)
def test_an_index_that_cannot_be_read_is_refused_in_words(data: bytes, refusal: type[Exception]):
    with pytest.raises(refusal) as raised:
        read_index(data)

    assert "%(" not in str(raised.value)


def test_another_encoding_is_detected_by_the_headers():
    data = ARABIC.encode("iso8859-6") + b"12;x;y;13/5/1998\n"

    with pytest.raises(ColumnsMissing):
        read_index(data)


def test_a_line_with_more_cells_than_columns_is_known():
    line = read_index((ARABIC + "12;محمود;لحام;13/5/1998;زائد\n").encode())[0]

    assert line.has_too_many_cells


@pytest.mark.parametrize("typed", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " = 1"])
def test_a_formula_loses_the_signs_that_make_it_one(typed: str):
    text, is_formula = clean_cell(typed)

    assert is_formula
    assert not text.startswith(("=", "+", "-", "@", "\t"))


def test_what_a_spreadsheet_quotes_to_keep_its_zeros_is_no_formula():
    assert clean_cell('="00123"') == ("00123", False)


def test_no_invisible_character_survives_in_a_cell():
    assert clean_cell("محمود\u202e\u200f\n حسن") == ("محمود حسن", False)


@given(day=st.dates(dt.date(1930, 1, 1), dt.date(2099, 12, 31)), sign=st.sampled_from("/-."))
def test_every_day_is_read_in_every_way_of_writing_it(day: dt.date, sign: str):
    day_first = f"{day.day}{sign}{day.month}{sign}{day.year}"
    padded = f"{day.day:02} {sign} {day.month:02} {sign} {day.year}"
    year_first = f"{day.year}{sign}{day.month}{sign}{day.day}"

    ways = [day_first, padded, year_first, day.isoformat()]
    ways += [way.translate(digits) for way in ways for digits in (EASTERN, PERSIAN)]

    assert {read_date(way) for way in ways} == {day}


@given(st.text(max_size=30))
def test_no_text_at_all_breaks_the_reader(text: str):
    clean, _is_formula = clean_cell(text)
    day = read_date(clean)
    reading = read_paper(dict.fromkeys(USUAL, clean), levels=LEVELS, today=TODAY)

    assert day is None or read_date(day.isoformat()) == day
    assert plain_number(plain_number(clean)) == plain_number(clean)
    assert all(Fault(fault["code"]) for fault in reading.faults)


@pytest.mark.parametrize(
    "typed", ["31/2/1998", "13/5/98", "1998", "13/5-1998", "²/5/1998", "5/13/1998", "أمس"]
)
def test_what_is_no_day_is_not_guessed(typed: str):
    assert read_date(typed) is None
    assert codes(issued_on=typed) >= {("issued_on", Fault.NO_DATE)}


def test_a_usual_row_has_no_fault():
    assert codes() == set()


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"number": ""}, ("number", Fault.MISSING)),
        ({"number": "²"}, ("number", Fault.NOT_A_NUMBER)),
        ({"number": "بلا"}, ("number", Fault.NOT_A_NUMBER)),
        ({"number": "1" * 21}, ("number", Fault.TOO_LONG)),
        ({"name_ar": "م" * 161}, ("name_ar", Fault.TOO_LONG)),
        ({"name_ar": "Mahmoud"}, ("name_ar", Fault.NOT_ARABIC)),
        ({"name_ar": "محمو\ufffd"}, ("name_ar", Fault.BROKEN_LETTERS)),
        ({"name_en": "محمود"}, ("name_en", Fault.NOT_LATIN)),
        ({"level": "أسطورة"}, ("level", Fault.NO_SUCH_LEVEL)),
        ({"hours": "²"}, ("hours", Fault.NOT_A_NUMBER)),
        ({"hours": "0"}, ("hours", Fault.NOT_A_NUMBER)),
        ({"issued_on": "13/5/1898"}, ("issued_on", Fault.DATE_OUT_OF_RANGE)),
        ({"issued_on": "27/11/2026"}, ("issued_on", Fault.DATE_OUT_OF_RANGE)),
        ({"completed_on": "14/5/1998"}, ("completed_on", Fault.AFTER_ISSUE)),
        ({"valid_until": "12/5/1998"}, ("valid_until", Fault.BEFORE_ISSUE)),
    ],
)
def test_a_fault_is_reported_with_its_field(typed: dict[str, str], fault: tuple[str, str]):
    assert fault in codes(**typed)


def test_digits_and_levels_are_read_as_people_write_them():
    reading = read_paper(
        {**USUAL, "number": "١٢٣ / ٩٨ أ", "hours": "۲٤٠", "level": "ماهِر"}, levels=LEVELS, today=TODAY
    )

    assert (reading.number, reading.hours, reading.level) == ("123/98أ", 240, "skilled")
