"""Sentences about files of questions: whatever the marking refuses has words in the language of the reader."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

from assessment.exchange.item import FaultCode, Item
from assessment.exchange.table import read_rows
from assessment.exchange.table_writer import write_rows
from assessment.exchange_words import MARKING_FAULTS, detail_in_words

ROOT = Path(__file__).resolve().parents[2]


def refusals() -> Iterator[str]:
    """What `InvalidQuestion` is raised with, where it is one text."""
    for path in sorted((ROOT / "assessment" / "marking").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "InvalidQuestion":
                continue
            if isinstance(node.args[0], ast.Constant):
                yield node.args[0].value


def test_each_refusal_of_the_marking_has_a_sentence() -> None:
    assert set(refusals()) <= MARKING_FAULTS.keys()


@pytest.mark.parametrize("detail", [*MARKING_FAULTS, "'x' is no share"])
def test_no_english_sentence_is_left_in_arabic(detail: str) -> None:
    with override("ar"):
        said = detail_in_words(FaultCode.UNMARKABLE, detail)

    assert said == "x" or not any("a" <= letter <= "z" for letter in said)


def test_a_table_has_headings_in_the_language_of_its_reader_and_is_read_the_same() -> None:
    item = Item(
        "true_false",
        {"ar": "يُقطع التيار أولًا."},
        {"options": [{"id": "true", "text": {"ar": "صواب"}}, {"id": "false", "text": {"ar": "خطأ"}}]},
        {"weights": {"false": "1"}},
    )

    arabic, english = write_rows([item], reader="ar"), write_rows([item])

    assert not any("a" <= letter <= "z" for row in arabic.rows for cell in row for letter in cell)
    assert (arabic.rows[1][0], english.rows[1][0]) == ("صواب/خطأ", "true/false")
    read = [read_rows(enumerate(table.rows, start=1)).items for table in (arabic, english)]
    assert read[0] == read[1]
    assert len(read[0]) == 1
