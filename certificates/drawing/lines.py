"""Texts in boxes: one line, or any content of one size."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from certificates.drawing.design import Box
from certificates.drawing.metrics import middle_of
from typesetting import Align, Direction, Line, Page, Role, Style, TextDoesNotFit, set_line

_SIZE_STEP = 0.5


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line with the place of its base line."""

    line: Line
    x: float
    y: float
    align: Align

    def draw(self, page: Page, role: Role | None, language: str) -> None:
        # The document is Arabic, and codes belong to no language.
        page.draw_line(self.line, self.x, self.y, self.align, role, "en" if language == "en" else None)


def baseline_of(box: Box, style: Style) -> float:
    """The base line of a line of the style in the middle of the box.

    It is that of the full size: a shrunk name is on the base line of its neighbors.
    """
    return box.middle - middle_of(style.typeface[0]) * style.size


def direction_of(language: str) -> Direction:
    return Direction.RTL if language == "ar" else Direction.LTR


def fit_in_box(
    text: str, style: Style, box: Box, *, align: Align, min_size: float, baseline: float | None = None
) -> SetLine:
    """The text on one line whose ink stays in the box, at the style's size or as much smaller as it needs.

    It is on `baseline` if that is given, else in the middle. Raises typesetting.TextDoesNotFit where that is below `min_size`, and typesetting.MissingGlyph.
    """
    y = baseline_of(box, style) if baseline is None else baseline
    line = set_line(text, style)
    extents = line.extents
    share = min(
        box.width / line.width if line.width else 1,
        (box.top - y) / extents.top if extents.top > 0 else 1,
        (y - box.bottom) / -extents.bottom if extents.bottom < 0 else 1,
    )
    if share < 1:
        # A hundredth of a point smaller, so that rounding does not make the text too wide.
        size = int(style.size * share * 100) / 100
        if size < min_size:
            needed, available = _overflow(line, style, box, min_size)
            raise TextDoesNotFit(text=line.text, needed=needed, available=available, min_size=min_size)
        line = set_line(text, replace(style, size=size))
    return SetLine(line, _start(box, align, line.direction), y, align)


def _overflow(line: Line, style: Style, box: Box, min_size: float) -> tuple[float, float]:
    """What is needed and available at the smallest size: across where the width is short, else along."""
    smallest = line.extents.scaled(min_size / style.size)
    if smallest.width > box.width:
        return smallest.width, box.width
    return smallest.height, box.height


def _start(box: Box, align: Align, direction: Direction) -> float:
    if align is Align.CENTER:
        return box.left + box.width / 2
    is_right = (direction is Direction.RTL) == (align is Align.START)
    return box.right if is_right else box.left


def at_largest_size[Laid](size: float, min_size: float, lay_out: Callable[[float], Laid]) -> Laid:
    """The content laid out at `size`, or at the largest smaller size that fits.

    Raises the TextDoesNotFit of `lay_out` at `min_size`.
    """
    while True:
        try:
            return lay_out(size)
        except TextDoesNotFit:
            if size <= min_size:
                raise
        size = max(size - _SIZE_STEP, min_size)
