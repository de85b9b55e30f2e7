"""Labels on A4, 24 of a sheet (63.5 by 33.9 mm): a QR code, the name, and what it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

from typesetting import (
    A4,
    SANS,
    SANS_BOLD,
    Direction,
    Document,
    Page,
    Style,
    fit_line,
    fit_two_lines,
    mm,
)

COLUMNS, ROWS = 3, 8
LEFT, TOP = 7.2 * mm, 13.1 * mm
WIDTH, HEIGHT, PITCH = 63.5 * mm, 33.9 * mm, 66 * mm
INSET, QR = 2.5 * mm, 25 * mm
# What begins a name of two words.
BOUND = frozenset({"عبد", "أبو", "ابو", "بن", "ابن"})
_MUTED = (0.35, 0.35, 0.35)


@dataclass(frozen=True)
class Label:
    """`code` is what the QR code says."""

    name: str
    code: str
    below: str


def draw_labels(labels: Sequence[Label], *, title: str, language: str, alt: str) -> bytes:
    """The PDF. `alt` describes a QR code. Raises typesetting.TextDoesNotFit or typesetting.MissingGlyph."""
    direction = Direction.RTL if language == "ar" else Direction.LTR
    # As lists: codes are copied in their order.
    document = Document(title=title, language=language, direction=Direction.LTR)
    page = document.new_page(A4)
    for number, label in enumerate(labels):
        place = number % (COLUMNS * ROWS)
        if number and not place:
            page = document.new_page(A4)
        row, column = divmod(place, COLUMNS)
        # In Arabic a sheet begins at the right.
        column = COLUMNS - 1 - column if direction is Direction.RTL else column
        top = page.height - TOP - row * HEIGHT
        _draw(page, label, LEFT + column * PITCH, top, direction, alt)
    return document.finish()


def _draw(page: Page, label: Label, left: float, top: float, direction: Direction, alt: str) -> None:
    is_rtl = direction is Direction.RTL
    room = WIDTH - QR - 3 * INSET
    qr_left = left + INSET if is_rtl else left + WIDTH - INSET - QR
    text_left = left + WIDTH - INSET - room if is_rtl else left + INSET
    start = text_left + room if is_rtl else text_left
    style = Style(SANS_BOLD, 10.5, leading=1.35, direction=direction, whole_words=True)
    name = fit_two_lines(label.name, style, width=room, min_size=5, bound=BOUND)
    below = page.draw_lines(name, text_left, top - INSET, width=room, direction=direction)
    code = fit_line(label.code, Style(SANS_BOLD, 10, direction=Direction.LTR), max_width=room, min_size=6)
    page.draw_line(
        code,
        text_left + (room - code.width if is_rtl else 0),
        min(below, top - 14 * mm) - 4 * mm,
        language="en",
    )
    foot = fit_line(
        label.below,
        Style(SANS, 7.5, _MUTED, direction=direction, whole_words=True),
        max_width=room,
        min_size=5,
    )
    page.draw_line(foot, start, top - HEIGHT + INSET + 2 * mm)
    page.draw_qr(label.code, qr_left, top - INSET - QR, size=QR, alt=f"{alt} {label.code}", quiet_zone=2)
