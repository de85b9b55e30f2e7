"""The mark of a numbered copy, which tells it from the original."""

from dataclasses import replace

from certificates.drawing.certificate_data import CertificateData, arabic_date, english_date
from certificates.drawing.design import FONTS, WARNING, Block, Box, Design
from certificates.drawing.kinds.painter import Painter
from certificates.drawing.lines import baseline_of
from typesetting import (
    SANS_BOLD,
    Align,
    Direction,
    Page,
    Role,
    Style,
    TextDoesNotFit,
    mm,
    set_line,
)

# Between the Arabic and the English half, in sizes.
_GAP = 1.5
# From the upper edge of a further page.
_ABOVE_HEAD = 16 * mm
# How much lower than at the edge of the sheet the mark is inside a border.
_BORDER = 11 * mm


def lay_out_copy_mark(block: Block, design: Design, certificate: CertificateData) -> Painter | None:
    look = block.values["look"]
    style = Style(
        FONTS[look["font"]], look["size"], design.colors[look["color"]], whole_words=design.whole_words
    )
    return _lay_out(certificate, style, block.box, Align(look["align"]), look["min_size"])


def usual_mark(
    sheet: tuple[float, float],
    certificate: CertificateData,
    *,
    is_further: bool = False,
    is_bordered: bool = False,
) -> Painter | None:
    """The mark on a design that has no place for it: at the upper edge, in the middle.

    On a further page it is above the running head, inside the border where there is one.
    """
    style = Style(SANS_BOLD, min(10, sheet[1] * 0.025), WARNING)
    return _lay_out(
        certificate,
        style,
        usual_place(sheet, is_further=is_further, is_bordered=is_bordered),
        Align.CENTER,
        3.5,
    )


def usual_place(sheet: tuple[float, float], *, is_further: bool = False, is_bordered: bool = False) -> Box:
    """The default box of the mark on a sheet of this width and height."""
    width, height = sheet
    above = _ABOVE_HEAD + (_BORDER if is_bordered else 0)
    bottom = height - above if is_further else height * 0.885
    return Box(width * 0.2, bottom, width * 0.6, height * 0.035)


def _lay_out(
    certificate: CertificateData, style: Style, box: Box, align: Align, min_size: float
) -> Painter | None:
    """Two texts of one direction each, side by side: mixed in one line, viewers copy them in a jumble.

    The start of the mark is its right end.
    """
    if certificate.copy_number is None:
        return None
    arabic, english = f"نسخة رقم {certificate.copy_number}", f"Copy no. {certificate.copy_number}"
    if certificate.copied_on:
        arabic += f" · {arabic_date(certificate.copied_on)}"
        english += f" · {english_date(certificate.copied_on)}"
    right = set_line(arabic, replace(style, direction=Direction.RTL))
    left = set_line(english, replace(style, direction=Direction.LTR))
    width = right.width + left.width + _GAP * style.size
    y = baseline_of(box, style)
    above = max(line.extents.top for line in (right, left))
    below = max(-line.extents.bottom for line in (right, left))
    share = min(box.width / width, (box.top - y) / above, (y - box.bottom) / below if below > 0 else 1, 1)
    # A hundredth of a point smaller, so that rounding does not make the text too wide.
    size = int(style.size * share * 100) / 100 if share < 1 else style.size
    if size < min_size:
        smallest = min_size / style.size
        is_wide = width * smallest > box.width
        raise TextDoesNotFit(
            text=f"{arabic} {english}",
            needed=(width if is_wide else above + below) * smallest,
            available=box.width if is_wide else box.height,
            min_size=min_size,
        )
    if share < 1:
        right, left = (set_line(line.text, replace(line.style, size=size)) for line in (right, left))
        width *= size / style.size
    free = box.width - width
    x = box.left + {Align.START: free, Align.CENTER: free / 2, Align.END: 0}[align]

    def paint(page: Page) -> None:
        page.draw_line(right, x + width, y, Align.START, Role.P)
        page.draw_line(left, x, y, Align.START, Role.P, "en")

    return paint
