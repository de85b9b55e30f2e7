"""The ornaments of a national certificate: border, rosette, background, microtext, and a placeholder emblem.

They are engraved once per process, size and color.
"""

import cmath
import math
from functools import lru_cache

from certificates.drawing.design import Color, Design
from certificates.drawing.engraving import Plate, circle, lay_band, rosette, rounded, strands
from typesetting import SANS_MEDIUM, Artwork, Style, mm, outline_operators, set_line

_WHITE: Color = (1, 1, 1)
# Of a strand, in points: what offset and laser printers keep apart.
_HAIR, _FINE, _RAIL = 0.22, 0.4, 0.9
_BAND = 8.4 * mm
# How far the rosettes of the corners reach beyond the band.
_OVERHANG = 2.0 * mm
_PERIOD = 17 * mm
_MICROTEXT_SIZE = 1.2
# The size at which its letters are written, in whole units: a fiftieth of 1.2 pt is finer than any press.
_OUTLINED = 50
# After the words, at that size.
_BETWEEN_WORDS = 15


def toned(color: Color, share: float) -> Color:
    """The color with as much white as leaves `share` of it."""
    red, green, blue = (1 - (1 - part) * share for part in color)
    return red, green, blue


def second(design: Design) -> Color:
    """The second color of engravings: the signal color, dark enough for hairlines."""
    return second_of(design.colors["signal"])


def second_of(signal: Color) -> Color:
    """The same of a color."""
    red, green, blue = (part * 0.72 for part in signal)
    return red, green, blue


# --- Border ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def border(width: float, height: float, color: Color, other: Color) -> Artwork:
    """A braid between rails on each side, whole periods from corner to corner, and a rosette where two sides meet."""
    plate = Plate(width, height)
    half = _BAND / 2
    inset = _OVERHANG + half
    corners = [
        complex(inset, inset),
        complex(width - inset, inset),
        complex(width - inset, height - inset),
        complex(inset, height - inset),
    ]
    sides = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    for tint, pen, tile in (
        (other, _HAIR, lambda period: strands(period, half * 0.52, 3, 6, waist=-0.35)),
        (color, _HAIR, lambda period: strands(period, half * 0.84, 2, 12, waist=0.62)),
    ):
        plate.pen(tint, pen)
        for start, end in sides:
            lay_band(plate, start, end, _PERIOD, tile)
    _rails(plate, color, other)
    for corner in corners:
        _corner(plate, corner, color, other)
    return plate.artwork()


def _rails(plate: Plate, color: Color, other: Color) -> None:
    for inset, pen, tint in (
        (0.0, _RAIL, color),
        (0.55 * mm, _HAIR, other),
        (_BAND - 0.55 * mm, _HAIR, other),
        (_BAND, _RAIL, color),
        (_BAND + 0.8 * mm, _HAIR, color),
    ):
        plate.pen(tint, pen)
        edge = _OVERHANG + inset + pen / 2
        plate.box(edge, edge, plate.width - 2 * edge, plate.height - 2 * edge)


def _corner(plate: Plate, corner: complex, color: Color, other: Color) -> None:
    reach = _BAND / 2 + _OVERHANG - _FINE / 2
    # A background, so that the braid goes under the rosette and never through it.
    plate.at(corner, 0, f"1 1 1 rg {circle(reach)} f")
    plate.pen(color, _FINE)
    plate.at(corner, 0, f"{circle(reach)} S")
    plate.pen(color, _HAIR)
    plate.at(corner, 0, rosette(reach - 0.55 * mm, 12, 6, depth=0.22, inner=0.42))
    plate.pen(other, _HAIR)
    plate.at(corner, 0, rosette(reach * 0.5, 8, 4, depth=0.1, inner=0.24))


# --- Rosette behind the text -------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def large_rosette(width: float, height: float, color: Color, other: Color) -> Artwork:
    """A large rosette, so light that text on it is legible."""
    plate = Plate(width, height)
    radius, middle = min(width, height) / 2, complex(width / 2, height / 2)
    for tint, share, petals, count, depth, inner in (
        (color, 1.0, 24, 12, 0.22, 0.62),
        (other, 0.64, 18, 10, 0.2, 0.5),
        (color, 0.345, 12, 8, 0.1, 0.3),
    ):
        plate.pen(toned(tint, 0.17), 0.25)
        plate.at(middle, 0, rosette(radius * share, petals, count, depth=depth, inner=inner))
    return plate.artwork()


