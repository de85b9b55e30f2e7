"""Figures of items equal those from whole matrices, and what they are for."""

import random
import statistics
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.analysis.exact import SCALE
from assessment.analysis.items import ItemFigures, all_figures, item_figures
from assessment.analysis.taken import LEAST, LONGEST_ANSWER, Columns, Slot, Taken, TooFew
from tests.assessment.analysis.papers import (
    discrimination,
    drawn_papers,
    index,
    taken,
    third_of,
    whole_score,
    with_item,
)
from tests.hypothesis_budget import examples

NEAR = 1e-9


def figures_of(columns: Columns, item: str) -> ItemFigures:
    found = item_figures(columns, item)
    assert isinstance(found, ItemFigures)
    return found


def one_item(share: Fraction, *, people: int = LEAST, rest: int = 0) -> list[Taken]:
    return [
        Taken(person, 1, [Slot("q", 1, share, "a"), *[Slot(f"r{n}", 1, person % 2) for n in range(rest)]])
        for person in range(people)
    ]


@settings(max_examples=examples(0.3))
@given(st.integers(0, 10**6), st.sampled_from([(8, 8), (12, 5)]))
def test_figures_equal_those_from_the_whole_matrix(seed: int, size: tuple[int, int]):
    papers = drawn_papers(seed, people=90, pool=size[0], length=size[1])
    columns = Columns(taken(papers))
    item = next(item for item in papers[0] if len(with_item(papers, item)) >= LEAST)
    shares = [float(paper[item][1]) for paper in with_item(papers, item)]

    found = figures_of(columns, item)

    assert found.n == len(shares)
    assert found.facility == pytest.approx(statistics.mean(shares), abs=NEAR)
    assert found.deviation == pytest.approx(statistics.stdev(shares), abs=NEAR)
    assert found.discrimination == pytest.approx(discrimination(papers, item), abs=NEAR)
    assert found.index == pytest.approx(index(papers, item), abs=NEAR)


def test_the_table_of_answers_counts_each_third():
    papers = drawn_papers(3, people=100, pool=9, length=6)
    columns = Columns(taken(papers))
    asked = with_item(papers, "q4")

    rows = figures_of(columns, "q4").answers

    for row in rows:
        gave = [third_of(asked, paper) for paper in asked if paper["q4"][2] == row.answer]
        assert (row.upper, row.middle, row.lower) == tuple(
            gave.count(name) for name in ("upper", "middle", "lower")
        )
    assert sum(row.total for row in rows) == len(asked)
    assert rows[-1].answer is None


@given(st.integers(0, 10**6))
def test_no_figure_depends_on_the_order_of_rows_or_slots(seed: int):
    rows = taken(drawn_papers(seed, people=60, pool=7, length=5))
    chance = random.Random(seed)
    mixed = [Taken(row.person, 1, chance.sample(row.slots, len(row.slots))) for row in rows]
    chance.shuffle(mixed)

    assert dict(all_figures(Columns(rows))) == dict(all_figures(Columns(mixed)))


def test_a_planted_wrong_key_is_negative_and_its_table_shows_what_the_best_answer():
    rows = []
    for person in range(60):
        knows = person >= 30
        others = [Slot(f"r{number}", 1, int(knows)) for number in range(5)]
        # "b" is right, and the key says "a".
        rows.append(Taken(person, 1, [Slot("q", 1, int(not knows), "b" if knows else "a"), *others]))

    found = figures_of(Columns(rows), "q")

    assert found.is_negative
    assert found.discrimination == pytest.approx(-1)
    assert found.index == -1
    assert [(row.answer, row.upper, row.lower) for row in found.answers] == [("a", 0, 30), ("b", 30, 0)]


def test_of_fewer_than_thirty_there_is_no_figure():
    few, enough = Columns(one_item(Fraction(1), people=29)), Columns(one_item(Fraction(1)))

    assert item_figures(few, "q") == TooFew(29)
    assert isinstance(item_figures(enough, "q"), ItemFigures)
    assert item_figures(enough, "not asked") == TooFew(0)
    assert item_figures(Columns(), "q") == TooFew(0)


def test_only_the_first_attempt_of_a_person_counts():
    rows = one_item(Fraction(1))
    later = [Taken(row.person, 2, [Slot("q", 1, 0, "b")]) for row in rows]
    again = [Taken(row.person, 1, [Slot("q", 1, 0, "b")]) for row in rows]

    found = figures_of(Columns([*later, *rows, *again]), "q")

    assert (found.n, found.facility) == (LEAST, 1)


@pytest.mark.parametrize("rest", [0, 1])
def test_without_variance_or_another_item_there_is_no_correlation(rest: int):
    found = figures_of(Columns(one_item(Fraction(1, 3), rest=rest)), "q")

    assert found.discrimination is None
    assert not found.is_negative
    assert (found.facility, found.deviation) == (pytest.approx(1 / 3), 0)
    assert found.index == 0


def test_an_item_that_no_one_answered_has_one_line():
    rows = [Taken(person, 1, [Slot("q", 1, 0), Slot("r", 1, person % 2, "a")]) for person in range(40)]

    found = figures_of(Columns(rows), "q")

    assert (found.facility, found.discrimination) == (0, None)
    assert [(row.answer, row.total) for row in found.answers] == [(None, 40)]


def test_ticks_count_each_pairs_are_named_and_long_texts_are_not_shown():
    responses = [["a", "c"], {"1": "x"}, "ط" * (LONGEST_ANSWER + 1), "", "م"]
    rows = [Taken(person, 1, [Slot("q", 1, 0, responses[person % 5])]) for person in range(40)]

    answers = {row.answer: row.total for row in figures_of(Columns(rows), "q").answers}

    assert answers == {"a": 8, "c": 8, "1: x": 8, "…": 8, None: 8, "م": 8}


def test_equal_scores_are_equal_however_they_were_earned():
    """A third three times is as much as one whole: the people are in one third, and no correlation comes out of a rounding."""
    rows = [
        Taken(
            person,
            1,
            [
                Slot(f"q{place}", 1, share)
                for place, share in enumerate((Fraction(1, 3),) * 3 if person % 2 else (1, 0, 0))
            ],
        )
        for person in range(40)
    ]
    columns = Columns(rows)

    assert {columns.score(row) for row in range(40)} == {columns.score(0)}


def test_marks_of_the_database_and_whole_points_are_read():
    rows = [
        Taken(person, 1, [Slot("q", 2, Decimal("0.3333")), Slot("r", 0, 1), Slot("s", 1, person % 2)])
        for person in range(30)
    ]
    empty = Taken("e", 1, [Slot("r", 0, 1)])

    columns = Columns([*rows, empty])

    assert len(columns) == 30
    assert figures_of(columns, "q").facility == pytest.approx(0.3333, abs=NEAR)
    # What has no points still says who gets it right.
    assert figures_of(columns, "r").facility == 1


def test_a_score_is_the_share_of_all_points():
    papers = drawn_papers(5, people=1, pool=6, length=6)

    columns = Columns(taken(papers))

    assert abs(Fraction(columns.score(0), SCALE) - whole_score(papers[0])) < Fraction(1, 10**12)
