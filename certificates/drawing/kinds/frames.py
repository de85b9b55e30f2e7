"""Ornaments: guilloche and plain frames, rules, the measuring tape. Deflated once per process, size and color."""

import math
from collections.abc import Callable
from functools import lru_cache

from reportlab.pdfgen.canvas import Canvas

from certificates.drawing.certificate_data import CertificateData
from certificates.drawing.design import Block, Color, Design
from certificates.drawing.kinds.ornaments import border, ground, large_rosette, microtext, plaque, second
from certificates.drawing.kinds.painter import Painter
from typesetting import Artwork, drawing, mm

_TAPE_TICK: Color = (0.35, 0.24, 0)


def lay_out_frame(block: Block, design: Design, _certificate: CertificateData) -> Painter | None:
    style = block.values["style"]
    if style == "none":
        return None
    box = block.box
    artwork = _engraved(style, block, design) or _ornament(
        style, box.width, box.height, design.colors[block.values["color"]]
    )
    return lambda page: page.place(artwork, box.left, box.bottom, width=box.width, height=box.height)


def _engraved(style: str, block: Block, design: Design) -> Artwork | None:
    """The ornaments of national certificates, which use both colors of the design and its names; None for another style."""
    width, height, color = block.box.width, block.box.height, design.colors[block.values["color"]]
    match style:
        case "border":
            return border(width, height, color, second(design))
        case "rosette":
            return large_rosette(width, height, color, second(design))
        case "plaque":
            return plaque(width, height, color, second(design))
        case "waves":
            return ground(width, height, color, second(design))
        case "microtext":
            return microtext(width, height, color, _names(design))
        case _:
            return None


def _names(design: Design) -> str:
    """State and authority, Arabic and English."""
    names = [
        design.wording.get(f"{name}_{language}")
        for language in ("ar", "en")
        for name in ("state", "authority")
    ]
    return " · ".join([*(name.upper() for name in names if name), ""]).strip()


@lru_cache(maxsize=128)
def _ornament(style: str, width: float, height: float, color: Color) -> Artwork:
    paint = _PAINTERS[style]
    return drawing(width, height, lambda canvas: paint(canvas, width, height, color))


def _guilloche(canvas: Canvas, width: float, height: float, color: Color) -> None:
    """Four strands between two lines, 6 mm deep."""
    canvas.setStrokeColorRGB(*color)
    canvas.setLineWidth(1.1)
    edge = 0.55
    canvas.rect(edge, edge, width - 2 * edge, height - 2 * edge)
    canvas.setLineWidth(0.3)
    inset = edge + 3 * mm
    across, along = (inset, width - inset), (inset, height - inset)
    for phase in (0.0, math.pi / 2, math.pi, 3 * math.pi / 2):
        _wave(canvas, lambda t: (t, inset), across, phase, vertical=True)
        _wave(canvas, lambda t: (t, height - inset), across, phase, vertical=True)
        _wave(canvas, lambda t: (inset, t), along, phase, vertical=False)
        _wave(canvas, lambda t: (width - inset, t), along, phase, vertical=False)
    canvas.setLineWidth(0.6)
    inner = edge + 6 * mm
    canvas.rect(inner, inner, width - 2 * inner, height - 2 * inner)


def _wave(
    canvas: Canvas,
    along: Callable[[float], tuple[float, float]],
    span: tuple[float, float],
    phase: float,
    *,
    vertical: bool,
) -> None:
    """One strand of the border: a sine across the line `along`, a whole number of periods so that corners meet."""
    start, end = span
    periods = max(round((end - start) / (9 * mm)), 1)
    steps = periods * 12
    path = canvas.beginPath()
    for step in range(steps + 1):
        t = start + (end - start) * step / steps
        swing = 1.7 * mm * math.sin(2 * math.pi * periods * step / steps + phase)
        x, y = along(t)
        point = (x, y + swing) if vertical else (x + swing, y)
        (path.lineTo if step else path.moveTo)(*point)
    canvas.drawPath(path)


def _plain(canvas: Canvas, width: float, height: float, color: Color) -> None:
    """Two lines: a strong one and a fine one inside it."""
    canvas.setStrokeColorRGB(*color)
    canvas.setLineWidth(1.2)
    canvas.rect(0.6, 0.6, width - 1.2, height - 1.2)
    canvas.setLineWidth(0.35)
    inset = 1.2 * mm
    canvas.rect(inset, inset, width - 2 * inset, height - 2 * inset)


def _line(canvas: Canvas, width: float, height: float, color: Color) -> None:
    """A fine line through the middle of the longer side."""
    canvas.setStrokeColorRGB(*color)
    canvas.setLineWidth(0.6)
    if width >= height:
        canvas.line(0, height / 2, width, height / 2)
    else:
        canvas.line(width / 2, 0, width / 2, height)


def _band(canvas: Canvas, width: float, height: float, color: Color) -> None:
    canvas.setFillColorRGB(*color)
    canvas.rect(0, 0, width, height, stroke=0, fill=1)


def _tape(canvas: Canvas, width: float, height: float, color: Color) -> None:
    """The measuring tape, the product's mark: a tick every 2 mm."""
    _band(canvas, width, height, color)
    canvas.setStrokeColorRGB(*_TAPE_TICK)
    canvas.setLineWidth(0.4)
    for tick in range(1, math.ceil(width / (2 * mm) + 0.5)):
        x = tick * 2 * mm
        canvas.line(x, height, x, height - (1.5 if tick % 5 == 0 else 0.8) * mm)


_PAINTERS = {"guilloche": _guilloche, "plain": _plain, "line": _line, "band": _band, "tape": _tape}
