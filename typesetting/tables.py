"""Plain tables: rows of wrapped text between rules. All measures are points."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .bidi import Direction
from .errors import TextDoesNotFit
from .layout import Align, Color, Line, Style, lines_height, wrap


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table; the first one is at the start side of its direction.

    `header` is the style of its cells in the header rows where that is another one.
    One that `is_header` says what the other cells of each row are, as a label does. `language` (RFC 5646) is that of its
    texts where it is another than the document's.
    """

    width: float
    style: Style
    align: Align = Align.START
    is_header: bool = False
    language: str | None = None
    header: Style | None = None

    def style_of(self, *, is_header_row: bool) -> Style:
        return (self.header if is_header_row else None) or self.style


@dataclass(frozen=True, slots=True)
class Cell:
    """The lines of a cell and their box, measured from the table's left top corner; y grows upward.

    `row` counts from 0; `scope` is that of a header cell: Row or Column.
    """

    row: int
    scope: str | None
    lines: tuple[Line, ...]
    left: float
    top: float
    width: float
    align: Align
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Cells in reading order, and where the rule lines are from the top; y grows upward."""

    cells: tuple[Cell, ...]
    width: float
    height: float
    rules: tuple[float, ...]
    rule_color: Color
    direction: Direction


def set_table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    direction: Direction = Direction.RTL,
    header_rows: int = 0,
    padding: float = 4,
    rule_color: Color = (0.8, 0.8, 0.8),
) -> Table:
    """The table with every cell wrapped in its column and every row as high as its highest cell.

    The first `header_rows` say what the cells under them are. A list of labels and values is a table of two columns,
    the first of which is a header. Raises TextDoesNotFit for a word wider than its column,
    MissingGlyph, and ValueError for a row with another number of cells than there are columns.
    """
    width = sum(column.width for column in columns)
    cells: list[Cell] = []
    top = 0.0
    rules = [top]
    for number, row in enumerate(rows):
        wrapped = [
            wrap(
                text,
                column.style_of(is_header_row=number < header_rows),
                width=column.width - 2 * padding,
            )
            for column, text in zip(columns, row, strict=True)
        ]
        start = 0.0
        for column, lines in zip(columns, wrapped, strict=True):
            left = start if direction is Direction.LTR else width - start - column.width
            cells.append(
                Cell(
                    row=number,
                    scope=_scope(column, is_header_row=number < header_rows),
                    lines=tuple(lines),
                    left=left + padding,
                    top=top - padding,
                    width=column.width - 2 * padding,
                    align=column.align,
                    language=column.language,
                )
            )
            start += column.width
        top -= max((lines_height(lines) for lines in wrapped), default=0) + 2 * padding
        rules.append(top)
    return Table(
        cells=tuple(cells),
        width=width,
        height=-top,
        rules=tuple(rules),
        rule_color=rule_color,
        direction=direction,
    )


def set_tables(
    columns: Sequence[Column],
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    first: float,
    further: float,
    **look: Any,
) -> list[Table]:
    """A long table in parts, one for each page: `first` points are free on the first page, `further` on each other.

    The first part has the header and a row. The others leave room for it, so that it can be drawn above them again
    (`Page.draw_table(is_repeated=True)`). `look` is as for `set_table`. Raises TextDoesNotFit for a row higher than a page,
    and for a first page too low for the header and a row, too.
    """
    whole = set_table(columns, [header, *rows], header_rows=1, **look)
    header_height, *heights = (above - below for above, below in pairwise(whole.rules))
    smallest = min(column.style.size for column in columns)
    beginning = header_height + sum(heights[:1])
    if beginning > first:
        text = " ".join(rows[0] if rows else header)
        raise TextDoesNotFit(text=text, needed=beginning, available=first, min_size=smallest)
    pages: list[list[Sequence[str]]] = [[header]]
    room = first - header_height
    for row, height in zip(rows, heights, strict=True):
        if height > room:
            pages.append([])
            room = further - header_height
        if height > room:
            raise TextDoesNotFit(text=" ".join(row), needed=height, available=room, min_size=smallest)
        pages[-1].append(row)
        room -= height
    return [set_table(columns, page, header_rows=not number, **look) for number, page in enumerate(pages)]


def _scope(column: Column, *, is_header_row: bool) -> str | None:
    if is_header_row:
        return "Column"
    return "Row" if column.is_header else None
