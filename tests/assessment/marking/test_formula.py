"""Expressions of generated questions: a grammar, and no code."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.marking.formula import (
    Formula,
    FormulaError,
    MalformedFormula,
    NoResult,
    TooLarge,
    UnknownFunction,
)

numbers = st.fractions(-100, 100, max_denominator=100)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) × 3", 9),
        ("2 - 3 - 4", -5),
        ("24 / 4 / 2", 3),
        ("-2 ^ 2", -4),
        ("2 ^ 3 ^ 2", 512),
        ("2 ^ -2", Fraction(1, 4)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("1.5e2 − 1", 149),
        ("{a} ÷ b", Fraction(2, 3)),
        ("pow(a, b) + abs(-1)", 9),
        ("min(3, a, 7) + max(b, 1)", 5),
        ("floor(-1.5) + ceil(1.5)", 0),
        ("round(2.5) + round(-2.345, 2)", Fraction(65, 100)),
        ("sqrt(16) + log10(1000) + ln(1)", 7),
        ("cos(0) + sin(0)", 1),
    ],
)
def test_expressions_mean_what_is_taught(text: str, result: Fraction):
    assert Formula(text).result({"a": Fraction(2), "b": Fraction(3)}) == result


@given(numbers, numbers, numbers)
def test_sums_and_products_are_exact(a: Fraction, b: Fraction, c: Fraction):
    values = {"a": a, "b": b, "c": c}

    assert Formula("a*(b - c) + a/7").result(values) == a * (b - c) + a / 7


@given(st.floats(-1000, 1000).map(lambda number: round(number, 6)))
def test_functions_agree_with_those_of_the_processor(angle: float):
    values = {"x": Fraction(angle)}

    for name in ("sin", "cos"):
        assert float(Formula(f"{name}(x)").result(values)) == pytest.approx(
            getattr(math, name)(angle), abs=1e-12
        )
    root = float(Formula("sqrt(abs(x))").result(values))
    assert root == pytest.approx(math.sqrt(abs(angle)))
    assert float(Formula("x^2 ^ 0.5").result({"x": Fraction(2)})) == pytest.approx(2 ** (2**0.5))


def test_half_a_turn_is_exact_enough_to_be_nothing():
    assert Formula("round(sin(pi), 12)").result({}) == 0
    assert float(Formula("tan(rad(45))").result({})) == pytest.approx(1, abs=1e-20)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", MalformedFormula),
        ("1 +", MalformedFormula),
        ("(1", MalformedFormula),
        ("1)", MalformedFormula),
        ("2 3", MalformedFormula),
        ("a.b", MalformedFormula),
        ("'a'", MalformedFormula),
        ("a[0]", MalformedFormula),
        ("__import__('os')", MalformedFormula),
        ("eval(1)", UnknownFunction),
        ("sqrt()", UnknownFunction),
        ("pow(1)", UnknownFunction),
        ("1/0", NoResult),
        ("0^-1", NoResult),
        ("sqrt(-1)", NoResult),
        ("(-8)^0.5", NoResult),
        ("ln(0)", NoResult),
        ("round(1, 0.5)", NoResult),
        ("tan(rad(90)) * 0 + 1/(1-1)", NoResult),
        ("10^400", TooLarge),
        ("9^99^99", TooLarge),
        ("1e99*1e99*1e99*1e99", TooLarge),
        ("exp(999)", TooLarge),
        ("(" * 41 + "1" + ")" * 41, TooLarge),
        ("-" * 41 + "1", TooLarge),
        ("1+" * 150 + "1", TooLarge),
        ("1" * 501, TooLarge),
    ],
)
def test_what_is_no_expression_or_has_no_result_is_refused(text: str, error: type[FormulaError]):
    with pytest.raises(error):
        Formula(text)


@given(st.text("0123456789abpi.+-*/^(){}, ", max_size=30))
def test_any_text_has_a_result_or_a_reason(text: str):
    try:
        formula = Formula(text)
        result = formula.result(dict.fromkeys(formula.names, Fraction(3, 2)))
    except FormulaError as error:
        assert str(error)
    else:
        assert isinstance(result, Fraction)
