"""Alpha where all have the same items, items nested in persons where papers are drawn, and the error of a score."""

import math
import statistics
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.analysis.reliability import Coefficient, Reliability, reliability
from assessment.analysis.taken import LEAST, Columns, Slot, Taken, TooFew
from tests.assessment.analysis.papers import Paper, alpha, drawn_papers, nested, taken, whole_score

NEAR = 1e-9


def of(papers: list[Paper]) -> Reliability:
    found = reliability(Columns(taken(papers)))
    assert isinstance(found, Reliability)
    return found


@given(st.integers(0, 10**6))
def test_alpha_equals_that_of_the_covariance_matrix(seed: int):
    papers = drawn_papers(seed, people=50, pool=6, length=6)
    scores = [float(whole_score(paper)) for paper in papers]

    found = of(papers)

    assert (found.coefficient, found.n, found.items) == (Coefficient.ALPHA, 50, 6)
    assert found.value == pytest.approx(alpha(papers), abs=NEAR)
    assert found.mean == pytest.approx(statistics.mean(scores), abs=NEAR)
    assert found.deviation == pytest.approx(statistics.stdev(scores), abs=NEAR)
    assert found.error == pytest.approx(statistics.stdev(scores) * math.sqrt(1 - alpha(papers)), abs=NEAR)


@given(st.integers(0, 10**6))
def test_of_drawn_papers_it_is_that_of_items_within_persons(seed: int):
    papers = [
        {item: (1, share, answer) for item, (_points, share, answer) in paper.items()}
        for paper in drawn_papers(seed, people=60, pool=40, length=6)
    ]

    found = of(papers)

    assert (found.coefficient, found.n) == (Coefficient.NESTED, 60)
    assert found.value == pytest.approx(nested(papers), abs=NEAR)


@pytest.mark.parametrize("copies", [2, 5])
def test_items_that_are_one_item_have_alpha_one_and_no_error(copies: int):
    papers = [
        {f"q{number}": (1, Fraction(person % 3, 2), None) for number in range(copies)} for person in range(40)
    ]

    found = of(papers)

    assert found.value == 1
    assert found.error == 0


def test_two_parallel_items_have_the_alpha_that_spearman_and_brown_say():
    """With equal variances it is 2r / (1 + r)."""
    papers: list[Paper] = [
        {"q1": (1, Fraction(one), None), "q2": (1, Fraction(other), None)}
        for one, other in [(0, 0), (0, 1), (1, 0), (1, 1), (1, 1), (0, 0)] * 6
    ]
    r = 1 / 3

    assert of(papers).value == pytest.approx(2 * r / (1 + r))


def test_the_few_who_had_an_earlier_version_are_left_out():
    papers = drawn_papers(1, people=50, pool=6, length=6)
    earlier = [{**paper, "q0 before": paper["q0"]} for paper in papers[:20]]
    for paper in earlier:
        del paper["q0"]

    found = of([*earlier, *papers[20:]])

    assert (found.coefficient, found.n) == (Coefficient.ALPHA, 30)
    assert found.value == pytest.approx(alpha(papers[20:]), abs=NEAR)


def test_one_item_or_equal_scores_have_no_coefficient():
    one = of([{"q": (1, Fraction(person % 2), None)} for person in range(LEAST)])
    equal = of([{"q": (1, Fraction(1), None), "r": (1, Fraction(0), None)}] * LEAST)

    assert (one.value, one.error) == (None, None)
    assert (equal.value, equal.error, equal.deviation) == (None, None, 0)


def test_of_fewer_than_thirty_there_is_no_figure():
    rows = [Taken(person, 1, [Slot("q", 1, person % 2), Slot("r", 1, 1)]) for person in range(29)]

    assert reliability(Columns(rows)) == TooFew(29)
    assert reliability(Columns()) == TooFew(0)


@given(st.integers(0, 10**6))
def test_the_order_of_rows_changes_nothing(seed: int):
    rows = taken(drawn_papers(seed, people=40, pool=9, length=4))

    assert reliability(Columns(rows)) == reliability(Columns(rows[::-1]))
