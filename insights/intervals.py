"""Shares of small numbers with what chance alone makes of them. Independent of Django."""

import math
from typing import NamedTuple

# Of a normal distribution: 95 % lie within so many standard deviations.
Z = 1.959964


class Share(NamedTuple):
    """A share and its interval, in percent."""

    percent: float
    low: float
    high: float


def wilson(part: float, whole: int, *, sample: int | None = None) -> Share | None:
    """The score interval of Wilson (1927), with which a share of 0 or 100 % of few is no certainty; None of nothing.

    `sample` is the number of independent observations, where it is not the whole: classes of the same person are not.
    """
    if whole <= 0:
        return None
    share, n = part / whole, sample if sample is not None else whole
    if n <= 0:
        return None
    base = 1 + Z * Z / n
    middle = (share + Z * Z / (2 * n)) / base
    half = Z / base * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return Share(100 * share, 100 * max(0.0, middle - half), 100 * min(1.0, middle + half))
