"""Figures of one item: how hard it is, whether those who know more get it right, and what was answered. Independent of Django.

- *Facility*: the mean share of the points.
- *Discrimination*: Pearson's r of the share and the score on the rest of the paper, the item itself left out ("corrected item-total correlation"; Henrysson,
  "Correction of item-total correlations in item analysis", Psychometrika 28, 1963). Papers may be drawn: the rest is what each person had besides.
- *Index*: mean share of the upper 27 % by score on the whole paper, less that of the lower 27 % (Kelley 1939, see `groups`).
- *Answers*: how many of the upper, middle and lower third gave each. A wrong answer that the upper third prefers is a sign of a wrong key.

A negative discrimination says that those who know more get it wrong more often: its author has to look at the key and the words.
"""

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from assessment.analysis.exact import SCALE, Moments, correlation, deviation
from assessment.analysis.groups import TAIL, Third, tail_weights, thirds
from assessment.analysis.taken import LEAST, Column, Columns, TooFew

# Of typed answers there are many: the most frequent ones are shown.
MOST_ANSWERS = 20


@dataclass(frozen=True)
class AnswerCount:
    """How many of each third gave this answer; None where nothing was answered. Of several ticks each counts."""

    answer: str | None
    upper: int
    middle: int
    lower: int

    @property
    def total(self) -> int:
        return self.upper + self.middle + self.lower


@dataclass(frozen=True)
class ItemFigures:
    """`discrimination` is None where the share or the rest does not vary, or where the paper has no other item."""

    n: int
    facility: float
    deviation: float
    discrimination: float | None
    index: float
    answers: tuple[AnswerCount, ...]
    # Of different answers, those that are not shown.
    others: int

    @property
    def is_negative(self) -> bool:
        return self.discrimination is not None and self.discrimination < 0


def item_figures(columns: Columns, item: Hashable) -> ItemFigures | TooFew:
    column = columns.items.get(item) or Column()
    if len(column) < LEAST:
        return TooFew(len(column))
    shares = Moments()
    for share in column.shares:
        shares.add(share)
    scores = [columns.score(row) for row in column.rows]
    answers = _answers(column, scores)
    return ItemFigures(
        n=len(column),
        facility=float(shares.mean),
        deviation=deviation(shares.variance),
        discrimination=correlation(_with_the_rest(columns, column)),
        index=_index(column, scores),
        answers=tuple(answers[:MOST_ANSWERS]),
        others=len(answers[MOST_ANSWERS:]),
    )


def all_figures(columns: Columns) -> Iterator[tuple[Hashable, ItemFigures | TooFew]]:
    """Item by item, in the order in which items were met."""
    return ((item, item_figures(columns, item)) for item in columns.items)


def _with_the_rest(columns: Columns, column: Column) -> Iterator[tuple[int, int]]:
    for answered in column:
        rest = columns.rest(answered)
        if rest is not None:
            yield answered.share, rest


def _index(column: Column, scores: list[int]) -> float:
    """By sums of shares for each score, so that a weight is multiplied once."""
    earned: Counter[int] = Counter()
    for score, share in zip(scores, column.shares, strict=True):
        earned[score] += share
    difference = sum(
        ((upper - lower) * earned[score] for score, (lower, upper) in tail_weights(scores).items()),
        Fraction(0),
    )
    return float(difference / (TAIL * len(scores) * SCALE))


def _answers(column: Column, scores: list[int]) -> list[AnswerCount]:
    """The most frequent first, those with equal numbers in the order of the alphabet, and nothing last."""
    third_of = thirds(scores)
    counts: dict[str | None, Counter[Third]] = {}
    for answered, score in zip(column, scores, strict=True):
        for answer in answered.chosen or (None,):
            counts.setdefault(answer, Counter())[third_of[score]] += 1
    rows = [
        AnswerCount(answer, by[Third.UPPER], by[Third.MIDDLE], by[Third.LOWER])
        for answer, by in counts.items()
    ]
    return sorted(rows, key=lambda row: (row.answer is None, -row.total, row.answer or ""))
