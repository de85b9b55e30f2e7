"""Tables of questions as people fill them in."""

import csv
import datetime as dt
from pathlib import Path

from openpyxl import Workbook

from assessment.exchange import table, table_writer
from assessment.exchange.item import FaultCode, Item, UnsupportedCode
from courses.imports.tables import open_rows

HEADINGS = [
    "النوع",
    "السؤال",
    "السؤال بالإنجليزية",
    "الإجابة",
    "الاختيار ١",
    "الاختيار ٢",
    "الاختيار ٢ بالإنجليزية",
    "الدرجة",
    "الوسوم",
]
ROWS = [
    ["اختيار من متعدد", "ما هذا؟", "What is it?", 2, "قاطع", "مصهر", "A fuse", "٢", "كهرباء، لوحات"],
    [],
    ["صح أو خطأ", "التيار يمر.", None, True],
    ["رقم", "كم؟", None, "٣٫١٤ ± ٠٫٠١"],
    ["كلمة", "ما الوحدة؟", None, "أمبير|أمبيرات"],
    ["hotspot", "أين؟"],
    ["رسم", "ارسم"],
    ["رقم", "كم؟", None, dt.date(2026, 1, 2)],
]


def _check(reading: table.Reading) -> None:
    single, statement, number, word = reading.items
    assert single.text == {"ar": "ما هذا؟", "en": "What is it?"}
    assert single.content["options"][1]["text"] == {"ar": "مصهر", "en": "A fuse"}
    assert (single.key["weights"], single.points, single.tags) == ({"2": "1"}, 2, ("كهرباء", "لوحات"))
    assert statement.key == {"weights": {"true": "1"}}
    assert number.key["answers"] == [{"value": "3.14", "tolerance": "0.01"}]
    assert [one["text"] for one in word.key["accepted"]] == ["أمبير", "أمبيرات"]
    assert [(one.line, one.type, one.code) for one in reading.unsupported] == [
        (7, "hotspot", UnsupportedCode.TYPE)
    ]
    assert [(one.line, one.code) for one in reading.faults] == [
        (8, FaultCode.KIND_UNKNOWN),
        (9, FaultCode.NUMBER),
    ]


def test_a_workbook_is_read_line_by_line(tmp_path: Path):
    book = Workbook()
    for row in [HEADINGS, *ROWS]:
        book.active.append(row)
    book.save(tmp_path / "questions.xlsx")

    with open_rows(tmp_path / "questions.xlsx") as rows:
        reading = table.read_rows(rows)

    _check(reading)


def test_a_csv_file_is_read_line_by_line(tmp_path: Path):
    path = tmp_path / "questions.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *ROWS])

    with open_rows(path) as rows:
        reading = table.read_rows(rows)

    _check(reading)


def test_no_cell_that_is_written_is_a_formula():
    options = [
        {"id": "2", "text": {"en": "=2+3"}},
        {"id": "3", "text": {"en": "@cmd"}},
        {"id": "1", "text": {"en": "'=x"}},
    ]
    item = Item("single", {"en": "-1 + 2"}, {"options": options}, {"weights": {"2": "1"}})

    written = table_writer.write_rows([item])

    assert [cell for row in written.rows for cell in row if cell.lstrip()[:1] in {*"=+-@"}] == []
    assert table.read_rows(enumerate(written.rows, start=1)).items == [item]
