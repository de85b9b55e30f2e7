"""Fine lines as banknotes have them: smooth curves as Bezier segments, repeated by whole periods.

A curve is a function from a number to a point, a complex number in points; a segment takes its ends and directions from it.
With `SEGMENTS` of them a period, no line of ours is 0.02 mm off its curve. What repeats is written once more with another
matrix: equal bytes deflate to almost nothing, so a border of a thousand segments costs some kilobytes.
"""

import cmath
import math
import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from certificates.drawing.design import Color
from typesetting import Artwork, form

Curve = Callable[[float], complex]
Segment = tuple[complex, complex, complex, complex]

SEGMENTS = 6
# Coordinates are written as whole hundredths of a point: 0.0035 mm.
_UNIT = 0.01
_STEP = 1e-5
# Of a quarter circle.
_KAPPA = 0.5522847498


def fitted(curve: Curve, start: float, end: float, segments: int) -> list[Segment]:
    """The curve from `start` to `end` as cubic Bezier segments of four points each."""
    at = [start + (end - start) * number / segments for number in range(segments + 1)]
    reach = (end - start) / segments / 3
    return [
        (curve(t), curve(t) + _slope(curve, t) * reach, curve(u) - _slope(curve, u) * reach, curve(u))
        for t, u in pairwise(at)
    ]


def _slope(curve: Curve, t: float) -> complex:
    return (curve(t + _STEP) - curve(t - _STEP)) / (2 * _STEP)


def path(segments: Sequence[Segment]) -> str:
    """The operators of segments that follow one another, in hundredths of a point."""
    parts = [f"{_point(segments[0][0])} m"]
    parts += [" ".join([*map(_point, segment[1:]), "c"]) for segment in segments]
    return " ".join(parts)


def _point(point: complex) -> str:
    return f"{round(point.real / _UNIT)} {round(point.imag / _UNIT)}"


