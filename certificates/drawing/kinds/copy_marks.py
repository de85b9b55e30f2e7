"""The mark of a numbered copy, which nobody takes for the original."""

from certificates.drawing.design import FONTS, WARNING, Block, Box, Design
from certificates.drawing.kinds.painter import Painter
from certificates.drawing.lines import fit_in_box
from certificates.drawing.paper import Paper
from typesetting import SANS_BOLD, Align, Direction, Page, Role, Style


def mark_of(paper: Paper) -> str:
    """Such as "نسخة رقم 1 · Copy no. 1 · 2026-11-26"."""
    if paper.copy_number is None:
        return ""
    parts = [f"نسخة رقم {paper.copy_number}", f"Copy no. {paper.copy_number}"]
    if paper.copied_on:
        parts.append(paper.copied_on.isoformat())
    return " · ".join(parts)


def lay_out_copy_mark(block: Block, design: Design, paper: Paper) -> Painter | None:
    look = block.values["look"]
    style = Style(FONTS[look["font"]], look["size"], design.colors[look["color"]], direction=Direction.RTL)
    return _lay_out(mark_of(paper), style, block.box, Align(look["align"]), look["min_size"])


def usual_mark(sheet: tuple[float, float], paper: Paper) -> Painter | None:
    """The mark on a design that has no place for it: at the upper edge, in the middle."""
    width, height = sheet
    # In shares of the sheet: on an A4 page under the frame, on a card above its first line.
    box = Box(width * 0.3, height * 0.885, width * 0.4, height * 0.035)
    style = Style(SANS_BOLD, min(10, height * 0.025), WARNING, direction=Direction.RTL)
    return _lay_out(mark_of(paper), style, box, Align.CENTER, 3.5)


def _lay_out(text: str, style: Style, box: Box, align: Align, min_size: float) -> Painter | None:
    if not text:
        return None
    placed = fit_in_box(text, style, box, align=align, min_size=min_size)

    def paint(page: Page) -> None:
        placed.draw(page, Role.P, "ar")

    return paint
