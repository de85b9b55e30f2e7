"""Writes questions as the rows of a table, as `table` reads them. Independent of Django.

A text that a spreadsheet program would take for a formula has an apostrophe before it. A table has no place for pictures.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessment.exchange.cloze import write_gap
from assessment.exchange.item import ENGLISH, LANGUAGES, Item, Unwritable, UnwritableCode, UnwritableQuestion
from assessment.exchange.table import GUARDED, read_rows
from assessment.exchange.table_columns import (
    KINDS,
    MOST_OPTIONS,
    NO,
    NUMBERED,
    SINGLE,
    SPOKEN,
    YES,
    Column,
    heading_of,
    word_in,
)
from assessment.exchange.texts import language_of
from assessment.exchange.writing import percent, written_items
from assessment.marking.choice import even_weights

_FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")

_KIND: Column = ("kind", 0, "")

# What is written in cells; the kind as it is called in code.
type Cells = dict[Column, str]


@dataclass(frozen=True, slots=True)
class WrittenRows:
    """The rows of a table, headings first, and the items that are not in it."""

    rows: tuple[tuple[str, ...], ...]
    unwritable: tuple[Unwritable, ...] = ()


def write_rows(items: Iterable[Item], *, reader: str = ENGLISH) -> WrittenRows:
    """A table of the items, with the columns that they need. Headings and kinds are in the language of `reader`; the table is read the same."""
    parts, unwritable = written_items(
        items, _cells, lambda cells: read_rows(enumerate(_rows([cells], reader), start=1))
    )
    return WrittenRows(tuple(_rows([cells for _item, cells in parts], reader)), unwritable)


def _rows(lines: Sequence[Cells], reader: str) -> list[tuple[str, ...]]:
    used = {("kind", 0, ""), ("question", 0, LANGUAGES[0]), *(column for cells in lines for column in cells)}
    columns = [column for column in _every_column() if column in used]
    return [
        tuple(heading_of(column, reader) for column in columns),
        *(tuple(_guarded(_said(column, cells, reader)) for column in columns) for cells in lines),
    ]


def _said(column: Column, cells: Cells, reader: str) -> str:
    said = cells.get(column, "")
    if column[0] == "kind" and said:
        return word_in(KINDS[said], reader)
    if column[0] in {"unit_asked", "exact"} and said:
        return word_in({"yes": YES, "no": NO}[said], reader)
    is_statement = column[0] == "answer" and cells[_KIND] == "true_false"
    return word_in({"true": YES, "false": NO}[said], reader) if is_statement and said else said


def _every_column() -> list[Column]:
    first = [(name, 0, language) for name in ("question",) for language in LANGUAGES]
    numbered = [
        (name, number, language)
        for number in range(1, MOST_OPTIONS + 1)
        for name in NUMBERED
        for language in LANGUAGES
    ]
    spoken = [(name, 0, language) for name in SPOKEN if name != "question" for language in LANGUAGES]
    others = [(name, 0, "") for name in SINGLE if name != "kind"]
    return [("kind", 0, ""), *first, *numbered, *others, *spoken]


def _guarded(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) or GUARDED.match(text) else text


def _cells(item: Item) -> Cells:
    if item.kind not in _WRITERS:
        raise UnwritableQuestion(UnwritableCode.KIND, item.kind)
    cells: Cells = {_KIND: item.kind}
    for language, text in item.text.items():
        cells["question", 0, language] = text
    for language, text in item.explanation.items():
        cells["explanation", 0, language] = text
    cells |= {
        (name, 0, ""): said
        for name, said in {
            "title": item.title,
            "points": str(item.points),
            "difficulty": str(item.difficulty or ""),
            "tags": "; ".join(item.tags),
            "category": item.category,
            "id": item.name,
        }.items()
        if said
    }
    _WRITERS[item.kind](item, cells)
    return cells


def _options(texts: Sequence[Mapping[str, str]], name: str, cells: Cells) -> None:
    if len(texts) > MOST_OPTIONS:
        raise UnwritableQuestion(UnwritableCode.TOO_MANY, str(len(texts)))
    for number, text in enumerate(texts, start=1):
        for language, said in text.items():
            cells[name, number, language] = said


def _shares(shares: Mapping[str, str]) -> str:
    return "; ".join(one if share == "1" else f"{one}={percent(share)}%" for one, share in shares.items())


def _choice(item: Item, cells: Cells) -> None:
    options, weights = item.content["options"], item.key["weights"]
    _options([one["text"] for one in options], "option", cells)
    if item.kind == "multiple":
        right = [one for one, share in weights.items() if Fraction(share) > 0]
        wrong = [one["id"] for one in options if one["id"] not in right]
        if even_weights(right, wrong, takes_one=False) == weights:
            weights = dict.fromkeys(right, "1")
    # A table names an option by its column.
    shares = {str(column): weights.get(one["id"]) for column, one in enumerate(options, start=1)}
    cells["answer", 0, ""] = _shares({column: share for column, share in shares.items() if share})


def _true_false(item: Item, cells: Cells) -> None:
    if list(item.key["weights"].values()) != ["1"]:
        raise UnwritableQuestion(UnwritableCode.SHARE)
    cells["answer", 0, ""] = next(iter(item.key["weights"]))


def _numeric(item: Item, cells: Cells) -> None:
    key = item.key
    cells["answer", 0, ""] = "; ".join(
        f"{one['value']} ± {one['tolerance']}{f' = {percent(one["share"])}%' if 'share' in one else ''}"
        for one in key["answers"]
    )
    if key["units"]:
        cells["units", 0, ""] = "; ".join(f"{name}={factor}" for name, factor in key["units"].items())
        cells["unit_asked", 0, ""] = "yes" if item.content["unit"]["is_asked"] else "no"
    if key.get("variables"):
        cells["variables", 0, ""] = "; ".join(
            f"{one['name']}={one['low']}..{one['high']}/{one['step']}" for one in key["variables"]
        )


def _short_text(item: Item, cells: Cells) -> None:
    accepted = item.key["accepted"]
    _options([{language_of(one["text"]): one["text"]} for one in accepted], "option", cells)
    shares = {str(number): one["share"] for number, one in enumerate(accepted, start=1) if "share" in one}
    if shares:
        cells["answer", 0, ""] = _shares(shares)
    if item.key["is_exact"]:
        cells["exact", 0, ""] = "yes"


def _matching(item: Item, cells: Cells) -> None:
    pairs = item.key["pairs"]
    choices: dict[str, Any] = {one["id"]: one["text"] for one in item.content["choices"]}
    _options([one["text"] for one in item.content["stems"]], "option", cells)
    right = [choices[pairs[one["id"]]] for one in item.content["stems"]]
    _options([*right, *(text for id_, text in choices.items() if id_ not in pairs.values())], "match", cells)


def _ordering(item: Item, cells: Cells) -> None:
    texts = {one["id"]: one["text"] for one in item.content["items"]}
    _options([texts[one] for one in item.key["order"]], "option", cells)
    cells["answer", 0, ""] = item.key["credit"]


def _fill_in(item: Item, cells: Cells) -> None:
    languages = tuple(item.text)
    for language, text in item.text.items():
        said = text.replace("&", "&amp;").replace("<", "&lt;").replace("{", "&lbrace;")
        for gap in item.content["gaps"] if language == languages[0] else ():
            kept = item.key["gaps"][gap["id"]]
            place = f"[[{gap['id']}]]"
            if said.count(place) != 1:
                raise UnwritableQuestion(UnwritableCode.NOT_HELD, place)
            said = said.replace(place, write_gap(gap, kept["key"], kept["points"], languages))
        cells["question", 0, language] = said


def _essay(_item: Item, _cells: Cells) -> None:
    """It has no answer."""


def _files(item: Item, cells: Cells) -> None:
    cells["answer", 0, ""] = str(item.content["most"])


_WRITERS: Mapping[str, Callable[[Item, Cells], None]] = {
    "single": _choice,
    "multiple": _choice,
    "true_false": _true_false,
    "numeric": _numeric,
    "short_text": _short_text,
    "matching": _matching,
    "ordering": _ordering,
    "fill_in": _fill_in,
    "essay": _essay,
    "files": _files,
}
