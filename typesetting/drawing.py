"""PDF operators: text, ornaments placed, QR codes. Strings only; nothing here knows a page."""

from collections.abc import Callable

import segno
from reportlab.lib.rl_accel import fp_str

from .embedding import EmbeddedFont
from .fonts import Font
from .layout import Line

_NEGLIGIBLE = 0.05  # thousandths of an em
# Any mask is a valid symbol; choosing the best of eight is nine tenths of the work.
_QR_MASK = 3


def text_operators(line: Line, x: float, y: float, embed: Callable[[Font], EmbeddedFont]) -> str:
    """One text object whose origin, the left end of the base line, is at (x, y).

    Glyphs are shown from left to right. Kerning and the horizontal place of marks are adjustments in TJ, the vertical
    place of marks is text rise.
    """
    size = line.style.size
    operators = ["q", f"{fp_str(*line.style.color)} rg", "BT", f"1 0 0 1 {fp_str(x, y)} Tm"]
    origin = pen = rise = 0.0
    shown: list[str] = []
    codes: list[str] = []

    def show() -> None:
        if codes:
            shown.append(f"<{''.join(codes)}>")
            codes.clear()
        if shown:
            operators.append(f"[{''.join(shown)}] TJ")
            shown.clear()

    font = None
    for run in line.runs:
        embedded = embed(run.font)
        if run.font is not font:
            show()
            font = run.font
            operators.append(f"/{embedded.resource} {fp_str(size)} Tf")
        for glyph in run.glyphs:
            if abs(glyph.y - rise) > _NEGLIGIBLE:
                show()
                rise = glyph.y
                operators.append(f"{fp_str(rise * size / 1000)} Ts")
            shift = pen - origin - glyph.x
            if abs(shift) > _NEGLIGIBLE:
                if codes:
                    shown.append(f"<{''.join(codes)}>")
                    codes.clear()
                shown.append(fp_str(shift))
                pen = origin + glyph.x
            codes.append(f"{embedded.cid(glyph.index, glyph.text):04X}")
            pen += run.font.advance(glyph.index)
        origin += run.advance
    show()
    operators += ["ET", "Q"]
    return " ".join(operators)


def qr_operators(payload: str, x: float, y: float, size: float, *, error: str, quiet_zone: int) -> str:
    """A QR code (ISO/IEC 18004) as rectangles of one path: renderers leave hairlines between paths, not within one.

    The square at (x, y) of `size` points includes the quiet zone, in modules.
    """
    symbol = segno.make_qr(payload, error=error, mask=_QR_MASK, boost_error=False)
    rows = [bytes(row) for row in symbol.matrix]
    module = size / (len(rows) + 2 * quiet_zone)
    # The path is in modules and the matrix scales it: small whole numbers deflate well.
    operators = ["q", f"{fp_str(module, 0, 0, module, x, y)} cm", "0 g"]
    for number, row in enumerate(rows):
        bottom = quiet_zone + len(rows) - 1 - number
        column = 0
        while (start := row.find(1, column)) >= 0:
            end = row.find(0, start)
            column = end if end >= 0 else len(row)
            operators.append(f"{quiet_zone + start} {bottom} {column - start} 1 re")
    operators += ["f", "Q"]
    return " ".join(operators)


def placing_operators(name: str, x: float, y: float, x_scale: float, y_scale: float) -> str:
    """An XObject drawn with its origin at (x, y)."""
    return f"q {fp_str(x_scale, 0, 0, y_scale, x, y)} cm /{name} Do Q"
