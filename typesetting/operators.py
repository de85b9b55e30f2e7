"""PDF operators: text, ornaments placed, QR codes. Strings only; nothing here knows a page."""

from collections.abc import Callable
from itertools import groupby

from .embedding import EmbeddedFont
from .fonts import Font
from .layout import Line
from .qr import runs_of


def number(value: float) -> str:
    """A coordinate in points or a color: a thousandth is finer than any device."""
    return f"{value:.3f}"


def scale(value: float) -> str:
    """A factor of coordinates up to thousands."""
    return f"{value:.6f}"


def text_operators(line: Line, x: float, y: float, embed: Callable[[Font], EmbeddedFont]) -> str:
    """One text object whose origin, the left end of the base line, is at (x, y).

    Glyphs are shown from left to right. Kerning and the place of marks are in the embedded glyphs themselves, so that
    readers get only the glyphs.
    """
    operators = [
        "q",
        f"{' '.join(map(number, line.style.color))} rg",
        "BT",
        f"1 0 0 1 {number(x)} {number(y)} Tm",
    ]
    size = number(line.style.size)
    for font, runs in groupby(line.runs, key=lambda run: run.font):
        embedded = embed(font)
        codes = "".join(embedded.code(slot) for run in runs for slot in run.slots)
        operators.append(f"/{embedded.resource} {size} Tf <{codes}> Tj")
    operators += ["ET", "Q"]
    return " ".join(operators)


def qr_operators(payload: str, x: float, y: float, size: float, *, error: str, quiet_zone: int) -> str:
    """A QR code (ISO/IEC 18004) as rectangles of one path: renderers leave hairlines between paths, not within one.

    The square at (x, y) of `size` points includes the quiet zone, in modules.
    """
    side, rows = runs_of(payload, error=error)
    module = size / (side + 2 * quiet_zone)
    # The path is in modules and the matrix scales it: small whole numbers deflate well.
    operators = ["q", f"{scale(module)} 0 0 {scale(module)} {number(x)} {number(y)} cm", "0 g"]
    for place, runs in enumerate(rows):
        bottom = quiet_zone + side - 1 - place
        operators += [f"{quiet_zone + start} {bottom} {end - start} 1 re" for start, end in runs]
    operators += ["f", "Q"]
    return " ".join(operators)


def placing_operators(name: str, x: float, y: float, x_scale: float, y_scale: float) -> str:
    """An XObject drawn with its origin at (x, y)."""
    return f"q {scale(x_scale)} 0 0 {scale(y_scale)} {number(x)} {number(y)} cm /{name} Do Q"
