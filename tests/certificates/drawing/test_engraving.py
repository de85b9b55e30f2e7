"""Engraved lines are smooth, close where they began, and cost little."""

import cmath
import math

import pytest

from certificates.drawing.engraving import (
    SEGMENTS,
    Curve,
    Segment,
    fitted,
    petal,
    strand,
)
from certificates.drawing.kinds.ornaments import border, ground, large_rosette, medallion, microtext
from typesetting import mm

GREEN, GOLD = (0.05, 0.4, 0.36), (0.68, 0.51, 0.14)
STRANDS = {
    "accent": strand(17 * mm, 3.6 * mm, 2, 0.7, waist=0.62),
    "second": strand(17 * mm, 2.2 * mm, 3, 0.3, waist=-0.35),
}
PETALS = {
    "corner": petal(5.6 * mm, 12, 0.7, depth=0.22, inner=0.42),
    "behind": petal(68 * mm, 24, 0.7, depth=0.22, inner=0.62),
    "hub": petal(24 * mm, 12, 0.7, depth=0.1, inner=0.3),
}


def at(segment: Segment, share: float) -> complex:
    start, first, second, end = segment
    rest = 1 - share
    return rest**3 * start + 3 * rest**2 * share * first + 3 * rest * share**2 * second + share**3 * end


def furthest(curve: Curve, end: float, segments: int) -> float:
    """How far, in millimeters, the drawn line is from its curve."""
    drawn = fitted(curve, 0, end, segments)
    points = [curve(end * step / 4000) for step in range(4001)]
    worst = 0.0
    for number, segment in enumerate(drawn):
        # Where a point of a segment can be: its stretch of the curve and a little more.
        first = max(0, int(4000 * (number - 0.2) / segments))
        last = min(4000, int(4000 * (number + 1.2) / segments) + 1)
        for share in (0.15, 0.3, 0.5, 0.7, 0.85):
            point = at(segment, share)
            worst = max(worst, min(abs(point - one) for one in points[first : last + 1]))
    return worst / mm


@pytest.mark.parametrize("name", STRANDS)
def test_a_strand_is_its_curve_within_two_hundredths_of_a_millimeter(name: str):
    waves = {"accent": 2, "second": 3}[name]

    assert furthest(STRANDS[name], 1, SEGMENTS * waves) < 0.02


@pytest.mark.parametrize("name", PETALS)
def test_a_rosette_is_its_curve_within_two_hundredths_of_a_millimeter(name: str):
    assert furthest(PETALS[name], 1, 2 * SEGMENTS) < 0.02


@pytest.mark.parametrize("curve", STRANDS.values())
def test_a_period_ends_where_and_as_the_next_begins(curve: Curve):
    first, last = fitted(curve, 0, 1, 12)[0], fitted(curve, 0, 1, 12)[-1]
    period = complex(17 * mm, 0)

    assert last[3] == pytest.approx(first[0] + period)
    assert cmath.phase(last[3] - last[2]) == pytest.approx(cmath.phase(first[1] - first[0]), abs=1e-3)


@pytest.mark.parametrize(("curve", "petals"), [(PETALS["corner"], 12), (PETALS["behind"], 24)])
def test_a_rosette_closes(curve: Curve, petals: int):
    assert curve(petals) == pytest.approx(curve(0))
    # Each petal is the one before, turned.
    assert curve(1.3) == pytest.approx(curve(0.3) * cmath.rect(1, 2 * math.pi / petals))


def test_the_ornaments_of_a_page_take_some_kilobytes():
    words = "جمهورية مصر العربية · وزارة العمل · ARAB REPUBLIC OF EGYPT · MINISTRY OF LABOR ·"
    made = [
        border(285 * mm, 198 * mm, GREEN, GOLD),
        large_rosette(120 * mm, 120 * mm, GREEN, GOLD),
        microtext(257 * mm, 0.5 * mm, GREEN, words),
        medallion(25 * mm, GREEN, GOLD),
        ground(85.6 * mm, 53.98 * mm, GREEN, GOLD),
    ]

    assert sum(len(artwork.data) for artwork in made) < 50_000
