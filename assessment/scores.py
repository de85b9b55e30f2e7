"""From shares to the score of an attempt. Knows no Django."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from assessment.marking.question import total_percent

_WHOLE = Fraction(100)


def percent_of(points: Sequence[int], shares: Sequence[Fraction | None]) -> Fraction:
    """The percentage of the points that was earned. A question without a share does not count; where none counts, no one fails by it."""
    counted = [(weight, share) for weight, share in zip(points, shares, strict=True) if share is not None]
    if not counted:
        return _WHOLE
    return total_percent([weight for weight, _share in counted], [share for _weight, share in counted])


def as_score(percent: Fraction) -> Decimal:
    """As it is kept: rounded down, so that no one reads a pass mark that was not reached."""
    return _decimal(percent, "0.01")


def as_mark(share: Fraction | None) -> Decimal:
    """The mark of an answer as it is kept; that of a question that does not count is 0."""
    return _decimal(share or Fraction(0), "0.0001")


def _decimal(number: Fraction, places: str) -> Decimal:
    return (Decimal(number.numerator) / number.denominator).quantize(Decimal(places), ROUND_DOWN)
