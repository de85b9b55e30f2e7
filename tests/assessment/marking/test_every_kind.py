"""Laws of every kind of question."""

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.chance import Chance
from assessment.marking.kinds import KINDS, question_of
from assessment.marking.question import InvalidQuestion, UnreadableResponse, total_percent

OPTIONS = {"options": [{"id": one} for one in "abcd"]}
NUMBER = {"answers": [{"value": "5", "tolerance": "1"}, {"value": "9", "share": "0.5"}], "units": {"m": "1"}}
TEXT = {"accepted": [{"text": "نعم"}, {"text": "*لا*", "share": "0.25"}]}
# By kind: content, key, and the answer that earns everything.
SAMPLES: dict[str, tuple[dict[str, Any], dict[str, Any], Any]] = {
    "single": (OPTIONS, {"weights": {"a": "1", "b": "0.5"}}, "a"),
    "multiple": (OPTIONS, {"weights": {"a": "1/2", "b": "1/2", "c": "-1/2", "d": "-1/2"}}, ["b", "a"]),
    "true_false": ({"options": [{"id": "true"}, {"id": "false"}]}, {"weights": {"false": "1"}}, "false"),
    "numeric": ({}, NUMBER, "٥ m"),
    "short_text": ({}, TEXT, "نعم"),
    "matching": (
        {"stems": [{"id": "s"}, {"id": "t"}], "choices": OPTIONS["options"]},
        {"pairs": {"s": "a", "t": "b"}},
        {"t": "b", "s": "a"},
    ),
    "ordering": (
        {"items": OPTIONS["options"]},
        {"order": list("badc"), "credit": "neighbors"},
        list("badc"),
    ),
    "fill_in": (
        {
            "gaps": [
                {"id": "g", "kind": "short_text", "content": {}},
                {"id": "h", "kind": "single", "content": OPTIONS},
            ]
        },
        {"gaps": {"g": {"key": TEXT, "points": 3}, "h": {"key": {"weights": {"d": "1"}}}}},
        {"h": "d", "g": "نعم"},
    ),
    "hotspot": (
        {"most": 1, "instead": {"kind": "multiple", "content": OPTIONS}},
        {"areas": [{"rectangle": [10, 10, 90, 90]}], "instead": {"weights": {"a": "1"}}},
        {"points": [[50, 50]]},
    ),
    "essay": ({}, {}, "لأن التيار يمر."),
    "files": ({"most": 1}, {}, ["6d1f7a4e-8d5c-4b0e-9d1a-0e6c1f0b7a11"]),
}
BY_HAND = {"essay", "files"}

ids = st.sampled_from([*"abcdstgh", "true", "false", "instead", "points", "", "z"])
scalars = st.one_of(st.none(), st.booleans(), st.integers(-5, 1005), st.floats(), ids, st.text(max_size=10))
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(ids, inner, max_size=4)),
    max_leaves=8,
)
kinds = st.sampled_from(sorted(SAMPLES))


def test_there_is_a_sample_of_every_kind():
    assert set(SAMPLES) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_the_right_answer_earns_everything_and_none_earns_nothing(kind: str):
    content, key, right = SAMPLES[kind]
    question = question_of(kind, content, key)

    whole, nothing = question.mark(question.read(right)), question.mark(question.read(None))

    assert (whole, nothing) == ((None, None) if kind in BY_HAND else (1, 0))


@given(kinds, anything)
def test_whatever_is_sent_is_refused_or_kept_in_one_form_with_a_mark_from_0_to_1(kind: str, sent: Any):
    content, key, _right = SAMPLES[kind]
    question = question_of(kind, content, key)

    try:
        response = question.read(sent)
    except UnreadableResponse:
        return

    assert question.read(json.loads(json.dumps(response))) == response
    share = question.mark(response)
    assert share is None if kind in BY_HAND else 0 <= share <= 1  # type: ignore[operator]


@given(st.integers(0, 2**63 - 1), kinds)
def test_the_order_in_which_options_are_shown_does_not_change_the_mark(seed: int, kind: str):
    content, key, right = SAMPLES[kind]
    chance = Chance(seed)
    shown = {
        name: chance.shuffled(value, name) if isinstance(value, list) else value
        for name, value in content.items()
    }

    question, other = question_of(kind, content, key), question_of(kind, shown, key)

    assert other.mark(other.read(right)) == question.mark(question.read(right))


@given(st.lists(st.tuples(st.integers(1, 100), st.fractions(0, 1)), min_size=1, max_size=20), st.randoms())
def test_the_total_is_the_weighted_mean_in_whatever_order(marked: list[tuple[int, Fraction]], random: Any):
    mixed = random.sample(marked, len(marked))

    total = total_percent(*zip(*marked, strict=True))

    points = sum(weight for weight, _share in marked)
    assert total == 100 * sum(weight * share for weight, share in marked) / points
    assert total == total_percent(*zip(*mixed, strict=True))


@pytest.mark.parametrize("kind", ["other", *sorted(set(SAMPLES) - BY_HAND)])
def test_a_question_without_what_its_kind_needs_is_refused(kind: str):
    with pytest.raises(InvalidQuestion):
        question_of(kind, {}, {})
