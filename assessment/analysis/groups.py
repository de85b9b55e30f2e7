"""Who scored high and low, whatever the order of equal scores. Independent of Django."""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction

# Kelley, "The selection of upper and lower groups for the validation of test items", J. Educ. Psychol. 30 (1939).
TAIL = Fraction(27, 100)


class Third(StrEnum):
    UPPER = "upper"
    MIDDLE = "middle"
    LOWER = "lower"


def tail_weights(scores: Sequence[int]) -> Mapping[int, tuple[Fraction, Fraction]]:
    """By score, how much of everyone with it is in the lower and in the upper 27 %.

    Whole people up to the score at the edge, there a part of each: so both groups have exactly 27 %, and no tie is broken by chance.
    """
    counted = Counter(scores)
    size = TAIL * len(scores)
    lower, upper = (
        _from_one_end(counted, sorted(counted), size),
        _from_one_end(counted, sorted(counted, reverse=True), size),
    )
    return {score: (lower[score], upper[score]) for score in counted}


def _from_one_end(counted: Mapping[int, int], order: Sequence[int], size: Fraction) -> dict[int, Fraction]:
    weights, left = {}, size
    for score in order:
        taken = min(left, Fraction(counted[score]))
        weights[score] = taken / counted[score]
        left -= taken
    return weights


def thirds(scores: Sequence[int]) -> Mapping[int, Third]:
    """By score, the third in which everyone with it is: by the middle of their ranks. Thirds are of different size where many are equal."""
    counted = Counter(scores)
    third, below = {}, 0
    for score in sorted(counted):
        # Twice the middle rank, so that all is whole.
        middle = 2 * below + counted[score]
        below += counted[score]
        if 3 * middle < 2 * len(scores):
            third[score] = Third.LOWER
        elif 3 * middle > 4 * len(scores):
            third[score] = Third.UPPER
        else:
            third[score] = Third.MIDDLE
    return third
