"""Marking of closed questions in exact arithmetic. Independent of Django.

One right answer: all or nothing. Several right answers: partial credit as in Moodle's multiple-answer questions and
QTI 2.2 response mapping with a lower bound of 0. Each right choice earns an equal share of the mark, each wrong one
takes back an equal share of what all wrong ones are worth, and a question never marks below 0. So ticking everything
earns nothing (unless everything is right), and an empty answer earns nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Key:
    """The answer key of one question: the ids of its right and wrong options, and its weight in points."""

    right: frozenset[str]
    wrong: frozenset[str]
    takes_one: bool
    points: int


def mark(key: Key, chosen: Collection[str]) -> Fraction:
    """The share of the question's points that `chosen` earns, from 0 to 1."""
    picked = frozenset(chosen)
    if key.takes_one:
        return Fraction(len(picked) == 1 and picked <= key.right)
    gained = Fraction(len(picked & key.right), len(key.right))
    lost = Fraction(len(picked & key.wrong), len(key.wrong)) if key.wrong else Fraction(0)
    return max(Fraction(0), gained - lost)


def total_percent(keys: Iterable[Key], marks: Iterable[Fraction]) -> Fraction:
    """The weighted mean of the marks, in percent from 0 to 100."""
    weighted = [(key.points, earned) for key, earned in zip(keys, marks, strict=True)]
    points = sum(weight for weight, _ in weighted)
    return Fraction(100 * sum(weight * earned for weight, earned in weighted), points)


def chosen_in(responses: Mapping[str, Collection[str]], question_id: str) -> list[str]:
    """What was chosen in a question, each option once, in a stable order; nothing where it was left out."""
    return sorted(set(responses.get(question_id, ())))