class Plate:
    """An ornament under construction, in a space of `width` by `height` points."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._operators: list[str] = []

    def pen(self, color: Color, width: float) -> None:
        """Color and width in points of the lines that follow. Their ends are round, so that no seam of two shows."""
        self._operators.append(f"{_color(color)} RG {width / _UNIT:.1f} w 1 J 1 j")

    def at(self, origin: complex, turn: float, operators: str) -> None:
        """A path around (0, 0), turned by `turn` radians and moved to `origin`."""
        cosine, sine = math.cos(turn), math.sin(turn)
        matrix = " ".join(f"{part:.6f}" for part in (cosine, sine, -sine, cosine))
        self._operators.append(f"q {matrix} {_point(origin)} cm {operators} Q")

    def scaled(self, origin: complex, turn: float, scale: float, color: Color, operators: str) -> None:
        """A path in units of its own, filled."""
        a, b = scale / _UNIT * math.cos(turn), scale / _UNIT * math.sin(turn)
        matrix = " ".join(f"{part:.6f}" for part in (a, b, -b, a))
        self._operators.append(f"q {_color(color)} rg {matrix} {_point(origin)} cm {operators} f Q")

    def dash(self, dash: float, gap: float) -> None:
        """Lines that follow are dashes and gaps of these points."""
        self._operators.append(f"[{dash / _UNIT:.1f} {gap / _UNIT:.1f}] 0 d")

    def line(self, start: complex, end: complex) -> None:
        self._operators.append(f"{_point(start)} m {_point(end)} l S")

    def box(self, left: float, bottom: float, width: float, height: float, radius: float = 0) -> None:
        """A rectangle with round corners."""
        self._operators.append(f"{rounded(left, bottom, width, height, radius)} S")

    def fill(self, color: Color, operators: str) -> None:
        self._operators.append(f"{_color(color)} rg {operators} f")

    def artwork(self) -> Artwork:
        operators = f"{_UNIT} 0 0 {_UNIT} 0 0 cm " + "\n".join(self._operators)
        return form(self.width, self.height, zlib.compress(operators.encode(), 9), resources="<< >>")


def _color(color: Color) -> str:
    return " ".join(f"{part:.3f}" for part in color)


def rounded(left: float, bottom: float, width: float, height: float, radius: float) -> str:
    """The operators of a rectangle with round corners."""
    right, top, bend = left + width, bottom + height, radius * (1 - _KAPPA)
    corners = (
        (complex(right - radius, bottom), complex(right - bend, bottom), complex(right, bottom + bend), complex(right, bottom + radius)),
        (complex(right, top - radius), complex(right, top - bend), complex(right - bend, top), complex(right - radius, top)),
        (complex(left + radius, top), complex(left + bend, top), complex(left, top - bend), complex(left, top - radius)),
        (complex(left, bottom + radius), complex(left, bottom + bend), complex(left + bend, bottom), complex(left + radius, bottom)),
    )  # fmt: skip
    parts = [f"{_point(complex(left + radius, bottom))} m"]
    for start, first, second, end in corners:
        parts.append(f"{_point(start)} l {_point(first)} {_point(second)} {_point(end)} c")
    return " ".join([*parts, "h"])


def circle(radius: float) -> str:
    """The operators of a circle around (0, 0)."""
    return rounded(-radius, -radius, 2 * radius, 2 * radius, radius)


# --- Strands of a band -------------------------------------------------------------------------------------------


def strand(period: float, swing: float, waves: int, phase: float, *, waist: float) -> Curve:
    """A wave of `waves` crests along the x-axis within a period from 0 to 1, narrower by `waist` in its middle."""

    def curve(t: float) -> complex:
        width = swing * (1 - waist * (1 - math.cos(2 * math.pi * t)) / 2)
        return complex(period * t, width * math.sin(2 * math.pi * waves * t + phase))

    return curve


def strands(period: float, swing: float, waves: int, count: int, *, waist: float) -> str:
    """One period of as many strands, evenly out of step. Where a period ends, the next one begins."""
    curves = (
        strand(period, swing, waves, 2 * math.pi * number / count, waist=waist) for number in range(count)
    )
    return _stroked(path(fitted(curve, 0, 1, SEGMENTS * waves)) for curve in curves)


def _stroked(paths: Iterable[str]) -> str:
    return " ".join([*paths, "S"])


def lay_band(plate: Plate, start: complex, end: complex, period: float, tile: Callable[[float], str]) -> None:
    """A band from `start` to `end` in whole periods, each about as long as `period`."""
    length, turn = abs(end - start), cmath.phase(end - start)
    count = max(round(length / period), 1)
    operators = tile(length / count)
    for number in range(count):
        plate.at(start + (end - start) * number / count, turn, operators)


# --- Rosettes ----------------------------------------------------------------------------------------------------


def petal(radius: float, petals: int, phase: float, *, depth: float, inner: float) -> Curve:
    """A closed curve around (0, 0) that swings `petals` times, for t from 0 to `petals`.

    It keeps between `inner` and 1 of the radius; `depth` is the share of that of a second swing, twice as fast.
    """
    middle, swing = radius * (1 + inner) / 2, radius * (1 - inner) / 2

    def curve(t: float) -> complex:
        turn = 2 * math.pi * t
        wave = (1 - depth) * math.cos(turn + phase) + depth * math.cos(2 * turn - phase)
        return cmath.rect(middle + swing * wave, turn / petals)

    return curve


@lru_cache(maxsize=64)
def rosette(radius: float, petals: int, count: int, *, depth: float = 0.2, inner: float = 0.4) -> str:
    """The operators of as many closed curves of petals, evenly out of step, around (0, 0)."""
    sector = " ".join(
        path(
            fitted(
                petal(radius, petals, 2 * math.pi * number / count, depth=depth, inner=inner),
                0,
                1,
                2 * SEGMENTS,
            )
        )
        for number in range(count)
    )
    turn = 2 * math.pi / petals
    parts = []
    for number in range(petals):
        cosine, sine = math.cos(number * turn), math.sin(number * turn)
        parts.append(f"q {cosine:.6f} {sine:.6f} {-sine:.6f} {cosine:.6f} 0 0 cm {sector} S Q")
    return " ".join(parts)
