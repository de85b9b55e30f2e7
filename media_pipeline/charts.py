"""Draws a curve over the time of a video as SVG paths. Free of Django: templates hold the text around it."""

from collections.abc import Sequence
from dataclasses import dataclass

TICKS = 4


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the time axis: the second it names, its position, and which end of its text is anchored there."""

    second: float
    x: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Curve:
    """Steps in a box as wide as the video has seconds and 100 high; time runs in the reading direction.

    `line` and `area` are path data, `transform` mirrors them for right-to-left pages, `band` is the marked
    stretch (start and length in seconds).
    """

    width: str
    line: str
    area: str
    transform: str
    band: tuple[str, str] | None
    ticks: list[Tick]


def step_curve(
    steps: Sequence[tuple[float, float, float]],
    *,
    is_mirrored: bool,
    band: tuple[float, float] | None = None,
) -> Curve:
    """Draw (start, end, percent) in seconds, one after the other; `band` is a stretch to mark."""
    width = steps[-1][1] if steps else 1.0
    points = [f"V{_short(100 - percent)} H{_short(end)}" for _start, end, percent in steps]
    first = f"M0 {_short(100 - steps[0][2])}" if steps else "M0 100"
    return Curve(
        width=_short(width),
        line=" ".join([first, *points]),
        area=" ".join(["M0 100", *points, "V100 Z"]),
        transform=f"translate({_short(width)} 0) scale(-1 1)" if is_mirrored else "",
        band=(_short(band[0]), _short(band[1] - band[0])) if band else None,
        ticks=[_tick(number, width, is_mirrored=is_mirrored) for number in range(TICKS + 1)],
    )


def _tick(number: int, width: float, *, is_mirrored: bool) -> Tick:
    place = TICKS - number if is_mirrored else number
    anchor = {0: "start", TICKS: "end"}.get(place, "middle")
    return Tick(width * number / TICKS, f"{_short(100 * place / TICKS)}%", anchor)


def _short(number: float) -> str:
    """Two decimals at most, without an exponent."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