# --- Plaque ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def plaque(width: float, height: float, color: Color, other: Color) -> Artwork:
    """A field for one line of text, on a light braid between two rails."""
    plate = Plate(width, height)
    edge = _RAIL / 2
    plate.fill(_WHITE, rounded(edge, edge, width - _RAIL, height - _RAIL, 1.5 * mm))
    inset = 1.6 * mm
    for tint, waves, count, swing in ((other, 3, 6, 0.3), (color, 2, 12, 0.44)):
        plate.pen(toned(tint, 0.26), _HAIR)
        lay_band(
            plate,
            complex(inset, height / 2),
            complex(width - inset, height / 2),
            2 * _PERIOD,
            lambda period, waves=waves, count=count, swing=swing: strands(  # type: ignore[misc]
                period, height * swing, waves, count, waist=0.5
            ),
        )
    plate.pen(color, _RAIL)
    plate.box(edge, edge, width - _RAIL, height - _RAIL, 1.5 * mm)
    plate.pen(other, _FINE)
    inner = 0.9 * mm
    plate.box(inner, inner, width - 2 * inner, height - 2 * inner, 0.9 * mm)
    return plate.artwork()


# --- Ground of a card --------------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def ground(width: float, height: float, color: Color, other: Color) -> Artwork:
    """Fine waves over the whole sheet, as light as a tint."""
    plate = Plate(width, height)
    step, period = 1.5 * mm, 14 * mm
    plate.fill(_WHITE, rounded(0, 0, width, height, 0))
    for row in range(math.ceil(height / step) + 1):
        tint = other if row % 4 == 3 else color
        plate.pen(toned(tint, 0.11), 0.25)
        waves = strands(period, 1.1 * mm, 1, 2, waist=0)
        for column in range(math.ceil(width / period)):
            plate.at(complex(column * period, row * step), 0, waves)
    return plate.artwork()


# --- Microtext ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def microtext(width: float, height: float, color: Color, words: str) -> Artwork:
    """The words repeated along the longer side, too small for a copier. They are paths, so screen readers skip them."""
    plate = Plate(width, height)
    line = set_line(words, Style(SANS_MEDIUM, _OUTLINED))
    outlines = outline_operators(line, digits=0)
    advance, along = line.width + _BETWEEN_WORDS, max(width, height)
    count = max(round(along / (advance * _MICROTEXT_SIZE / _OUTLINED)), 1)
    # The size at which the last word ends where the line ends.
    scale = along / (count * advance)
    turn = 0 if width >= height else math.pi / 2
    across = min(width, height) / 2
    lift = (line.extents.top + line.extents.bottom) / 2 * scale
    for number in range(count):
        place = complex(number * advance * scale, across - lift)
        origin = place if width >= height else complex(across + lift, place.real)
        plate.scaled(origin, turn, scale, color, outlines)
    return plate.artwork()


# --- Free space --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def void(width: float, height: float, color: Color) -> Artwork:
    """A line across free space, so that nothing can be added there."""
    plate = Plate(width, height)
    plate.pen(color, 0.5)
    plate.line(complex(0, height - 0.25), complex(width, height - 0.25))
    plate.line(complex(width, height), complex(0, 0))
    plate.line(complex(0, 0.25), complex(width, 0.25))
    return plate.artwork()


# --- Emblem ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def medallion(size: float, color: Color, other: Color) -> Artwork:
    """An engraved star in rings, for a site without an emblem. It is the emblem of no state."""
    plate = Plate(size, size)
    middle, radius = complex(size / 2, size / 2), size / 2
    plate.pen(color, _RAIL * 0.8)
    plate.at(middle, 0, f"{circle(radius - 0.4)} S")
    plate.pen(color, _HAIR)
    plate.at(middle, 0, f"{circle(radius * 0.95 - 0.4)} S")
    plate.at(middle, 0, rosette(radius * 0.93, 24, 4, depth=0.12, inner=0.76))
    plate.pen(other, _FINE)
    plate.at(middle, 0, f"{circle(radius * 0.67)} S")
    plate.pen(color, _FINE)
    star = radius * 0.58
    for turn in (0.0, math.pi / 4):
        plate.at(
            middle, turn, f"{rounded(-star * 0.7071, -star * 0.7071, star * 1.4142, star * 1.4142, 0)} S"
        )
    plate.pen(color, _HAIR)
    for number in range(16):
        tip = cmath.rect(star * (1 if number % 2 == 0 else 0.77), number * math.pi / 8)
        plate.line(middle + tip * 0.42, middle + tip * 0.93)
    plate.pen(other, _HAIR)
    plate.at(middle, 0, rosette(star * 0.42, 8, 3, depth=0.1, inner=0.2))
    return plate.artwork()
