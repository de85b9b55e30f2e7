"""The list of units of a supplement: under headings in both languages, on as many pages as it takes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from certificates.drawing.certificate_data import CertificateData, percent
from certificates.drawing.design import MUTED, Block, Box, Design, Side
from certificates.drawing.kinds.frames import lay_out_frame
from certificates.drawing.kinds.ornaments import second, toned, void
from certificates.drawing.kinds.painter import PagedPainter, Painter
from certificates.drawing.lines import at_largest_size
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
_MOST_PADDING = 6.0
# The mark of the end of a list, and the free space from which on it is crossed out.
_END, _LEAST_VOID = 8 * mm, 12 * mm
_END_ARABIC, _END_ENGLISH = "انتهى سجل الوحدات", "End of the record"
# The note that a list continues.
_NOTE = 8 * mm
# On a further page: what is free above for the running head, and below for the number of the page.
_HEAD, _FOOT = 32 * mm, 20 * mm
_HEAD_IN_BORDER, _FOOT_IN_BORDER = 42 * mm, 32 * mm


def lay_out_record(block: Block, design: Design, certificate: CertificateData) -> Painter | None:
    """The list in its box, and on further pages if it does not fit. None if there is nothing to list.

    A card has no further pages. Raises as `lay_out`.
    """
    rows = [_row(number, unit) for number, unit in enumerate(certificate.claims.get("units") or (), start=1)]
    if not rows:
        return None
    values = block.values

    def lay_out(size: float) -> tuple[Table, list[Table]]:
        columns = _columns(block.box.width, size, design)
        header = set_table(columns, [_HEADER], header_rows=1, padding=_PADDING)
        return header, _parts(columns, rows, block, design)

    header, parts = at_largest_size(values["size"], values["min_size"], lay_out)
    if values.get("fills") and len(parts) == 1:
        return _filled(block, design, rows)
    on_each = _repeated(design, certificate) if values.get("fills") else ()
    further = tuple(
        _further(block, design, certificate, header, parts[0], part, (number, len(parts)), on_each)
        for number, part in enumerate(parts[1:], start=2)
    )
    return PagedPainter(_first(block.box, parts[0], goes_on=bool(further)), further)


def _filled(block: Block, design: Design, rows: Sequence[Sequence[str]]) -> Painter:
    """A list that fits its box, with its rows spread and the free space under it crossed out, so that no unit can be added."""
    box, values = block.box, block.values

    def lay_out(padding: float) -> Table:
        return at_largest_size(
            values["size"],
            values["min_size"],
            lambda size: _fitting(
                set_table(
                    _columns(box.width, size, design), [_HEADER, *rows], header_rows=1, padding=padding
                ),
                box.height,
                size,
            ),
        )

    end = _end_mark(design)
    table = lay_out(_PADDING)
    # Each row is so much higher by two paddings: the largest that leaves room for the mark.
    free = (box.height - _END - table.height) / (2 * len(rows) + 2)
    if free > 0:
        table = lay_out(min(_PADDING + free, _MOST_PADDING))
    tint = toned(design.colors["accent"], 0.1)
    height = box.height - table.height - _END
    crossed = void(box.width, height, second(design)) if height >= _LEAST_VOID else None

    def paint(page: Page) -> None:
        head = -table.rules[1]
        page.canvas.setFillColorRGB(*tint)
        page.canvas.rect(box.left, box.top - head, box.width, head, stroke=0, fill=1)
        bottom = page.draw_table(table, box.left, box.top)
        if box.height - table.height < _END:
            return
        end(page, box, bottom)
        if crossed:
            page.place(crossed, box.left, box.bottom, width=crossed.width, height=crossed.height)

    return paint


def _fitting(table: Table, room: float, size: float) -> Table:
    if table.height > room:
        raise TextDoesNotFit(text="", needed=table.height, available=room, min_size=size)
    return table


def _end_mark(design: Design) -> Callable[[Page, Box, float], None]:
    """The mark of the end of a list."""
    arabic, english = (
        set_line(words, Style(SANS, 7, MUTED, direction=direction, whole_words=design.whole_words))
        for words, direction in ((_END_ARABIC, Direction.RTL), (_END_ENGLISH, Direction.LTR))
    )

    def paint(page: Page, box: Box, bottom: float) -> None:
        page.draw_line(arabic, box.right, bottom - 4.5 * mm, role=None)
        page.draw_line(english, box.left, bottom - 4.5 * mm, role=None)

    return paint


def _row(number: int, unit: Mapping[str, Any]) -> tuple[str, ...]:
    completed_on, score = unit["completed_on"], unit["score"]
    return (
        str(number),
        unit["title_ar"],
        unit["title_en"],
        date.fromisoformat(completed_on).isoformat() if completed_on else "–",
        percent(score) if score is not None else "–",
    )


def _columns(width: float, size: float, design: Design) -> list[Column]:
    ink, whole_words = design.colors["ink"], design.whole_words
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
            Style(SANS, size, ink, leading=1.45, direction=direction, whole_words=whole_words),
            align,
            is_header=place == 1,
            language=language,
        )
        for place, (share, (direction, align, language)) in enumerate(zip(_SHARES, looks, strict=True))
    ]


def _parts(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], block: Block, design: Design
) -> list[Table]:
    """The list as one table if it fits the box, else as one table for each page."""
    whole = set_table(columns, [_HEADER, *rows], header_rows=1, padding=_PADDING)
    room = block.box.height
    if whole.height <= room:
        return [whole]
    if block.side is not Side.PAGE:
        size = columns[0].style.size
        raise TextDoesNotFit(text=rows[-1][1], needed=whole.height, available=room, min_size=size)
    further = design.size(block.side)[1] - sum(_margins(block))
    return set_tables(columns, _HEADER, rows, first=room - _NOTE, further=further, padding=_PADDING)


def _margins(block: Block) -> tuple[float, float]:
    """The space above and below the list on a further page; more of it inside a border."""
    return (_HEAD_IN_BORDER, _FOOT_IN_BORDER) if block.values.get("fills") else (_HEAD, _FOOT)


def has_border(design: Design) -> bool:
    """Whether further pages have a border: that of the page, where its list spreads over its box."""
    fills = any(block.kind == "record" and block.values.get("fills") for block in design.blocks)
    return fills and any(
        block.kind == "frame" and block.values["style"] == "border" for block in design.on(Side.PAGE)
    )


def _repeated(design: Design, certificate: CertificateData) -> tuple[Painter, ...]:
    """Border and microtext of the first page, which every other one has, too."""
    frames = [
        block
        for block in design.on(Side.PAGE)
        if block.kind == "frame" and block.values["style"] in {"border", "microtext"}
    ]
    painters = (lay_out_frame(block, design, certificate) for block in frames)
    return tuple(painter for painter in painters if painter)


def _first(box: Box, table: Table, *, goes_on: bool) -> Painter:
    def paint(page: Page) -> None:
        bottom = page.draw_table(table, box.left, box.top)
        if goes_on:
            style = Style(SANS, 7.5, MUTED)
            # In one line, pdfium would copy the Arabic backwards.
            page.draw_line(set_line("يتبع في الصفحة التالية", style), box.right, bottom - 4 * mm, role=None)
            page.draw_line(
                set_line("Continued on the next page", style), box.left, bottom - 7 * mm, role=None
            )

    return paint


def _further(
    block: Block,
    design: Design,
    certificate: CertificateData,
    header: Table,
    first: Table,
    table: Table,
    place: tuple[int, int],
    on_each: Sequence[Painter],
) -> Painter:
    """A page with a running head, more rows of the `first` table, and its number of how many.

    Head and number are artifacts: screen readers skip them.
    """
    box, (width, height), values = block.box, design.size(block.side), block.values
    smallest = (6.0, 6.0) if values.get("fills") else (5.0, 4.0)
    name = without_harakat(str(certificate.claims.get("name_ar", "")))
    title = f"{design.wording.get('heading_ar', '')} – {name}"
    heading = fit_line(
        title, Style(NASKH_BOLD, 13, design.colors["accent"]), max_width=box.width, min_size=smallest[0]
    )
    number = fit_line(
        certificate.number,
        Style(SANS_BOLD, 9, design.colors["ink"]),
        max_width=box.width,
        min_size=smallest[1],
    )
    head, foot = _margins(block)
    pages = set_line(f"{place[0]} / {place[1]}", Style(SANS, 8, MUTED, direction=Direction.LTR))

    is_last = place[0] == place[1]
    end = _end_mark(design) if values.get("fills") and is_last else None

    def paint(page: Page) -> None:
        for ornament in on_each:
            ornament(page)
        page.draw_line(heading, box.right, height - head + 9 * mm, role=None)
        page.draw_line(number, box.left, height - head + 3 * mm, role=None)
        top = page.draw_table(header, box.left, height - head, is_repeated=True)
        bottom = page.draw_table(table, box.left, top, continues=first)
        page.draw_line(pages, width / 2, foot - 10 * mm, Align.CENTER, role=None)
        if end:
            end(page, box, bottom)

    return paint
