"""The certifying sentence in each language, with claims under it: Arabic on the right, English on the left.

A column is read from its first word to its last before the other one begins. Both have the same lines: the name begins
at one height in both, however many lines it takes above.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any

from certificates.drawing.certificate_data import FACTS, CertificateData
from certificates.drawing.design import MUTED, Block, Box, Color, Design
from certificates.drawing.kinds.painter import Painter
from typesetting import (
    NASKH_BOLD,
    SANS,
    SANS_BOLD,
    Direction,
    Line,
    Page,
    Role,
    Style,
    TextDoesNotFit,
    Typeface,
    base_direction,
    fit_paragraph,
    fit_two_lines,
    lines_height,
    mm,
    without_harakat,
)

# Words that a name never ends a line with.
BOUND = frozenset(
    [
        "عبد",
        "أبو",
        "ابو",
        "أبي",
        "بن",
        "ابن",
        "بنت",
        "أم",
        "ام",
        "آل",
        "ذو",
        "Abd",
        "Abdel",
        "Abou",
        "Abu",
        "Abo",
        "Al",
        "El",
        "Bin",
        "Ibn",
        "Umm",
        "Om",
        "ʿAbd",
        "Āl",
    ]
)
_NOTHING_BOUND: frozenset[str] = frozenset()
# English letters look larger than Arabic ones of the same size: their share of it.
_LATIN = {"opening": 0.86, "name": 0.62, "deed": 0.86, "program": 0.66, "row": 0.94}
# The share of its size to which a text may shrink; labels and values have the smallest size of the block.
_LEAST = {"opening": 0.7, "name": 0.5, "deed": 0.7, "program": 0.5}
# Space above each part, in sizes of the opening; it shrinks before any letter does.
_ABOVE = {"opening": 0.0, "name": 0.25, "deed": 0.45, "program": 0.25, "row": 0.12}
_BEFORE_ROWS = 0.9
_TIGHTEST, _WIDEST = 0.3, 1.7
_SCALE_STEP = 0.04
_BETWEEN = 3 * mm
# Never replaced by the text of the other language.
_WORDING = {"opening", "deed"}


@dataclass(frozen=True)
class _Text:
    """Lines of one element, so far from the start of the column, in a width of their own."""

    lines: Sequence[Line]
    inset: float
    width: float
    role: Role
    language: str

    @cached_property
    def rise(self) -> float:
        """From its top to its first base line."""
        first = self.lines[0]
        return (first.style.size * first.style.leading + first.ascent + first.descent) / 2


@dataclass(frozen=True)
class _Row:
    """What has one height in both columns."""

    above: float
    texts: Mapping[str, Sequence[_Text]]

    @cached_property
    def rise(self) -> float:
        return max(text.rise for texts in self.texts.values() for text in texts)

    @cached_property
    def height(self) -> float:
        return max(
            self.rise - text.rise + lines_height(list(text.lines))
            for texts in self.texts.values()
            for text in texts
        )


def lay_out_sentence(block: Block, design: Design, certificate: CertificateData) -> Painter:
    """At the sizes of the block, or all of it as much smaller as its box needs.

    A text missing in one language is replaced by that of the other; one missing in both is left out. Raises as `lay_out`.
    """
    setting = _Setting(block, design, certificate)
    for step in count():
        rows = setting.rows(1 - step * _SCALE_STEP)
        tight = sum(row.height + row.above * _TIGHTEST for row in rows)
        if tight <= block.box.height:
            return _painter(rows, block.box, setting.width)
        if setting.is_smallest(1 - step * _SCALE_STEP):
            raise TextDoesNotFit(
                text=setting.text("name", "ar"),
                needed=tight,
                available=block.box.height,
                min_size=block.values["min_size"],
            )
    raise AssertionError


class _Setting:
    """The texts of a certificate in the columns of a block."""

    def __init__(self, block: Block, design: Design, certificate: CertificateData) -> None:
        self._values, self._design, self._certificate = block.values, design, certificate
        self._gap = block.values["gap"] * mm
        self.width = (block.box.width - self._gap) / 2

    def is_smallest(self, scale: float) -> bool:
        """Whether the next step would make claims smaller than allowed."""
        return (scale - _SCALE_STEP) * self._values["size"] < self._values["min_size"]

    def text(self, name: str, language: str) -> str:
        words = self._said(name, language)
        if not words and name not in _WORDING:
            words = self._said(name, "en" if language == "ar" else "ar")
        return without_harakat(words) if name == "name" else words

    def _said(self, name: str, language: str) -> str:
        fact = FACTS.get(f"{name}_{language}") or FACTS[name]
        return fact.value(self._certificate)

    def rows(self, scale: float) -> list[_Row]:
        values = self._values
        looks = (
            ("opening", values["text_size"], SANS, SANS, "muted", Role.P, _NOTHING_BOUND),
            ("name", values["name_size"], NASKH_BOLD, SANS_BOLD, "ink", Role.H2, BOUND),
            ("deed", values["text_size"], SANS, SANS, "muted", Role.P, _NOTHING_BOUND),
            ("program", values["program_size"], NASKH_BOLD, SANS_BOLD, "accent", Role.P, _NOTHING_BOUND),
        )
        unit = values["text_size"] * scale
        rows: list[_Row] = []
        for name, size, arabic, latin, color, role, bound in looks:
            texts = {
                language: self._part(name, language, size * scale, typeface, color, role, bound)
                for language, typeface in (("ar", arabic), ("en", latin))
                if self.text(name, language)
            }
            if texts:
                rows.append(_Row(_ABOVE[name] * unit if rows else 0, texts))
        rows += self._facts(scale, unit)
        return rows

    def _part(
        self,
        name: str,
        language: str,
        size: float,
        typeface: Typeface,
        color: str,
        role: Role,
        bound: frozenset[str],
    ) -> list[_Text]:
        words = self.text(name, language)
        is_latin = base_direction(words, default=_direction_of(language)) is Direction.LTR
        if language == "en" and not is_latin:
            # The name of somebody without one in Latin letters.
            typeface, size = NASKH_BOLD, size * 1.1
        full = size * (_LATIN[name] if language == "en" else 1)
        style = self._style(
            typeface, full, self._design.colors[color], Direction.LTR if is_latin else Direction.RTL
        )
        least = max(full * _LEAST[name], self._values["min_size"])
        lines = fit_two_lines(words, style, width=self.width, min_size=min(least, full), bound=bound)
        # The English name is no heading of its own: the person has one.
        told = role if language == "ar" else Role.P
        return [_Text(lines, 0, self.width, told, "en" if is_latin else "ar")]

    def _facts(self, scale: float, unit: float) -> list[_Row]:
        rows: list[_Row] = []
        for row in self._values["rows"]:
            if not (self.text(row["fact"], "ar") or self.text(row["fact"], "en")):
                continue
            texts = {
                language: self._fact(row[f"label_{language}"], row["fact"], language, scale)
                for language in ("ar", "en")
            }
            above = _ABOVE["row"] if rows else _BEFORE_ROWS
            rows.append(_Row(above * unit, texts))
        return rows

    def _fact(self, label: str, name: str, language: str, scale: float) -> list[_Text]:
        values, own = self._values, _direction_of(language)
        least = values["min_size"]
        size = max(values["size"] * scale * (_LATIN["row"] if language == "en" else 1), least)
        fact = FACTS.get(f"{name}_{language}") or FACTS[name]
        words = self.text(name, language)
        reading = base_direction(words, default=own) if fact.language else Direction.LTR
        label_width = values["label_width"] * mm
        rest = self.width - label_width - _BETWEEN
        label_style = self._style(SANS, max(size - 0.5, least), MUTED, own)
        value_style = self._style(SANS_BOLD, size, self._design.colors["ink"], reading)
        spoken = (
            language if reading is own else ("en" if fact.language and reading is Direction.LTR else "ar")
        )
        return [
            _Text(
                fit_two_lines(label, label_style, width=label_width, min_size=least),
                0, label_width, Role.P, language,
            ),
            _Text(
                _as_many_lines(words, value_style, rest, least),
                label_width + _BETWEEN, rest, Role.P, spoken,
            ),
        ]  # fmt: skip

    def _style(self, typeface: Typeface, size: float, color: Color, direction: Direction) -> Style:
        leading = 1.36 if typeface is NASKH_BOLD else 1.3
        return Style(
            typeface,
            size,
            color,
            leading=leading,
            direction=direction,
            whole_words=self._design.whole_words,
        )


def _as_many_lines(text: str, style: Style, width: float, least: float) -> list[Line]:
    """On one line, two even ones or more; smaller only where a word is wider than the column."""
    try:
        return fit_two_lines(text, style, width=width, min_size=style.size)
    except TextDoesNotFit:
        return fit_paragraph(text, style, width=width, height=math.inf, min_size=least)


def _painter(rows: Sequence[_Row], box: Box, width: float) -> Painter:
    heights = sum(row.height for row in rows)
    gaps = sum(row.above for row in rows)
    stretch = min((box.height - heights) / gaps, _WIDEST) if gaps else 1
    # What is still free goes above and below, more of it below.
    top = box.top - (box.height - heights - gaps * stretch) * 0.35
    tops = []
    for row in rows:
        top -= row.above * stretch
        tops.append(top)
        top -= row.height

    def paint(page: Page) -> None:
        for language in ("ar", "en"):
            for row, row_top in zip(rows, tops, strict=True):
                for text in row.texts.get(language, ()):
                    _draw(page, text, row_top - row.rise + text.rise, language, box, width)

    return paint


def _draw(page: Page, text: _Text, top: float, language: str, box: Box, width: float) -> None:
    left = box.right - text.inset - text.width if language == "ar" else box.left + text.inset
    page.draw_lines(
        text.lines,
        left,
        top,
        width=text.width,
        direction=_direction_of(language),
        role=text.role,
        language="en" if text.language == "en" else None,
        has_actual_text=True,
    )


def says(values: Mapping[str, Any]) -> set[str]:
    """The claims that a block with these values prints."""
    named = {"opening", "name", "deed", "program", *(row["fact"] for row in values.get("rows", ()))}
    return {fact for name in named for fact in (f"{name}_ar", f"{name}_en", name) if fact in FACTS}


def _direction_of(language: str) -> Direction:
    return Direction.RTL if language == "ar" else Direction.LTR
