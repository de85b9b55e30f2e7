"""Things that belong together, steps in their order, and places on a picture."""

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.marking.hotspot import Hotspot
from assessment.marking.matching import Matching
from assessment.marking.ordering import Credit, Ordering
from assessment.marking.question import InvalidQuestion, UnreadableResponse

STEMS = {"stems": [{"id": one} for one in "abc"], "choices": [{"id": one} for one in "xyzw"]}
PAIRS = {"pairs": {"a": "x", "b": "y", "c": "x"}}


def test_each_pair_earns_its_share():
    question = Matching(STEMS, PAIRS)

    response = question.read({"b": "y", "a": "x", "c": ""})

    assert question.mark(response) == Fraction(2, 3)
    assert question.mark(question.read({"a": "x", "b": "y", "c": "x"})) == 1
    assert question.mark(question.read({"a": "w"})) == 0


@pytest.mark.parametrize("sent", [{"z": "x"}, {"a": "q"}, {"a": ["x"]}, ["x"], "x"])
def test_what_pairs_nothing_is_refused(sent: object):
    with pytest.raises(UnreadableResponse):
        Matching(STEMS, PAIRS).read(sent)


@pytest.mark.parametrize("pairs", [{}, {"a": "x", "b": "y"}, {"a": "x", "b": "y", "c": "q"}])
def test_a_key_without_each_pair_is_refused(pairs: dict[str, str]):
    with pytest.raises(InvalidQuestion):
        Matching(STEMS, {"pairs": pairs})


def order(credit: Credit) -> Ordering:
    return Ordering({"items": [{"id": one} for one in "dcba"]}, {"order": list("abcd"), "credit": credit})


@pytest.mark.parametrize(
    ("answered", "whole", "places", "neighbors"),
    [
        ("abcd", 1, 1, 1),
        ("bcda", 0, 0, Fraction(1, 2)),
        ("abdc", 0, Fraction(1, 2), Fraction(1, 4)),
        ("dcba", 0, 0, 0),
        ("ab", 0, Fraction(1, 2), Fraction(1, 4)),
        ("cd", 0, 0, Fraction(1, 4)),
        ("", 0, 0, 0),
    ],
)
def test_orders_earn_what_their_rule_says(
    answered: str, whole: Fraction, places: Fraction, neighbors: Fraction
):
    earned = {}
    for credit in Credit:
        question = order(credit)
        earned[credit] = question.mark(question.read(list(answered)))

    assert earned == {Credit.ALL: whole, Credit.PLACES: places, Credit.NEIGHBORS: neighbors}


@pytest.mark.parametrize("credit", list(Credit))
def test_the_right_order_alone_earns_everything(credit: Credit):
    question = order(credit)

    whole = [given_ for given_ in permutations("abcd") if question.mark(list(given_)) == 1]

    assert whole == [tuple("abcd")]


@pytest.mark.parametrize("sent", [["a", "a"], ["z"], list("abcda"), "abcd", {"a": 1}, [["a"]]])
def test_what_is_no_order_is_refused(sent: object):
    with pytest.raises(UnreadableResponse):
        order(Credit.ALL).read(sent)


PANEL = {
    "most": 2,
    "ratio": "0.5",
    "instead": {"kind": "single", "content": {"options": [{"id": "breaker"}, {"id": "cable"}]}},
}
AREAS = {
    "areas": [{"circle": [200, 200, 100]}, {"polygon": [[500, 500], [900, 500], [900, 900]]}],
    "instead": {"weights": {"breaker": "1"}},
}


@pytest.mark.parametrize(
    ("points", "earned"),
    [
        ([[200, 200], [800, 600]], 1),
        # The picture is half as high as it is wide: a circle on it is twice as high in thousandths.
        ([[200, 400], [500, 500]], 1),
        ([[301, 200], [500, 501]], 0),
        ([[200, 200], [210, 210]], Fraction(1, 2)),
        ([[900, 900]], Fraction(1, 2)),
        ([], 0),
    ],
)
def test_each_area_with_a_point_of_its_own_earns_its_share(points: list[list[int]], earned: Fraction):
    question = Hotspot(PANEL, AREAS)

    assert question.mark(question.read({"points": points})) == earned


def test_one_point_in_two_areas_is_of_one_of_them():
    areas = [{"rectangle": [0, 0, 500, 500]}, {"rectangle": [100, 100, 900, 900]}]
    question = Hotspot(PANEL, {**AREAS, "areas": areas})

    assert question.mark({"points": [[200, 200]]}) == Fraction(1, 2)
    assert question.mark({"points": [[200, 200], [600, 600]]}) == 1
    assert question.mark({"points": [[10, 10], [200, 200]]}) == 1


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_a_polygon_holds_what_its_triangles_hold(x: int, y: int):
    square = [[100, 100], [900, 100], [900, 900], [100, 900]]
    whole = Hotspot({**PANEL, "most": 1}, {**AREAS, "areas": [{"polygon": square}]})

    assert whole.mark({"points": [[x, y]]}) == (100 <= x <= 900 and 100 <= y <= 900)


def test_who_cannot_see_the_picture_answers_in_its_place():
    question = Hotspot(PANEL, AREAS)

    assert question.mark(question.read({"instead": "breaker"})) == 1
    assert question.mark(question.read({"instead": "cable"})) == 0
    assert question.read({"instead": ""}) is None


@pytest.mark.parametrize(
    "sent",
    [
        {"points": [[1, 2], [3, 4], [5, 6]]},
        {"points": [[1, 1001]]},
        {"points": [[-1, 0]]},
        {"points": [[0.5, 1]]},
        {"points": [[True, 1]]},
        {"points": [["1", "1"]]},
        {"points": "1,2"},
        {"instead": "other"},
        {"points": [], "instead": "breaker"},
        {},
        [[1, 2]],
    ],
)
def test_what_is_no_place_on_the_picture_is_refused(sent: object):
    with pytest.raises(UnreadableResponse):
        Hotspot(PANEL, AREAS).read(sent)


@pytest.mark.parametrize(
    "areas",
    [
        [],
        [{"circle": [1, 1, 0]}, {"circle": [1, 1, 1]}],
        [{"polygon": [[1, 1], [2, 2]]}, {"circle": [1, 1, 1]}],
        [{"star": [1, 1, 1]}, {"circle": [1, 1, 1]}],
        [{"circle": [1, 1, 1]}],
    ],
)
def test_areas_that_cannot_be_met_are_refused(areas: list[dict[str, object]]):
    with pytest.raises(InvalidQuestion):
        Hotspot(PANEL, {**AREAS, "areas": areas})


def test_an_item_without_a_place_leaves_its_place_empty():
    response = order(Credit.PLACES).read([None, "", "c", None])

    assert response == [None, None, "c"]
    assert [order(credit).mark(response) for credit in Credit] == [0, Fraction(1, 4), 0]
    assert order(Credit.ALL).read([None, ""]) is None
