"""Kappa of two markers."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.analysis.agreement import Agreement, Marked, agreement, agreement_by_pair
from assessment.analysis.taken import LEAST, TooFew
from tests.assessment.analysis.papers import kappa

NEAR = 1e-9
marks = st.integers(0, 4).map(lambda quarter: Fraction(quarter, 4))
pairs = st.lists(st.tuples(marks, marks), min_size=LEAST, max_size=60)


def of(both: list[tuple[Fraction, Fraction]]) -> Agreement:
    found = agreement(both)
    assert isinstance(found, Agreement)
    return found


@given(pairs.filter(lambda both: len({mark for pair in both for mark in pair}) > 1))
def test_kappa_equals_that_of_the_table_of_proportions(both: list[tuple[Fraction, Fraction]]):
    found = of(both)

    assert found.kappa == pytest.approx(kappa(both, 0), abs=NEAR)
    assert found.linear == pytest.approx(kappa(both, 1), abs=NEAR)
    assert found.quadratic == pytest.approx(kappa(both, 2), abs=NEAR)


@given(pairs, st.randoms())
def test_neither_the_order_of_works_nor_of_the_two_markers_counts(
    both: list[tuple[Fraction, Fraction]], chance: random.Random
):
    turned = [(other, one) for one, other in both]
    chance.shuffle(turned)

    assert of(turned) == of(both)


@given(st.lists(marks, min_size=LEAST, max_size=60).filter(lambda given: len(set(given)) > 1))
def test_equal_marks_have_kappa_one(given_marks: list[Fraction]):
    found = of([(mark, mark) for mark in given_marks])

    assert (found.same, found.kappa, found.linear, found.quadratic) == (1, 1, 1, 1)


def test_marks_that_know_nothing_of_each_other_have_kappa_zero():
    both = [(Fraction(one), Fraction(other)) for one in range(6) for other in range(6)]

    found = of(both)

    assert (found.kappa, found.linear, found.quadratic) == (0, 0, 0)


def test_one_mark_for_all_says_nothing_of_agreement():
    found = of([(Fraction(1), Fraction(1))] * LEAST)

    assert (found.same, found.kappa, found.quadratic) == (1, None, None)


def test_each_pair_of_markers_has_its_own_over_the_works_that_both_marked():
    rows = [
        Marked(work, marker, Fraction(work % 5, 4))
        for work in range(40)
        for marker in ("Mona", "Adel", "Hany")
        if marker != "Hany" or work < 10
    ]
    # A mark that was changed after the two had talked does not count.
    rows.append(Marked(0, "Adel", Fraction(1)))

    found = agreement_by_pair(rows)

    of_two = found[frozenset({"Mona", "Adel"})]
    assert isinstance(of_two, Agreement)
    assert (of_two.n, of_two.kappa) == (40, 1)
    assert found[frozenset({"Mona", "Hany"})] == TooFew(10)


def test_a_pair_is_read_the_same_way_whoever_marked_a_work_first():
    rows = []
    for work in range(40):
        both = [Marked(work, "Mona", 1), Marked(work, "Adel", work % 2)]
        rows += both if work % 3 else both[::-1]

    found = agreement_by_pair(rows)[frozenset({"Mona", "Adel"})]

    assert isinstance(found, Agreement)
    assert (found.same, found.kappa) == (0.5, 0)
