"""What a supplement lists: the units under headings in both languages, on as many pages as they take."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from certificates.drawing.design import MUTED, Block, Box, Color, Design, Side
from certificates.drawing.kinds.painter import PagedPainter, Painter
from certificates.drawing.lines import at_largest_size
from certificates.drawing.paper import Paper, percent
from typesetting import (
    NASKH_BOLD,
    SANS,
    SANS_BOLD,
    Align,
    Column,
    Direction,
    Page,
    Style,
    Table,
    TextDoesNotFit,
    fit_line,
    mm,
    set_line,
    set_table,
    set_tables,
    without_harakat,
)

_HEADER = ("م\nNo.", "الوحدة التدريبية", "Training unit", "أُتمت في\nCompleted", "الدرجة\nScore")
# Of the width of the box.
_SHARES = (0.07, 0.38, 0.30, 0.14, 0.11)
_PADDING = 2.5
# Under a list that goes on: what says so.
_NOTE = 8 * mm
# On a further page: what is free above for the running head, and below for the number of the page.
_HEAD, _FOOT = 32 * mm, 20 * mm


def lay_out_record(block: Block, design: Design, paper: Paper) -> Painter | None:
    """The list in its box, and what does not fit there on pages of its own. None where the paper lists nothing.

    A card has no further pages. Raises as `lay_out`.
    """
    rows = [_row(number, unit) for number, unit in enumerate(paper.facts.get("units") or (), start=1)]
    if not rows:
        return None
    values, ink = block.values, design.colors["ink"]

    def lay_out(size: float) -> tuple[Table, list[Table]]:
        columns = _columns(block.box.width, size, ink)
        header = set_table(columns, [_HEADER], header_rows=1, padding=_PADDING)
        return header, _parts(columns, rows, block, design)

    header, parts = at_largest_size(values["size"], values["min_size"], lay_out)
    further = tuple(
        _further(block, design, paper, header, parts[0], part, (number, len(parts)))
        for number, part in enumerate(parts[1:], start=2)
    )
    return PagedPainter(_first(block.box, parts[0], goes_on=bool(further)), further)


def _row(number: int, unit: Mapping[str, Any]) -> tuple[str, ...]:
    completed_on, score = unit["completed_on"], unit["score"]
    return (
        str(number),
        unit["title_ar"],
        unit["title_en"],
        date.fromisoformat(completed_on).isoformat() if completed_on else "–",
        percent(score) if score is not None else "–",
    )


def _columns(width: float, size: float, ink: Color) -> list[Column]:
    looks = (
        (None, Align.CENTER, None),
        (Direction.RTL, Align.START, None),
        (Direction.LTR, Align.END, "en"),
        (None, Align.CENTER, None),
        (None, Align.CENTER, None),
    )
    return [
        Column(
            share * width,
            Style(SANS, size, ink, leading=1.45, direction=direction),
            align,
            is_header=place == 1,
            language=language,
        )
        for place, (share, (direction, align, language)) in enumerate(zip(_SHARES, looks, strict=True))
    ]


def _parts(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], block: Block, design: Design
) -> list[Table]:
    """The list as one table where the box holds it, else as those of its pages."""
    whole = set_table(columns, [_HEADER, *rows], header_rows=1, padding=_PADDING)
    room = block.box.height
    if whole.height <= room:
        return [whole]
    if block.side is not Side.PAGE:
        size = columns[0].style.size
        raise TextDoesNotFit(text=rows[-1][1], needed=whole.height, available=room, min_size=size)
    further = design.size(block.side)[1] - _HEAD - _FOOT
    return set_tables(columns, _HEADER, rows, first=room - _NOTE, further=further, padding=_PADDING)


def _first(box: Box, table: Table, *, goes_on: bool) -> Painter:
    def paint(page: Page) -> None:
        bottom = page.draw_table(table, box.left, box.top)
        if goes_on:
            style = Style(SANS, 7.5, MUTED)
            # Beside one another, pdfium would copy the Arabic backwards.
            page.draw_line(set_line("يتبع في الصفحة التالية", style), box.right, bottom - 4 * mm, role=None)
            page.draw_line(
                set_line("Continued on the next page", style), box.left, bottom - 7 * mm, role=None
            )

    return paint


def _further(
    block: Block,
    design: Design,
    paper: Paper,
    header: Table,
    first: Table,
    table: Table,
    place: tuple[int, int],
) -> Painter:
    """A page with a running head, more rows of the `first` table, and its number of how many.

    Head and number are only for the eye.
    """
    box, (width, height) = block.box, design.size(block.side)
    name = without_harakat(str(paper.facts.get("name_ar", "")))
    title = f"{design.wording.get('heading_ar', '')} – {name}"
    heading = fit_line(title, Style(NASKH_BOLD, 13, design.colors["accent"]), max_width=box.width, min_size=5)
    number = fit_line(
        paper.number, Style(SANS_BOLD, 9, design.colors["ink"]), max_width=box.width, min_size=4
    )
    pages = set_line(f"{place[0]} / {place[1]}", Style(SANS, 8, MUTED, direction=Direction.LTR))

    def paint(page: Page) -> None:
        page.draw_line(heading, box.right, height - _HEAD + 9 * mm, role=None)
        page.draw_line(number, box.left, height - _HEAD + 3 * mm, role=None)
        top = page.draw_table(header, box.left, height - _HEAD, is_repeated=True)
        page.draw_table(table, box.left, top, continues=first)
        page.draw_line(pages, width / 2, _FOOT / 2, Align.CENTER, role=None)

    return paint
