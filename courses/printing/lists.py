"""Lists on A4: a heading, facts, a grid of lines, and on attendance sheets the code of the session."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from typesetting import (
    A4,
    A4_LANDSCAPE,
    SANS,
    SANS_BOLD,
    SANS_MEDIUM,
    Align,
    Column,
    Direction,
    Document,
    Line,
    Page,
    Role,
    Style,
    Table,
    Typeface,
    fit_line,
    fit_paragraph,
    mm,
    set_line,
    set_table,
    set_tables,
)

MARGIN, FOOT = 12 * mm, 16 * mm
QR = 24 * mm
SMALLEST = 6
_MUTED = (0.35, 0.35, 0.35)
_RULE = (0.45, 0.45, 0.45)


@dataclass(frozen=True)
class PrintedColumn:
    """A column by its share of the width; 0 is as wide as a number."""

    title: str
    share: float = 1
    is_code: bool = False


@dataclass(frozen=True)
class Stamp:
    """What a sheet is found by again: a short code, and the address that the QR code leads to."""

    code: str
    address: str
    label: str


@dataclass(frozen=True)
class PrintedList:
    """A list to print. `facts` are lines under the title; `note` is printed under the last line.

    Rows are as high as a hand writes where the list `is_written_on`.
    """

    title: str
    authority: str
    facts: Sequence[str]
    columns: Sequence[PrintedColumn]
    rows: Sequence[Sequence[str]]
    foot: str
    language: str
    note: str = ""
    stamp: Stamp | None = None
    is_landscape: bool = False
    is_written_on: bool = False

    @property
    def direction(self) -> Direction:
        return Direction.RTL if self.language == "ar" else Direction.LTR


def draw_list(printed: PrintedList) -> bytes:
    """The PDF. Raises typesetting.TextDoesNotFit or typesetting.MissingGlyph."""
    size = A4_LANDSCAPE if printed.is_landscape else A4
    # Pages face each other as in English, whatever the language: codes are copied in their order (ADR 6).
    document = Document(
        title=printed.title, language=printed.language, direction=Direction.LTR, author=printed.authority
    )
    width, height = size
    columns = _columns(printed, width - 2 * MARGIN)
    header = [column.title for column in printed.columns]
    top = height - MARGIN - _heading_height(printed, width)
    further = height - MARGIN
    look: dict[str, Any] = {
        "direction": printed.direction,
        "rule_color": _RULE,
        "padding": 6.5 if printed.is_written_on else 4,
    }
    rows = printed.rows or [[""] * len(header)]
    parts = set_tables(columns, header, rows, first=top - FOOT, further=further - FOOT, **look)
    for number, part in enumerate(parts, 1):
        page = document.new_page(size)
        start = top if number == 1 else further
        if number == 1:
            _draw_heading(page, printed)
        else:
            repeated = set_table(columns, [header], header_rows=1, **look)
            page.draw_table(repeated, MARGIN, start, is_repeated=True)
            _draw_grid(page, columns, repeated, start, printed.direction)
            start -= repeated.height
        bottom = page.draw_table(part, MARGIN, start, continues=parts[0] if number > 1 else None)
        _draw_grid(page, columns, part, start, printed.direction)
        if number == len(parts) and printed.note:
            _draw_note(page, printed, bottom)
        _draw_foot(page, printed, number, len(parts))
    return document.finish()


def _style(
    printed: PrintedList, typeface: Typeface, size: float, color: tuple[float, float, float] = (0, 0, 0)
) -> Style:
    return Style(typeface, size, color, leading=1.4, direction=printed.direction, whole_words=True)


def _columns(printed: PrintedList, width: float) -> list[Column]:
    narrow = 9 * mm
    shares = sum(column.share for column in printed.columns)
    free = width - narrow * sum(not column.share for column in printed.columns)
    # Each line of a heading has its own direction: a code that begins with digits would turn round in one from right to left.
    label = replace(_style(printed, SANS_BOLD, 8.5), direction=None)
    text = _style(printed, SANS_MEDIUM, 9.5)
    code = Style(SANS, 9, leading=1.4, direction=Direction.LTR)
    return [
        Column(
            width=free * column.share / shares if column.share else narrow,
            style=code if column.is_code else text,
            is_header=number == 1,
            header=label,
        )
        for number, column in enumerate(printed.columns)
    ]


def _heading_height(printed: PrintedList, width: float) -> float:
    facts = sum(len(lines) for lines in _facts(printed, width)) * 9.5 * 1.4
    return max(15 * mm + facts + 3 * mm, QR + 10 * mm if printed.stamp else 0)


def _facts(printed: PrintedList, width: float) -> list[list[Line]]:
    room = width - 2 * MARGIN - (QR + 8 * mm if printed.stamp else 0)
    style = _style(printed, SANS, 9.5)
    return [
        fit_paragraph(fact, style, width=room, height=30 * mm, min_size=SMALLEST) for fact in printed.facts
    ]


def _draw_heading(page: Page, printed: PrintedList) -> None:
    is_rtl = printed.direction is Direction.RTL
    room = page.width - 2 * MARGIN - (QR + 8 * mm if printed.stamp else 0)
    left = page.width - MARGIN - room if is_rtl else MARGIN
    start = page.width - MARGIN if is_rtl else MARGIN
    top = page.height - MARGIN
    authority = fit_line(
        printed.authority, _style(printed, SANS, 8.5, _MUTED), max_width=room, min_size=SMALLEST
    )
    page.draw_line(authority, start, top - 3 * mm)
    title = fit_line(printed.title, _style(printed, SANS_BOLD, 16), max_width=room, min_size=8)
    page.draw_line(title, start, top - 10.5 * mm, role=Role.H1)
    below = top - 13 * mm
    for lines in _facts(printed, page.width):
        below = page.draw_lines(lines, left, below, width=room, direction=printed.direction)
    if printed.stamp:
        _draw_stamp(page, printed.stamp, MARGIN if is_rtl else page.width - MARGIN - QR)


def _draw_stamp(page: Page, stamp: Stamp, left: float) -> None:
    top = page.height - MARGIN
    page.draw_qr(stamp.address, left, top - QR, size=QR, alt=stamp.label, quiet_zone=2)
    code = set_line(stamp.code, Style(SANS_BOLD, 11, direction=Direction.LTR))
    page.draw_line(code, left + QR / 2, top - QR - 4 * mm, Align.CENTER, language="en")


def _draw_grid(page: Page, columns: Sequence[Column], table: Table, top: float, direction: Direction) -> None:
    """The upright lines between the columns: boxes to write into."""
    edges = [0.0, *accumulate(column.width for column in columns)]
    page.canvas.setStrokeColorRGB(*_RULE)
    page.canvas.setLineWidth(0.5)
    for edge in edges:
        x = MARGIN + (table.width - edge if direction is Direction.RTL else edge)
        page.canvas.line(x, top, x, top - table.height)


def _draw_note(page: Page, printed: PrintedList, bottom: float) -> None:
    width = page.width - 2 * MARGIN
    room = bottom - FOOT + 4 * mm
    if room < 5 * mm:
        return
    style = _style(printed, SANS, 8.5, _MUTED)
    lines = fit_paragraph(printed.note, style, width=width, height=room, min_size=SMALLEST)
    page.draw_lines(lines, MARGIN, bottom - 2 * mm, width=width, direction=printed.direction)


def _draw_foot(page: Page, printed: PrintedList, number: int, pages: int) -> None:
    is_rtl = printed.direction is Direction.RTL
    start, end = (page.width - MARGIN, MARGIN) if is_rtl else (MARGIN, page.width - MARGIN)
    style = _style(printed, SANS, 7.5, _MUTED)
    foot = fit_line(printed.foot, style, max_width=page.width - 2 * MARGIN - 25 * mm, min_size=5)
    page.draw_line(foot, start, 8 * mm, role=None)
    page.draw_line(
        set_line(f"{number} / {pages}", Style(SANS, 7.5, _MUTED, direction=Direction.LTR)),
        end + (10 * mm if is_rtl else -10 * mm),
        8 * mm,
        Align.CENTER,
        role=None,
    )
