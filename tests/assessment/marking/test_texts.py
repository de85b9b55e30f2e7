"""Words and lines that are typed, alone and in gaps."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.marking.fill_in import FillIn
from assessment.marking.question import InvalidQuestion, UnreadableResponse
from assessment.marking.short_text import ShortText, _folded

BREAKER = {
    "accepted": [{"text": "قاطع التيار"}, {"text": "قاطع*", "share": "0.5"}, {"text": "Circuit breaker"}]
}


@pytest.mark.parametrize(
    ("typed", "earned"),
    [
        ("قاطع التيار", 1),
        ("  قاطِعُ   التّيار. ", 1),
        ("قاطع كهربائى", Fraction(1, 2)),
        ("CIRCUIT BREAKER", 1),
        ("circuit", 0),
        ("لا قاطع", 0),
        ("", 0),
        (None, 0),
    ],
)
def test_a_text_is_right_however_it_is_spelled(typed: str | None, earned: Fraction):
    question = ShortText({}, BREAKER)

    assert question.mark(question.read(typed)) == earned


@pytest.mark.parametrize(
    ("accepted", "typed", "earned"),
    [
        ("القاطع والتيار", "القاطع و التيار", 1),
        ("القاطع و التيار", "القاطع والتيار", 1),
        ("والتيار", " وَ  التيار.", 1),
        ("سعد وعبد الرحمن", "سعد و عبدالرحمن", 1),
        ("قاطع و *", "قاطع والتيار", 1),
        ("قاطع و*", "قاطع و التيار", 1),
        # The letter at the end of a word, or alone at the end, is no conjunction before the next one.
        ("دلو التيار", "دلوالتيار", 0),
        ("ورق", "رق", 0),
    ],
)
def test_a_space_behind_the_conjunction_makes_no_difference(accepted: str, typed: str, earned: int):
    question = ShortText({}, {"accepted": [{"text": accepted}]})

    assert question.mark(question.read(typed)) == earned


def test_a_space_behind_the_conjunction_counts_where_the_spelling_matters():
    question = ShortText({}, {"accepted": [{"text": "والتيار"}], "is_exact": True})

    assert question.mark("و التيار") == 0


WORDS = st.lists(
    st.sampled_from(["قاطع", "التيار", "و", "ورق", "دلو", "ؤ", "عبد", "الله", "5", "."]), max_size=8
)


@given(WORDS)
def test_what_is_compared_is_compared_as_itself(words: list[str]):
    once = _folded(" ".join(words))

    assert _folded(once) == once


@given(st.sampled_from(["", "قاطع ", "دلو. "]), st.sampled_from(["التيار", "عبد الله", "ورق", "5"]))
def test_the_conjunction_is_one_with_the_word_behind_it(before: str, behind: str):
    assert _folded(f"{before}و {behind}") == _folded(f"{before}و{behind}")


def test_an_exact_text_is_right_as_it_is_written_alone():
    question = ShortText({}, {"accepted": [{"text": "NaCl"}, {"text": r"5\*2"}], "is_exact": True})

    assert [question.mark(typed) for typed in ("NaCl", " NaCl", "nacl", "5*2", "5+2")] == [1, 1, 0, 1, 0]


@given(st.text(min_size=1, max_size=50))
def test_a_star_is_any_run_and_no_pattern(typed: str):
    question = ShortText({}, {"accepted": [{"text": "a*b"}, {"text": r".*\*[x"}]})
    response = question.read(f"a{typed}b")

    assert question.mark(response) == 1
    assert question.mark("a.z") == 0


@pytest.mark.parametrize(
    "accepted", [[], [{"text": ""}], [{"text": " . "}], [{"text": "a", "share": "0.5"}], [{"text": "*" * 6}]]
)
def test_keys_that_accept_nothing_whole_are_refused(accepted: list[dict[str, str]]):
    with pytest.raises(InvalidQuestion):
        ShortText({}, {"accepted": accepted})


@pytest.mark.parametrize("sent", [1, ["a"], {"a": "b"}, "x" * 201])
def test_what_is_no_line_is_refused(sent: object):
    with pytest.raises(UnreadableResponse):
        ShortText({}, BREAKER).read(sent)


def test_what_no_database_stores_is_taken_out_of_a_text():
    assert ShortText({}, BREAKER).read("قا\x00طع\ud800\x85") == "قاطع"


GAPS = {
    "gaps": [
        {"id": "word", "kind": "short_text", "content": {}},
        {"id": "number", "kind": "numeric", "content": {}},
        {"id": "choice", "kind": "single", "content": {"options": [{"id": "a"}, {"id": "b"}]}},
    ]
}
FILLED = {
    "gaps": {
        "word": {"key": {"accepted": [{"text": "نعم"}]}, "points": 2},
        "number": {"key": {"answers": [{"value": "5"}]}},
        "choice": {"key": {"weights": {"a": "1"}}},
    }
}


def test_gaps_earn_their_points():
    question = FillIn(GAPS, FILLED)

    response = question.read({"number": "٥", "word": "نعم", "choice": ""})

    assert response == {"number": "٥", "word": "نعم"}
    assert question.mark(response) == Fraction(3, 4)
    assert question.mark(question.read({})) == 0


@pytest.mark.parametrize("sent", [{"other": "a"}, {"choice": "z"}, {"word": 1}, ["نعم"], "نعم"])
def test_what_fills_no_gap_is_refused(sent: object):
    with pytest.raises(UnreadableResponse):
        FillIn(GAPS, FILLED).read(sent)


@pytest.mark.parametrize("gaps", [{}, {"word": FILLED["gaps"]["word"]}])
def test_a_gap_without_a_key_is_refused(gaps: dict[str, object]):
    with pytest.raises(InvalidQuestion):
        FillIn(GAPS, {"gaps": gaps})


@pytest.mark.parametrize(
    ("accepted", "typed", "marks"),
    [
        ("*a*a*a*a*b", "a" * 200, 0),
        ("*a*a*a*a*b", "a" * 199 + "b", 1),
        ("*", "any", 1),
        ("ab*ba", "aba", 0),
        ("ab*ba", "abba", 1),
        ("a*b*c", "a-c-b-c", 1),
        ("a*b*c", "a-c-b", 0),
    ],
)
def test_runs_between_asterisks_are_found_one_after_another(accepted: str, typed: str, marks: int):
    question = ShortText({}, {"accepted": [{"text": accepted}], "is_exact": True})

    assert question.mark(typed) == marks
