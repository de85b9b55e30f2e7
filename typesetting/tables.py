"""Plain tables: rows of wrapped text between rules. All measures are points."""

from collections.abc import Sequence
from dataclasses import dataclass

from .bidi import Direction
from .layout import Align, Color, Line, Style, lines_height, wrap


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table; the first one stands at the start side of its direction.

    One that `is_header` says what the other cells of each row are, as a label does.
    """

    width: float
    style: Style
    align: Align = Align.START
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """The lines of a cell and the box they stand in, measured from the table's left top corner; y grows upward.

    `row` counts from 0; `scope` is that of a header cell: Row or Column.
    """

    row: int
    scope: str | None
    lines: tuple[Line, ...]
    left: float
    top: float
    width: float
    align: Align


@dataclass(frozen=True, slots=True)
class Table:
    """Cells in reading order, and the heights of rule lines below the top."""

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
            wrap(text, column.style, width=column.width - 2 * padding)
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


def _scope(column: Column, *, is_header_row: bool) -> str | None:
    if is_header_row:
        return "Column"
    return "Row" if column.is_header else None
