"""The paper of one attempt: which questions are asked, in which order. Independent of Django.

A blueprint is a list of sections; each has questions that are always asked, and draws of so many from a pool. The same blueprint, pools,
history and seed make the same paper.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assessment.chance import Chance


@dataclass(frozen=True)
class Fixed:
    """A question that is asked in every attempt, by its key."""

    question: int
    points: int = 1


@dataclass(frozen=True)
class Draw:
    """So many questions of a pool: keys of questions, each once."""

    pool: Sequence[int]
    count: int
    points: int = 1


@dataclass(frozen=True)
class Section:
    parts: Sequence[Fixed | Draw]
    is_shuffled: bool = False


class Slot(NamedTuple):
    """A place on the paper. Sections count from 0."""

    question: int
    points: int
    section: int


class PoolTooSmall(ValueError):
    """The pools together have too few questions for their draws. `section` and `part` are where the first is missing, from 0."""

    def __init__(self, section: int, part: int) -> None:
        super().__init__(f"section {section}, part {part}")
        self.section, self.part = section, part


class AskedTwice(ValueError):
    """A question is fixed in two places."""


def draw_paper(sections: Sequence[Section], *, asked_before: Mapping[int, int], chance: Chance) -> list[Slot]:
    """The questions of one attempt. `asked_before`: how often each question was asked of this person.

    A draw takes questions that were asked least often first, so that none comes again before its pool is used up, unless another
    draw needs them. No question is on a paper twice. Raises PoolTooSmall, AskedTwice.
    """
    fixed = [part.question for section in sections for part in section.parts if isinstance(part, Fixed)]
    if len(set(fixed)) < len(fixed):
        raise AskedTwice
    drawn = _Drawn(fixed)
    for at, section in enumerate(sections):
        for place, part in enumerate(section.parts):
            if isinstance(part, Draw):
                mixed = chance.shuffled(part.pool, "draw", at, place)
                mixed.sort(key=lambda question: asked_before.get(question, 0))
                if not drawn.take((at, place), part.count, mixed):
                    raise PoolTooSmall(at, place)
    paper: list[Slot] = []
    for at, section in enumerate(sections):
        slots = [
            Slot(question, part.points, at)
            for place, part in enumerate(section.parts)
            for question in ([part.question] if isinstance(part, Fixed) else drawn.of((at, place)))
        ]
        paper += chance.shuffled(slots, "order", at) if section.is_shuffled else slots
    return paper


def left_for(draws: Sequence[Draw], *, fixed: Iterable[int]) -> list[int]:
    """How many questions each draw gets, its count at the most, as `draw_paper` gives them out: each question once on the paper."""
    drawn = _Drawn(fixed)
    return [drawn.fill((0, place), draw.count, draw.pool) for place, draw in enumerate(draws)]


class _Drawn:
    """Questions given to draws whose pools overlap: a matching that grows by augmenting paths (Kuhn)."""

    def __init__(self, fixed: Iterable[int]) -> None:
        self._fixed = frozenset(fixed)
        self._owners: dict[int, tuple[int, int]] = {}
        self._pools: dict[tuple[int, int], list[int]] = {}

    def take(self, draw: tuple[int, int], count: int, pool: list[int]) -> bool:
        """Give a draw so many of its pool, in the order of the pool where they are free. False where there are too few."""
        return self.fill(draw, count, pool) == count

    def fill(self, draw: tuple[int, int], count: int, pool: Sequence[int]) -> int:
        """As `take`: give it what there is, and say how many."""
        self._pools[draw] = [question for question in pool if question not in self._fixed]
        return next((given for given in range(count) if not self._finds(draw, set())), count)

    def _finds(self, draw: tuple[int, int], tried: set[int]) -> bool:
        for question in self._pools[draw]:
            if question not in self._owners:
                self._owners[question] = draw
                return True
        for question in self._pools[draw]:
            owner = self._owners[question]
            if question in tried or owner == draw:
                continue
            tried.add(question)
            if self._finds(owner, tried):
                self._owners[question] = draw
                return True
        return False

    def of(self, draw: tuple[int, int]) -> list[int]:
        return [question for question in self._pools[draw] if self._owners.get(question) == draw]
