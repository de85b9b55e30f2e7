"""Numbers and units as people type them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.digits import LATIN_DIGITS
from assessment.chance import Chance
from assessment.marking.numbers import number_text, read_number
from assessment.marking.numeric import Numeric, with_numbers
from assessment.marking.question import InvalidQuestion, UnreadableResponse

ARABIC = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")
METERS = {
    "answers": [{"value": "3.14", "tolerance": "0.01"}],
    "units": {"m": "1", "cm": "1/100", "mW": "1/1000"},
}


@pytest.mark.parametrize(
    ("typed", "meanings", "behind"),
    [
        ("3.14", {"3.14"}, ""),
        ("٣٫١٤", {"3.14"}, ""),
        ("۳٫۱۴", {"3.14"}, ""),
        ("3,14", {"3.14"}, ""),
        (" − 7 ", {"-7"}, ""),
        ("1,234", {"1234", "1.234"}, ""),
        ("1.234,5", {"1234.5"}, ""),
        ("١٬٢٣٤٫٥", {"1234.5"}, ""),
        ("1 000 000", {"1000000"}, ""),
        ("1,234,567", {"1234567"}, ""),
        ("٫5", {"0.5"}, ""),
        ("5.", {"5"}, ""),
        ("1/3", {"1/3"}, ""),
        ("1.5e-3", {"0.0015"}, ""),
        ("5 م²", {"5"}, "م²"),
        ("\u200f5\u200f", {"5"}, ""),
        ("1e309", {"1"}, "e309"),
        ("²", set(), "²"),
        ("NaN", set(), "NaN"),
        ("1.2.3", set(), ""),
        ("1/0", set(), "1/0"),
        ("", set(), ""),
        ("9" * 65, set(), "9" * 65),
    ],
)
def test_numbers_are_read_as_they_are_meant(typed: str, meanings: set[str], behind: str):
    assert read_number(typed) == ({Fraction(one) for one in meanings}, behind)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**6), max_value=10**6))
def test_the_digits_do_not_matter(number: object):
    written = f"{number:f}"

    assert written.translate(ARABIC).translate(LATIN_DIGITS) == written.replace(".", "٫")
    assert read_number(written.translate(ARABIC)) == read_number(written)
    assert Fraction(written) in read_number(written)[0]


@pytest.mark.parametrize(
    ("typed", "earned"),
    [
        ("3.14", 1),
        ("٣٫١٥ m", 1),
        ("315 cm", 1),
        ("315 CM", 1),
        ("3150 mW", 1),
        ("3.16", 0),
        ("3.14 kg", 0),
        ("3140 MW", 1),
        ("m", 0),
        ("1e309", 0),
        (None, 0),
    ],
)
def test_a_number_is_right_within_its_tolerance_and_in_its_units(typed: str | None, earned: int):
    question = Numeric({}, METERS)

    assert question.mark(question.read(typed)) == earned


def test_units_that_differ_by_capitals_alone_are_told_apart():
    question = Numeric({}, {**METERS, "units": {"MW": "1", "mW": "1/1000000000"}})

    assert [question.mark(typed) for typed in ("3.14 MW", "3.14 mW", "3.14 Mw")] == [1, 0, 0]


def test_a_unit_that_is_asked_for_is_needed():
    question = Numeric({"unit": {"is_asked": True}}, METERS)

    assert [question.mark(typed) for typed in ("3.14", "3.14 m")] == [0, 1]


def test_without_units_the_number_is_typed_alone():
    question = Numeric({}, {"answers": [{"value": "5"}]})

    assert [question.mark(typed) for typed in ("5", "5 m", "5e309")] == [1, 0, 0]


def test_a_tolerance_in_percent_is_of_the_value():
    question = Numeric(
        {}, {"answers": [{"value": "-200", "tolerance": "5%"}, {"value": "0", "share": "1/2"}]}
    )

    assert [question.mark(typed) for typed in ("-190", "-210.0", "-189", "0")] == [1, 1, 0, Fraction(1, 2)]


@pytest.mark.parametrize("sent", [3.14, ["3"], {"value": "3"}, "1" * 65, "x" * 10**6])
def test_what_is_no_line_of_text_is_refused(sent: object):
    with pytest.raises(UnreadableResponse):
        Numeric({}, METERS).read(sent)


OHM = {
    "variables": [
        {"name": "voltage", "low": "110", "high": "220", "step": "110"},
        {"name": "current", "low": "0", "high": "2", "step": "0.5"},
    ],
    "answers": [{"value": "voltage / current", "tolerance": "0.001"}],
}


@given(st.integers(0, 2**63 - 1))
def test_values_are_drawn_where_the_formula_has_a_result_and_the_same_for_a_seed(seed: int):
    question = Numeric({}, OHM)

    values = question.drawn(Chance(seed))

    assert values == question.drawn(Chance(seed))
    assert values["voltage"] in {110, 220}
    assert values["current"] in {Fraction(half, 2) for half in range(1, 5)}
    right = values["voltage"] / values["current"]
    assert question.with_values(values).mark(f"{float(right):.4f}") == 1


@pytest.mark.parametrize(
    "key",
    [
        {"answers": []},
        {"answers": [{"value": "x"}]},
        {"answers": [{"value": "1/0"}]},
        {"answers": [{"value": "1", "share": "0.5"}]},
        {"answers": [{"value": "1", "tolerance": "-1"}]},
        {"answers": [{"value": "1", "tolerance": "NaN"}]},
        {"answers": [{"value": "1"}], "units": {"m": "0"}},
        {"answers": [{"value": "a"}], "variables": [{"name": "a", "low": "2", "high": "1", "step": "1"}]},
        {"answers": [{"value": "a"}], "variables": [{"name": "a", "low": "0", "high": "1", "step": "1e-9"}]},
    ],
)
def test_keys_that_mark_nothing_are_refused(key: dict[str, object]):
    with pytest.raises(InvalidQuestion):
        Numeric({}, key)


def test_a_formula_without_a_result_for_any_values_is_found_when_they_are_drawn():
    question = Numeric(
        {},
        {
            "answers": [{"value": "1/(a-a)"}],
            "variables": [{"name": "a", "low": "1", "high": "9", "step": "1"}],
        },
    )

    with pytest.raises(InvalidQuestion):
        question.drawn(Chance(1))


@given(st.fractions(-10_000, 10_000, max_denominator=5000))
def test_a_number_is_read_as_it_was_written(number: Fraction):
    text = number_text(number)

    assert number in read_number(text)[0]
    assert "e" not in text


def test_values_replace_their_names_and_nothing_else():
    values = {"u": Fraction(-5, 2), "r": Fraction(1, 3)}

    assert with_numbers("{u} V, {r} Ω, {x} {}", values) == "-2.5 V, 1/3 Ω, {x} {}"
