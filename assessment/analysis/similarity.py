"""Pairs of people of one sitting whose wrong answers are identical more often than chance explains. Independent of Django.

It is a list for people to look at, with seats, times and both papers next to it. It is never a verdict: two who learned from the same mistaken notes, or share a
misconception, look the same. So nothing here says "suspicious", and there is no threshold.

The statistic is *error similarity* (Bellezza & Bellezza, "Detection of cheating on multiple-choice tests by using error-similarity analysis", Teaching of Psychology
16, 1989), with a probability of each item in place of one for all. Right answers are left out: those who know agree. Given which items both have
wrong, and so given both scores, the number of identical wrong answers is that of independent trials, one for each such item. Its probability is
that two people who got the item wrong gave the same answer: the sum of squares of the shares of wrong answers, counted over everybody but these
two, with half an answer added to each that was ever given. `probability` is that of as many identical ones or more, by the exact distribution of
such a sum (Poisson binomial).

Many pairs are compared: of 50 people 1,225. `expected_pairs` is the probability times the pairs of the sitting, so it says how many pairs would be as
similar if no one copied (Bonferroni): above 1, nothing is remarkable; 0.01 is once in a hundred sittings.

In made-up sittings of 40 people who work alone on 40 items, one in 150 has a pair below 0.1: the figure is rather too large then. Among people who learned
together it may be too small, because they have the same mistakes. A whole copy comes first; of copies of every second answer one in four does.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from assessment.analysis.taken import LEAST, LONG, Chosen, Slot, Taken, TooFew, chosen_in

MOST_SHOWN = 50


class Answers:
    """How often each wrong answer was given to each item, of all who were asked: the people of the sitting, too."""

    def __init__(self, rows: Iterable[Taken] = ()) -> None:
        self.asked: Counter[Hashable] = Counter()
        self.wrong: dict[Hashable, Counter[Chosen]] = {}
        for row in rows:
            self.add(row)

    def add(self, taken: Taken) -> None:
        for slot in taken.slots:
            self.asked[slot.item] += 1
            if chosen := wrong_in(slot):
                self.wrong.setdefault(slot.item, Counter())[chosen] += 1

    def add_counted(self, slot: Slot, times: int) -> None:
        """As `add`, of one answer that was given to an item so often with this share."""
        self.asked[slot.item] += times
        if chosen := wrong_in(slot):
            self.wrong.setdefault(slot.item, Counter())[chosen] += times

    def same_by_chance(self, item: Hashable, one: Chosen, other: Chosen) -> float:
        """That two who got the item wrong gave the same answer, counted without these two."""
        counts = self.wrong[item]
        squares = sum((2 * times + 1) ** 2 for times in counts.values())
        for mine in {one, other}:
            times, less = counts[mine], (mine == one) + (mine == other)
            if times < less:
                raise ValueError("the answers of these two are not among those that were counted")
            squares += (2 * (times - less) + 1) ** 2 - (2 * times + 1) ** 2
        whole = 2 * (counts.total() - 2) + len(counts)
        return squares / whole**2


@dataclass(frozen=True)
class SimilarPair:
    """Two people: on how many items both were wrong, how many of these answers are identical, and how many chance would make identical."""

    people: tuple[Hashable, Hashable]
    both_wrong: int
    identical: int
    expected: float
    probability: float
    expected_pairs: float


@dataclass(frozen=True)
class Similarities:
    """The most similar pairs first, of `pairs` that were compared."""

    people: int
    pairs: int
    ranking: tuple[SimilarPair, ...]


def similarities(
    sitting: Sequence[Taken], answers: Answers, *, most: int = MOST_SHOWN
) -> Similarities | TooFew:
    """Of one sitting, each person once. `answers` are of everybody who had these items, this sitting among them.

    `TooFew` where no item was asked of enough people: chance is not known then.
    """
    known = {item for item, times in answers.asked.items() if times >= LEAST}
    if not known:
        return TooFew(max(answers.asked.values(), default=0))
    wrong = {taken.person: _wrong_of(taken, known) for taken in sitting}
    pairs = len(wrong) * (len(wrong) - 1) // 2
    found = []
    for one, other in combinations(wrong, 2):
        pair = _compared(answers, wrong[one], wrong[other])
        if pair is None:
            continue
        both_wrong, identical, chances = pair
        probability = at_least(identical, chances)
        found.append(
            SimilarPair(
                people=(one, other) if str(one) <= str(other) else (other, one),
                both_wrong=both_wrong,
                identical=identical,
                expected=sum(chances),
                probability=probability,
                expected_pairs=probability * pairs,
            )
        )
    found.sort(key=lambda pair: (pair.probability, -pair.identical, sorted(map(str, pair.people))))
    return Similarities(len(wrong), pairs, tuple(found[:most]))


def wrong_in(slot: Slot) -> Chosen:
    """What was answered, where it is not fully right and short enough to be compared; else nothing."""
    chosen = chosen_in(slot.response) if slot.share < 1 else ()
    return () if chosen == LONG else chosen


def at_least(times: int, chances: Sequence[float]) -> float:
    """The probability that at least so many of these independent trials succeed."""
    # By number of successes, with all that are enough in the last place.
    exactly = [1.0] + [0.0] * times
    for chance in chances:
        for number in range(times, 0, -1):
            stays = exactly[number] if number == times else exactly[number] * (1 - chance)
            exactly[number] = stays + exactly[number - 1] * chance
        if times:
            exactly[0] *= 1 - chance
    return min(1.0, exactly[times])


def _wrong_of(taken: Taken, known: set[Hashable]) -> dict[Hashable, Chosen]:
    slots = (slot for slot in taken.slots if slot.item in known)
    return {slot.item: chosen for slot in slots if (chosen := wrong_in(slot))}


def _compared(
    answers: Answers, one: dict[Hashable, Chosen], other: dict[Hashable, Chosen]
) -> tuple[int, int, list[float]] | None:
    """None where no more is identical than chance explains: such a pair is not shown, and costs nothing."""
    both = sorted(one.keys() & other.keys(), key=str)
    identical = sum(one[item] == other[item] for item in both)
    if not identical:
        return None
    chances = [answers.same_by_chance(item, one[item], other[item]) for item in both]
    return (len(both), identical, chances) if identical > sum(chances) else None
