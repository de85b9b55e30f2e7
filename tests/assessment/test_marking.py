"""Properties of marking."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.marking import Key, mark, total_percent

options = st.sampled_from("abcdefgh")
keys = st.builds(
    lambda right, others, points: Key(right, others - right, takes_one=False, points=points),
    st.frozensets(options, min_size=1),
    st.frozensets(options),
    st.integers(1, 100),
)
choices = st.frozensets(options)


@given(keys, choices)
def test_a_mark_lies_between_nothing_and_everything(key: Key, chosen: frozenset[str]):
    assert 0 <= mark(key, chosen) <= 1


@given(keys)
def test_exactly_the_right_options_earn_everything(key: Key):
    assert mark(key, key.right) == 1


@given(keys)
def test_ticking_everything_earns_nothing_unless_everything_is_right(key: Key):
    assert mark(key, key.right | key.wrong) == (0 if key.wrong else 1)


@given(keys, choices)
def test_one_more_right_tick_never_costs_and_one_more_wrong_tick_never_pays(key: Key, chosen: frozenset[str]):
    before = mark(key, chosen)

    assert all(mark(key, chosen | {option}) >= before for option in key.right)
    assert all(mark(key, chosen | {option}) <= before for option in key.wrong)


@given(keys, choices)
def test_only_the_right_options_alone_earn_everything(key: Key, chosen: frozenset[str]):
    known = chosen & (key.right | key.wrong)

    assert (mark(key, known) == 1) == (known == key.right)


@given(keys, st.lists(options))
def test_neither_order_nor_repetition_of_ticks_matters(key: Key, chosen: list[str]):
    assert mark(key, chosen) == mark(key, chosen[::-1] * 2)


@pytest.mark.parametrize(("chosen", "earned"), [("a", 1), ("b", 0), ("", 0), ("ab", 0), ("z", 0)])
def test_one_right_answer_is_all_or_nothing(chosen: str, earned: int):
    key = Key(frozenset("a"), frozenset("bc"), takes_one=True, points=1)

    assert mark(key, chosen) == earned


def test_partial_credit_as_documented():
    key = Key(frozenset("ab"), frozenset("cd"), takes_one=False, points=1)

    assert [mark(key, chosen) for chosen in ("a", "ab", "abc", "ac", "c")] == [
        Fraction(1, 2),
        1,
        Fraction(1, 2),
        0,
        0,
    ]


@given(st.lists(st.tuples(keys, st.fractions(0, 1)), min_size=1, max_size=20))
def test_the_total_is_the_weighted_mean(marked: list[tuple[Key, Fraction]]):
    marks = [earned for _key, earned in marked]

    total = total_percent([key for key, _earned in marked], marks)

    assert 100 * min(marks) <= total <= 100 * max(marks)
