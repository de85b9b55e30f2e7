"""How far two markers of the same works agree, beyond chance. Independent of Django.

- *Kappa*: Cohen, "A coefficient of agreement for nominal scales", Educ. Psychol. Meas. 20 (1960). Any difference is one.
- *Weighted kappa*: Cohen, "Weighted kappa", Psychol. Bull. 70 (1968). A difference counts by its size (linear) or by its square (quadratic), in marks, not in their
  ranks: the same where the steps of the scale are equal.

All three are 1 for equal marks, 0 for what chance gives, and None where chance alone gives agreement: both gave one and the same mark throughout.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from assessment.analysis.taken import LEAST, TooFew

type Mark = Fraction | Decimal | int


class Marked(NamedTuple):
    """What a marker gave a work before seeing what another one gave."""

    work: Hashable
    marker: Hashable
    mark: Mark


@dataclass(frozen=True)
class Agreement:
    """`same` is the share of works with equal marks."""

    n: int
    same: float
    kappa: float | None
    linear: float | None
    quadratic: float | None


def agreement_by_pair(
    marks: Iterable[Marked], *, least: int = LEAST
) -> dict[frozenset[Hashable], Agreement | TooFew]:
    """For each pair of markers, over the works that both marked. Where one marked a work again, the first mark counts."""
    by_work: dict[Hashable, dict[Hashable, Mark]] = {}
    for given_first in marks:
        by_work.setdefault(given_first.work, {}).setdefault(given_first.marker, given_first.mark)
    pairs: dict[frozenset[Hashable], list[tuple[Mark, Mark]]] = {}
    first_of: dict[frozenset[Hashable], Hashable] = {}
    for given in by_work.values():
        for one, other in combinations(given, 2):
            pair = frozenset((one, other))
            # One of the two is always the first, as the first to mark a work may be either.
            first = first_of.setdefault(pair, one)
            second = other if first == one else one
            pairs.setdefault(pair, []).append((given[first], given[second]))
    return {pair: agreement(both, least=least) for pair, both in pairs.items()}


def agreement(both: Iterable[tuple[Mark, Mark]], *, least: int = LEAST) -> Agreement | TooFew:
    """Of the two marks of each work, `TooFew` for fewer works than `least`."""
    marks = [(Fraction(one), Fraction(other)) for one, other in both]
    n = len(marks)
    if n < least:
        return TooFew(n)
    firsts, seconds = Counter(one for one, _other in marks), Counter(other for _one, other in marks)
    apart = Counter(abs(one - other) for one, other in marks)
    by_chance: Counter[Fraction] = Counter()
    for one, times in firsts.items():
        for other, times_other in seconds.items():
            by_chance[abs(one - other)] += times * times_other
    return Agreement(
        n=n,
        same=apart[Fraction(0)] / n,
        kappa=_kappa({distance: Fraction(bool(distance)) for distance in by_chance}, apart, by_chance),
        linear=_kappa({distance: distance for distance in by_chance}, apart, by_chance),
        quadratic=_kappa({distance: distance**2 for distance in by_chance}, apart, by_chance),
    )


def _kappa(
    weights: Mapping[Fraction, Fraction], apart: Mapping[Fraction, int], by_chance: Mapping[Fraction, int]
) -> float | None:
    """1 less the disagreement found by that of chance. `by_chance` is of every first mark with every second one."""
    expected = sum((weights[distance] * times for distance, times in by_chance.items()), Fraction(0))
    if not expected:
        return None
    found = sum((weights[distance] * times for distance, times in apart.items()), Fraction(0))
    n = sum(apart.values())
    return float(1 - n * found / expected)
