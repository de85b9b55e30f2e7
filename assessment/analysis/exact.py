"""Sums that do not depend on the order of what is added. Independent of Django.

A share is counted in whole units of 1 / SCALE: exact for decimals of up to 10 places and for denominators up to 20, rounded once for any other. Means,
variances and correlations are taken from exact sums of these, and become floats in the last step.
"""

import math
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

# The least common multiple of 1 to 20, times a power of 10. Shares fit into 64 bits.
SCALE = 232_792_560 * 10**6


def units(share: Fraction | Decimal | int) -> int:
    """A share from 0 to 1 in units."""
    numerator, denominator = share.as_integer_ratio()
    return nearest(numerator * SCALE, denominator)


def nearest(numerator: int, denominator: int) -> int:
    """The nearest whole number; halves go up."""
    return (2 * numerator + denominator) // (2 * denominator)


class Moments:
    """Sums of one variable in units."""

    __slots__ = ("count", "squares", "total")

    def __init__(self) -> None:
        self.count = self.total = self.squares = 0

    def add(self, value: int) -> None:
        self.count += 1
        self.total += value
        self.squares += value * value

    @property
    def spread(self) -> int:
        """n times the sum of squared distances from the mean, in units squared: 0 where all are equal."""
        return self.count * self.squares - self.total * self.total

    @property
    def mean(self) -> Fraction:
        return Fraction(self.total, self.count * SCALE)

    @property
    def variance(self) -> Fraction:
        """Of a sample (n - 1); at least two values."""
        return Fraction(self.spread, self.count * (self.count - 1) * SCALE * SCALE)


def deviation(variance: Fraction) -> float:
    return math.sqrt(variance)


def correlation(pairs: Iterable[tuple[int, int]]) -> float | None:
    """Pearson's r of two variables in units; None where one of them does not vary."""
    first, second, products = Moments(), Moments(), 0
    for one, other in pairs:
        first.add(one)
        second.add(other)
        products += one * other
    if not (first.spread and second.spread):
        return None
    together = first.count * products - first.total * second.total
    return max(-1.0, min(1.0, together / (math.sqrt(first.spread) * math.sqrt(second.spread))))
