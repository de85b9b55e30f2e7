"""From shares to the score of an attempt. Knows no Django."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal
from fractions import Fraction

from assessment.marking.question import total_percent

_WHOLE = Fraction(100)
_HUNDREDTH = Decimal("0.01")
_STEP_OF_MARKS = Decimal("0.0001")


def percent_of(points: Sequence[int], shares: Sequence[Fraction | None]) -> Fraction:
    """The percentage of the points that was earned. A question without a share does not count; where none counts, no one fails by it."""
    counted = [(weight, share) for weight, share in zip(points, shares, strict=True) if share is not None]
    if not counted:
        return _WHOLE
    return total_percent([weight for weight, _share in counted], [share for _weight, share in counted])


def not_lowered(
    points: Sequence[int], shares: Sequence[Fraction | None], floors: Mapping[int, Fraction]
) -> list[Fraction | None]:
    """The shares that count where a person decided on an appeal that some slots earn at least `floors`, each from 0 to 1.

    A share below is raised to it. A slot without a share, as its question counts for no one, is left out like that of others; but where that would lower the percentage, the
    slot counts with what the person gave.
    """
    found = list(shares)
    for slot, floor in sorted(floors.items(), key=lambda one: (-one[1], one[0])):
        share = found[slot]
        if share is not None:
            found[slot] = max(share, floor)
            continue
        counted = [*found[:slot], floor, *found[slot + 1 :]]
        if percent_of(points, counted) > percent_of(points, found):
            found = counted
    return found


def as_score(percent: Fraction) -> Decimal:
    """As it is kept: rounded down, so that no one reads a pass mark that was not reached."""
    return _decimal(percent, "0.01")


def as_mark(share: Fraction | None) -> Decimal:
    """The mark of an answer as it is kept; that of a question that does not count is 0."""
    return _decimal(share or Fraction(0), "0.0001")


def as_points(mark: Decimal, points: int) -> Decimal:
    """What an answer earned of its points, by its mark as it is kept: rounded down to two places, as percents are.

    The mark was rounded down itself. Where the shares that are kept as it include one that earns a hundredth exactly, that is what was earned: two thirds of 3
    points, kept as 0.6666, are 2.
    """
    nearest = (mark * points).quantize(_HUNDREDTH, ROUND_CEILING)
    if nearest < (mark + _STEP_OF_MARKS) * points:
        return nearest
    return (mark * points).quantize(_HUNDREDTH, ROUND_DOWN)


def _decimal(number: Fraction, places: str) -> Decimal:
    return (Decimal(number.numerator) / number.denominator).quantize(Decimal(places), ROUND_DOWN)
