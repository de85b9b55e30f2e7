"""Watermarks: a word across the page that screen readers do not read, and that cannot be copied or searched.

It is drawn as transparent outlines, not as text.
"""

import math
import zlib
from functools import lru_cache

import uharfbuzz as hb

from .artwork import Artwork, form
from .fonts import SANS_BOLD
from .layout import Line, Style, set_line

_SHARE_OF_DIAGONAL = 0.72
_TALLEST_SHARE = 0.14
_COLOR = "0.75 0.1 0.1 rg"
_OPACITY = 0.16
_RESOURCES = f"<< /ExtGState << /G << /Type /ExtGState /ca {_OPACITY} >> >> >>"


@lru_cache(maxsize=64)
def watermark(text: str, width: float, height: float) -> Artwork:
    """The artwork of a text from corner to corner of a page of `width` by `height` points. Raises MissingGlyph."""
    diagonal = math.hypot(width, height)
    line = set_line(text, Style(SANS_BOLD, size=100))
    size = min(100 * _SHARE_OF_DIAGONAL * diagonal / line.width, _TALLEST_SHARE * diagonal)
    scale = size / 100
    cosine, sine = width / diagonal, height / diagonal
    middle_x = (line.extents.left + line.extents.right) / 2
    middle_y = (line.extents.bottom + line.extents.top) / 2
    # The middle of the line comes to the middle of the page, then turns with the diagonal.
    a, b = scale * cosine, scale * sine
    x = width / 2 - a * middle_x + b * middle_y
    y = height / 2 - b * middle_x - a * middle_y
    matrix = " ".join(f"{part:.5f}" for part in (a, b, -b, a, x, y))
    operators = f"q /G gs {_COLOR} {matrix} cm {outline_operators(line)} f Q"
    return form(width, height, zlib.compress(operators.encode(), 9), resources=_RESOURCES)


def outline_operators(line: Line, *, digits: int = 3) -> str:
    """The path of all letters of a line whose origin is at (0, 0); coordinates with so many digits after the point."""
    path: list[str] = []
    pen = 0.0
    for run in line.runs:
        unit = run.font.unit * line.style.size / 1000
        for slot in run.slots:
            for component in slot.placement.components:
                origin = (pen + component.dx * unit, component.dy * unit)
                run.font.hb.draw_glyph(component.glyph, _OUTLINES, _Outline(path, origin, unit, digits))
            pen += slot.placement.advance * unit
    return " ".join(path)


class _Outline:
    """Collects the path of one glyph, in points."""

    def __init__(self, path: list[str], origin: tuple[float, float], unit: float, digits: int) -> None:
        self._path = path
        self._digits = digits
        self._origin = origin
        self._unit = unit
        self._at = (0.0, 0.0)

    def add(self, operator: str, *points: tuple[float, float]) -> None:
        numbers = [
            f"{start + value * self._unit:.{self._digits}f}"
            for point in points
            for start, value in zip(self._origin, point, strict=True)
        ]
        self._path.append(" ".join([*numbers, operator]))
        if points:
            self._at = points[-1]

    def curve(self, control: tuple[float, float], end: tuple[float, float]) -> None:
        """A quadratic curve as the cubic that PDF knows."""
        first, second = _two_thirds(self._at, control), _two_thirds(end, control)
        self.add("c", first, second, end)


def _two_thirds(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """The point two thirds of the way."""
    return start[0] + 2 / 3 * (end[0] - start[0]), start[1] + 2 / 3 * (end[1] - start[1])


def _draw_functions() -> hb.DrawFuncs:
    functions = hb.DrawFuncs()
    functions.set_move_to_func(lambda x, y, outline: outline.add("m", (x, y)))
    functions.set_line_to_func(lambda x, y, outline: outline.add("l", (x, y)))
    functions.set_quadratic_to_func(lambda a, b, x, y, outline: outline.curve((a, b), (x, y)))
    functions.set_cubic_to_func(lambda a, b, c, d, x, y, outline: outline.add("c", (a, b), (c, d), (x, y)))
    functions.set_close_path_func(lambda outline: outline.add("h"))
    return functions


_OUTLINES = _draw_functions()
