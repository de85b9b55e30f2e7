"""How far the scores of people would come out the same with other questions of the kind. Independent of Django.

Where more than half of the people had the same items: *Cronbach's alpha* of these people ("Coefficient alpha and the internal structure of tests", Psychometrika
16, 1951), on points.

Where papers are drawn, people have different items, and most pairs of items were never answered by the same person; a covariance matrix of such pairs need
not be one of any scores. There the coefficient is that of *items nested in persons* (Cronbach, Rajaratnam & Gleser, "Theory of generalizability",
Brit. J. Stat. Psychol. 16, 1963; Brennan, *Generalizability Theory*, 2001, design i:p; as ICC(1,k) in Shrout & Fleiss, 1979): 1 less the
mean square within persons by that between persons. It is of those whose papers have the most frequent number of items and of points. It is as a rule
below alpha, because a paper that was harder by the draw counts as an error.

The *standard error of measurement* is the standard deviation of the scores times the root of 1 less the coefficient.
"""

import math
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from assessment.analysis.exact import SCALE
from assessment.analysis.taken import LEAST, Columns, TooFew


class Coefficient(StrEnum):
    ALPHA = "alpha"
    NESTED = "nested"


@dataclass(frozen=True)
class Reliability:
    """Mean, deviation and error are shares of the paper. `value` is None for one item, and where all scores are equal; so is `error`."""

    n: int
    items: int
    coefficient: Coefficient
    value: float | None
    mean: float
    deviation: float
    error: float | None


def reliability(columns: Columns) -> Reliability | TooFew:
    rows = _same_paper(columns)
    coefficient = Coefficient.ALPHA if 2 * len(rows) > len(columns) else Coefficient.NESTED
    if coefficient == Coefficient.NESTED:
        rows = _same_size(columns)
    if len(rows) < LEAST:
        return TooFew(len(rows))
    some = next(iter(rows))
    items, possible = columns.lengths[some], columns.possible[some]
    totals = [columns.earned[row] for row in rows]
    spread = _spread(totals)
    if items < 2 or not spread:
        value = None
    elif coefficient == Coefficient.ALPHA:
        value = 1 - Fraction(_spread_of_items(columns, rows), spread)
        value *= Fraction(items, items - 1)
    else:
        value = 1 - _within(columns, rows, totals, items) / _between(totals, items)
    n = len(totals)
    deviation = math.sqrt(Fraction(spread, n * (n - 1) * (SCALE * possible) ** 2))
    return Reliability(
        n=n,
        items=items,
        coefficient=coefficient,
        value=None if value is None else float(value),
        mean=float(Fraction(sum(totals), n * SCALE * possible)),
        deviation=deviation,
        error=None if value is None else deviation * math.sqrt(max(Fraction(0), 1 - value)),
    )


def _same_paper(columns: Columns) -> set[int]:
    """The largest group of people with the same items and points, found item by item: who differs in one is told apart there."""
    group, fresh = [0] * len(columns), 1
    for column in columns.items.values():
        renamed: dict[tuple[int, int], int] = {}
        for row, points in zip(column.rows, column.points, strict=True):
            group[row] = renamed.setdefault((group[row], points), fresh + len(renamed))
        fresh += len(renamed)
    if not group:
        return set()
    largest, _size = Counter(group).most_common(1)[0]
    return {row for row, one in enumerate(group) if one == largest}


def _same_size(columns: Columns) -> set[int]:
    sizes = list(zip(columns.lengths, columns.possible, strict=True))
    if not sizes:
        return set()
    counted = Counter(sizes)
    # Of two that are as frequent, the longer one, whatever the order of rows.
    chosen = max(counted, key=lambda size: (counted[size], size))
    return {row for row, size in enumerate(sizes) if size == chosen}


def _spread(values: list[int]) -> int:
    """n times the sum of squared distances from the mean."""
    return len(values) * sum(value * value for value in values) - sum(values) ** 2


def _spread_of_items(columns: Columns, rows: set[int]) -> int:
    spread = 0
    for column in columns.items.values():
        earned = [one.share * one.points for one in column if one.row in rows]
        spread += _spread(earned) if earned else 0
    return spread


def _between(totals: list[int], items: int) -> Fraction:
    """The mean square between persons."""
    return Fraction(_spread(totals), items * len(totals) * (len(totals) - 1))


def _within(columns: Columns, rows: set[int], totals: list[int], items: int) -> Fraction:
    """The mean square of items within persons."""
    squares = sum(
        (share * points) ** 2
        for column in columns.items.values()
        for row, share, points in zip(column.rows, column.shares, column.points, strict=True)
        if row in rows
    )
    of_totals = sum(total * total for total in totals)
    return Fraction(items * squares - of_totals, items * len(totals) * (items - 1))
