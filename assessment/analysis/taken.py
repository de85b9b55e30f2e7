"""The rows that are analyzed, kept in columns: 18 bytes for each answer. Independent of Django."""

from array import array
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from assessment.analysis.exact import nearest, units

# Rows. Of fewer, a figure says more about the people than about the question, and who knows the group could tell who answered what.
LEAST = 30
# Characters. A longer answer is counted as answered, and not shown.
LONGEST_ANSWER = 200

# What was chosen: ids of options, pairs of them as "stem: choice", or a typed text. Nothing where nothing was answered.
type Chosen = tuple[str, ...]
LONG: Chosen = ("…",)


@dataclass(frozen=True)
class TooFew:
    """In place of a figure: fewer rows than `LEAST`. `n` is how many there are."""

    n: int


@dataclass(frozen=True)
class Slot:
    """One place on a paper. `item` names the version of the question; `share` is of its points, from 0 to 1."""

    item: Hashable
    points: int
    share: Fraction | Decimal | int
    response: Any = None


@dataclass(frozen=True)
class Taken:
    """One marked attempt; `number` counts the attempts of this person at this paper from 1."""

    person: Hashable
    number: int
    slots: Sequence[Slot]


class Answered(NamedTuple):
    """One answer to one item."""

    row: int
    share: int
    points: int
    chosen: Chosen


@dataclass
class Column:
    """The answers to one item, as parallel arrays; `codes` point into `answers`."""

    rows: array[int] = field(default_factory=lambda: array("I"))
    shares: array[int] = field(default_factory=lambda: array("q"))
    points: array[int] = field(default_factory=lambda: array("H"))
    codes: array[int] = field(default_factory=lambda: array("I"))
    answers: dict[Chosen, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Answered]:
        named = list(self.answers)
        columns = zip(self.rows, self.shares, self.points, self.codes, strict=True)
        return (Answered(row, share, points, named[code]) for row, share, points, code in columns)

    def add(self, row: int, share: int, points: int, chosen: Chosen) -> None:
        self.rows.append(row)
        self.shares.append(share)
        self.points.append(points)
        self.codes.append(self.answers.setdefault(chosen, len(self.answers)))


class Columns:
    """First attempts of people, each person once: give the rows in the order in which they began.

    A paper on which nothing has points is left out: it has no score.
    """

    def __init__(self, rows: Iterable[Taken] = ()) -> None:
        self.items: dict[Hashable, Column] = {}
        # Of each row: what was earned, in units times points, and what could be earned.
        self.earned: list[int] = []
        self.possible: list[int] = []
        self.lengths: list[int] = []
        self._seen: set[Hashable] = set()
        self._units: dict[tuple[int, int], int] = {}
        for row in rows:
            self.add(row)

    def __len__(self) -> int:
        return len(self.earned)

    def add(self, taken: Taken) -> None:
        if taken.number != 1 or taken.person in self._seen:
            return
        possible = sum(slot.points for slot in taken.slots)
        if not possible:
            return
        self._seen.add(taken.person)
        row, earned = len(self.earned), 0
        for slot in taken.slots:
            share = self._in_units(slot.share)
            earned += share * slot.points
            column = self.items.get(slot.item)
            if column is None:
                column = self.items[slot.item] = Column()
            column.add(row, share, slot.points, chosen_in(slot.response))
        self.earned.append(earned)
        self.possible.append(possible)
        self.lengths.append(len(taken.slots))

    def score(self, row: int) -> int:
        """The share of the whole paper, in units: what papers are put in order by."""
        return nearest(self.earned[row], self.possible[row])

    def rest(self, answered: Answered) -> int | None:
        """The share of the paper without this item, in units; None where nothing else has points."""
        others = self.possible[answered.row] - answered.points
        if not others:
            return None
        return nearest(self.earned[answered.row] - answered.share * answered.points, others)

    def _in_units(self, share: Fraction | Decimal | int) -> int:
        # Few shares occur, and a ratio is quicker to look up than a Decimal.
        ratio = share.as_integer_ratio()
        found = self._units.get(ratio)
        if found is None:
            found = self._units[ratio] = units(share)
        return found


def chosen_in(response: Any) -> Chosen:
    """What was chosen in a response, in the form that `assessment.marking` keeps."""
    match response:
        case None | "" | []:
            return ()
        case str():
            return LONG if len(response) > LONGEST_ANSWER else (response,)
        case dict():
            parts = [f"{key}: {value}" for key, value in response.items()]
        case list() | tuple() | set() | frozenset():
            parts = [str(one) for one in response]
        case _:
            parts = [str(response)]
    chosen = tuple(sorted(parts))
    return LONG if sum(map(len, chosen)) > LONGEST_ANSWER * 10 else chosen
