"""The drawing methods of a page, each with its structure element for screen readers.

Every call makes one element of the structure, in the order of the calls: draw in reading order.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from reportlab.lib.units import mm

from .artwork import Artwork
from .bidi import Direction
from .embedding import EmbeddedFont
from .fonts import Font
from .layout import Align, Line
from .operators import number, placing_operators, qr_operators, text_operators
from .structure import Element, Role, StructureTree
from .tables import Cell, Table

Size = tuple[float, float]

A4: Size = (210 * mm, 297 * mm)
A4_LANDSCAPE: Size = (297 * mm, 210 * mm)


class Host(Protocol):
    """The interface of the document that a page uses."""

    canvas: Any
    structure: StructureTree

    def embed(self, font: Font) -> EmbeddedFont: ...

    def element_of(self, table: Table, continues: Table | None) -> Element: ...

    def include(self, artwork: Artwork) -> str: ...


class Page:
    """One page. Made by `Document.new_page`; draw on it until the next page is made.

    `canvas` is ReportLab's, for paths and colors; what is drawn on it is an artifact.
    """

    def __init__(self, document: Host, size: Size, name: str) -> None:
        self.document = document
        self.canvas = document.canvas
        self.width, self.height = size
        self.name = name
        self._marked = len(self.canvas._code)

    def draw_line(
        self,
        line: Line,
        x: float,
        y: float,
        align: Align = Align.START,
        role: Role | None = Role.P,
        language: str | None = None,
    ) -> None:
        """A line on the base line `y`: starting, centered or ending at `x`. In Arabic it starts at its right end.

        `role` None makes it an artifact, which screen readers skip, such as a page number; `language` for a text in another language
        than the document's. Raises HeadingOutOfOrder.
        """
        left = _left(line, x, 0, align, line.direction)
        self._emit_text([(line, left, y)], role, language)

    def draw_lines(
        self,
        lines: Sequence[Line],
        left: float,
        top: float,
        *,
        width: float,
        align: Align = Align.START,
        direction: Direction | None = None,
        role: Role | None = Role.P,
        language: str | None = None,
        has_actual_text: bool = False,
    ) -> float:
        """Lines under one another in a column from `left`, the first one hanging from `top`: one element.

        With `has_actual_text`, the element always has its text as /ActualText: glyphs alone have no space at the end of a line.

        The lines come from `wrap` or `fit_paragraph` of the same width. `direction` says which side is the start; None
        leaves it to each line. Returns the bottom. Raises HeadingOutOfOrder.
        """
        placed, bottom = _placed(lines, left, top, width, align, direction)
        self._emit_text(placed, role, language, has_actual_text=has_actual_text and len(lines) > 1)
        return bottom

    def draw_table(
        self,
        table: Table,
        left: float,
        top: float,
        *,
        language: str | None = None,
        continues: Table | None = None,
        is_repeated: bool = False,
    ) -> float:
        """A table whose left top corner is at (left, top). Returns the bottom.

        `language` is that of the columns that name none.
        Its rows belong to the table that it `continues`, which was drawn before, here or on another page. A header that
        `is_repeated` on a further page is an artifact. Raises ValueError if the table to continue was not drawn.
        """
        self._emit_ornament(_rules(table, left, top))
        if is_repeated:
            for cell in table.cells:
                self._emit_text(_placed_cell(table, cell, left, top), None, None)
            return top - table.height
        structure = self.document.structure
        element = self.document.element_of(table, continues)
        row, number_of_row = element, -1
        for cell in table.cells:
            if cell.row != number_of_row:
                row, number_of_row = structure.row(element), cell.row
            marked = structure.cell(
                row,
                _text(cell.lines),
                scope=cell.scope,
                language=cell.language or language,
                is_spelled=_is_spelled(cell.lines),
            )
            self._emit_marked(marked, _placed_cell(table, cell, left, top))
        return top - table.height

    def place(
        self,
        artwork: Artwork,
        x: float,
        y: float,
        *,
        width: float,
        height: float,
        alt: str | None = None,
        language: str | None = None,
    ) -> None:
        """Artwork in the rectangle whose left bottom corner is at (x, y).

        `alt` is its text alternative; without one, it is an artifact.
        """
        unit_width, unit_height = artwork.unit
        name = self.document.include(artwork)
        self.canvas._formsinuse.append(artwork.key)
        operators = placing_operators(name, x, y, width / unit_width, height / unit_height)
        if alt is None:
            self._emit_ornament(operators)
        else:
            self._emit_figure(operators, alt, (x, y, x + width, y + height), language)

    def draw_qr(
        self,
        payload: str,
        x: float,
        y: float,
        *,
        size: float,
        alt: str,
        error: str = "m",
        quiet_zone: int = 4,
        language: str | None = None,
    ) -> None:
        """A QR code in the square of `size` points at (x, y), which includes the quiet zone of so many modules.

        `alt` says what it leads to. `error` is the correction level l, m, q or h.
        """
        operators = qr_operators(payload, x, y, size, error=error, quiet_zone=quiet_zone)
        self._emit_figure(operators, alt, (x, y, x + size, y + size), language)

    def close(self) -> None:
        """Mark the last drawing on the canvas as an artifact. The document calls it."""
        self._emit("")

    def _emit_text(
        self,
        placed: list[tuple[Line, float, float]],
        role: Role | None,
        language: str | None,
        *,
        has_actual_text: bool = False,
    ) -> None:
        text = _text(line for line, _, _ in placed)
        if not text:
            return
        if role is None:
            self._emit_ornament(self._operators(placed))
        else:
            is_spelled = not has_actual_text and _is_spelled(line for line, _, _ in placed)
            structure = self.document.structure
            self._emit_marked(structure.text(role, text, language, is_spelled=is_spelled), placed)

    def _emit_marked(self, element: Element, placed: list[tuple[Line, float, float]]) -> None:
        if operators := self._operators(placed):
            mcid = self.document.structure.mark(element, self.name)
            self._emit(f"/{element.role} <</MCID {mcid}>> BDC {operators} EMC")

    def _emit_figure(
        self, operators: str, alt: str, box: tuple[float, float, float, float], language: str | None
    ) -> None:
        structure = self.document.structure
        mcid = structure.mark(structure.figure(alt, box, language), self.name)
        self._emit(f"/Figure <</MCID {mcid}>> BDC {operators} EMC")

    def _emit_ornament(self, operators: str) -> None:
        self._emit(f"/Artifact BMC {operators} EMC")

    def _operators(self, placed: list[tuple[Line, float, float]]) -> str:
        embed = self.document.embed
        return " ".join(text_operators(line, x, y, embed) for line, x, y in placed if line.runs)

    def _emit(self, operators: str) -> None:
        code = self.canvas._code
        if len(code) > self._marked:
            code.insert(self._marked, "/Artifact BMC")
            code.append("EMC")
        if operators:
            code.append(operators)
        self._marked = len(code)


def _text(lines: Iterable[Line]) -> str:
    return " ".join(line.text for line in lines if line.text)


def _is_spelled(lines: Iterable[Line]) -> bool:
    """Whether the glyphs from left to right are the text as it was written."""
    return all(line.text == "".join(slot.text for run in line.runs for slot in run.slots) for line in lines)


def _placed(
    lines: Sequence[Line], left: float, top: float, width: float, align: Align, direction: Direction | None
) -> tuple[list[tuple[Line, float, float]], float]:
    """The lines with their origins, and the bottom of the last."""
    placed = []
    for line in lines:
        height = line.style.size * line.style.leading
        # Fonts differ in how they split their height: center each one's own in the leading.
        baseline = top - (height + line.ascent + line.descent) / 2
        placed.append((line, _left(line, left, width, align, direction or line.direction), baseline))
        top -= height
    return placed, top


def _placed_cell(table: Table, cell: Cell, left: float, top: float) -> list[tuple[Line, float, float]]:
    placed, _ = _placed(cell.lines, left + cell.left, top + cell.top, cell.width, cell.align, table.direction)
    return placed


def _rules(table: Table, left: float, top: float) -> str:
    right = left + table.width
    lines = [
        f"{number(left)} {number(top + rule)} m {number(right)} {number(top + rule)} l"
        for rule in table.rules
    ]
    color = " ".join(number(part) for part in table.rule_color)
    return f"q {color} RG 0.5 w {' '.join(lines)} S Q"


def _left(line: Line, x: float, width: float, align: Align, direction: Direction) -> float:
    """The origin of a line placed by its extents in the column of `width` from `x`."""
    starts_right = direction is Direction.RTL
    if align is Align.CENTER:
        left = x + (width - line.width) / 2
    elif starts_right == (align is Align.START):
        left = x + width - line.width
    else:
        left = x
    return left - line.extents.left
