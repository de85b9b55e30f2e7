"""Papers of made-up people, and the same figures calculated from whole matrices by the formulas of the books."""

import random
import statistics
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product

from assessment.analysis.taken import Slot, Taken

SHARES = (Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(1))
OPTIONS = "abcd"

# By item: points, share, what was answered.
type Paper = dict[str, tuple[int, Fraction, str | None]]


def drawn_papers(seed: int, *, people: int, pool: int, length: int) -> list[Paper]:
    """Each person has an ability, each item a difficulty; `length` items of the pool are drawn for each."""
    chance = random.Random(seed)
    papers = []
    for _person in range(people):
        ability, paper = chance.random(), {}
        for number in sorted(chance.sample(range(pool), length)):
            knows = chance.random() < (ability + number / pool) / 2
            share = Fraction(1) if knows else chance.choice(SHARES[:3])
            answer = "a" if knows else chance.choice([*OPTIONS[1:], None])
            paper[f"q{number}"] = (1 + number % 3, share if answer else Fraction(0), answer)
        papers.append(paper)
    return papers


def taken(papers: Sequence[Paper]) -> list[Taken]:
    return [
        Taken(person, 1, [Slot(item, *facts) for item, facts in paper.items()])
        for person, paper in enumerate(papers)
    ]


def whole_score(paper: Paper, *, without: str = "") -> Fraction:
    """The share of the points of the paper."""
    kept = {item: facts for item, facts in paper.items() if item != without}
    earned = sum((points * share for points, share, _answer in kept.values()), Fraction(0))
    return earned / sum(points for points, _share, _answer in kept.values())


def with_item(papers: Sequence[Paper], item: str) -> list[Paper]:
    return [paper for paper in papers if item in paper]


def discrimination(papers: Sequence[Paper], item: str) -> float:
    asked = with_item(papers, item)
    return statistics.correlation(
        [float(paper[item][1]) for paper in asked],
        [float(whole_score(paper, without=item)) for paper in asked],
    )


def index(papers: Sequence[Paper], item: str) -> float:
    """As if each person were 100: the 27 highest hundredths, with equal scores mixed evenly."""
    asked = with_item(papers, item)
    # 27 of 100 parts of each person go to either end; those with equal scores share what falls to them.
    size = Fraction(27 * len(asked), 100)

    def mean_of_end(*, is_upper: bool) -> Fraction:
        earned, left = Fraction(0), size
        for score in sorted({whole_score(paper) for paper in asked}, reverse=is_upper):
            equal = [paper[item][1] for paper in asked if whole_score(paper) == score]
            part = min(left, Fraction(len(equal)))
            earned += part * sum(equal, Fraction(0)) / len(equal)
            left -= part
        return earned / size

    return float(mean_of_end(is_upper=True) - mean_of_end(is_upper=False))


def third_of(papers: Sequence[Paper], paper: Paper) -> str:
    """By the share of people below, those with the same score counted as half."""
    scores = [whole_score(one) for one in papers]
    own = whole_score(paper)
    place = Fraction(2 * sum(one < own for one in scores) + scores.count(own), 2 * len(scores))
    return "lower" if place < Fraction(1, 3) else "upper" if place > Fraction(2, 3) else "middle"


def alpha(papers: Sequence[Paper]) -> float:
    """From the matrix of covariances of all pairs of items."""
    items = sorted(papers[0])
    columns = [[float(paper[item][0] * paper[item][1]) for paper in papers] for item in items]
    covariances = [
        statistics.covariance(columns[one], columns[other])
        for one, other in product(range(len(items)), repeat=2)
    ]
    variances = [statistics.variance(column) for column in columns]
    k = len(items)
    return k / (k - 1) * (1 - sum(variances) / sum(covariances))


def nested(papers: Sequence[Paper]) -> float:
    """One-way analysis of variance: items within persons."""
    rows = [[points * share for points, share, _answer in paper.values()] for paper in papers]
    n, k = len(rows), len(rows[0])
    grand = sum(map(sum, rows), Fraction(0)) / (n * k)
    means = [sum(row, Fraction(0)) / k for row in rows]
    between = k * sum((mean - grand) ** 2 for mean in means) / (n - 1)
    within = sum((one - mean) ** 2 for row, mean in zip(rows, means, strict=True) for one in row) / (
        n * (k - 1)
    )
    return float(1 - within / between)


def kappa(both: Sequence[tuple[Fraction, Fraction]], power: int) -> float:
    """From the table of proportions: weights of agreement are 1 less the distance, to a power, by the largest one; power 0 is without weights."""
    marks = sorted({mark for pair in both for mark in pair})
    n, largest = len(both), marks[-1] - marks[0]

    def weight(one: Fraction, other: Fraction) -> Fraction:
        if power == 0:
            return Fraction(one == other)
        return 1 - (abs(one - other) / largest) ** power

    observed = sum(
        weight(one, other) * Fraction(both.count((one, other)), n) for one, other in product(marks, repeat=2)
    )
    by_chance = sum(
        weight(one, other)
        * Fraction(sum(pair[0] == one for pair in both), n)
        * Fraction(sum(pair[1] == other for pair in both), n)
        for one, other in product(marks, repeat=2)
    )
    return float((observed - by_chance) / (1 - by_chance))


def probability_of_at_least(times: int, chances: Sequence[float]) -> float:
    """Over all sets of trials that could have succeeded."""
    total = 0.0
    for number in range(times, len(chances) + 1):
        for chosen in combinations(range(len(chances)), number):
            product_ = 1.0
            for place, chance in enumerate(chances):
                product_ *= chance if place in chosen else 1 - chance
            total += product_
    return total
