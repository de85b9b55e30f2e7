"""Options that are right and wrong, and options with weights."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.marking.choice import MultipleChoice, SingleChoice, even_weights
from assessment.marking.question import InvalidQuestion, UnreadableResponse

OPTIONS = "abcdefgh"
rights = st.frozensets(st.sampled_from(OPTIONS), min_size=1)
choices = st.frozensets(st.sampled_from(OPTIONS))


def content(options: str = OPTIONS) -> dict[str, object]:
    return {"options": [{"id": option} for option in options]}


def several(right: frozenset[str], options: str = OPTIONS) -> MultipleChoice:
    weights = even_weights(sorted(right), sorted(set(options) - right), takes_one=False)
    return MultipleChoice(content(options), {"weights": weights})


@given(rights, choices)
def test_only_the_right_options_alone_earn_everything(right: frozenset[str], chosen: frozenset[str]):
    assert (several(right).mark(sorted(chosen)) == 1) == (chosen == right)


@given(rights)
def test_ticking_everything_earns_nothing_unless_everything_is_right(right: frozenset[str]):
    assert several(right).mark(list(OPTIONS)) == (len(right) == len(OPTIONS))


@given(rights, choices)
def test_one_more_right_tick_never_costs_and_one_more_wrong_tick_never_pays(
    right: frozenset[str], chosen: frozenset[str]
):
    question = several(right)
    before = question.mark(sorted(chosen))

    assert all(question.mark(sorted(chosen | {option})) >= before for option in right)
    assert all(question.mark(sorted(chosen | {option})) <= before for option in set(OPTIONS) - right)


def test_partial_credit_as_documented():
    question = several(frozenset("ab"), "abcd")

    earned = [question.mark(list(chosen)) for chosen in ("a", "ab", "abc", "ac", "c", "")]

    assert earned == [Fraction(1, 2), 1, Fraction(1, 2), 0, 0, 0]


@given(rights, st.lists(st.sampled_from(OPTIONS)))
def test_neither_order_nor_repetition_of_ticks_matters(right: frozenset[str], chosen: list[str]):
    question = several(right)

    assert question.read(chosen) == question.read(chosen[::-1] * 2)


@pytest.mark.parametrize(("chosen", "earned"), [("a", 1), ("b", Fraction(1, 3)), ("c", 0), ("d", 0), ("", 0)])
def test_one_option_earns_its_weight_and_never_less_than_nothing(chosen: str, earned: Fraction):
    question = SingleChoice(content("abcd"), {"weights": {"a": "1", "b": "1/3", "c": "-1/2"}})

    assert question.mark(question.read(chosen)) == earned


def test_three_thirds_in_five_digits_are_the_whole():
    question = MultipleChoice(content("abcd"), {"weights": dict.fromkeys("abc", "0.33333")})

    assert [question.mark(list(chosen)) for chosen in ("abc", "abcd", "a")] == [1, 1, Fraction(1, 3)]


@pytest.mark.parametrize("sent", ["b", ["z"], [["a"]], {"a": 1}, 1, ["a"] * 1000])
def test_what_is_no_list_of_options_is_refused(sent: object):
    with pytest.raises(UnreadableResponse):
        several(frozenset("a")).read(sent)


@pytest.mark.parametrize("sent", ["z", ["a"], {"a": 1}, 1, True])
def test_what_is_no_option_is_refused(sent: object):
    with pytest.raises(UnreadableResponse):
        SingleChoice(content("ab"), {"weights": {"a": "1"}}).read(sent)


@pytest.mark.parametrize(
    "weights", [{}, {"z": "1"}, {"a": "2"}, {"a": "x"}, {"a": "1/0"}, {"a": "-1"}, {"a": "0.5"}]
)
def test_weights_that_cannot_be_are_refused(weights: dict[str, str]):
    for kind in (SingleChoice, MultipleChoice):
        with pytest.raises(InvalidQuestion):
            kind(content("ab"), {"weights": weights})
