"""The verification code notices what people get wrong."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.codes import ALPHABET, LENGTH, check_symbol, display_code, new_code, parse_code

BODY = "7K3M9QXD1A9R"
CODE = BODY + check_symbol(BODY)


def random_codes(number: int) -> list[str]:
    """Codes that are the same in every run, and the ones that look most alike inside."""
    draw = random.Random(2026)
    bodies = ["".join(draw.choices(ALPHABET, k=LENGTH - 1)) for _number in range(number)]
    bodies += [symbol * (LENGTH - 1) for symbol in ALPHABET]
    return [body + check_symbol(body) for body in bodies]


def test_every_single_wrong_symbol_is_noticed():
    missed, tried = [], 0
    for code in random_codes(150):
        for place, symbol in itertools.product(range(LENGTH), ALPHABET):
            if symbol != code[place]:
                wrong = code[:place] + symbol + code[place + 1 :]
                tried += 1
                missed += [(code, wrong)] * (parse_code(wrong) is not None)

    assert missed == []
    assert tried == (150 + 31) * LENGTH * (len(ALPHABET) - 1)


def test_every_exchange_of_two_symbols_is_noticed():
    missed, tried = [], 0
    for code in random_codes(800):
        for first, second in itertools.combinations(range(LENGTH), 2):
            if code[first] != code[second]:
                symbols = list(code)
                symbols[first], symbols[second] = symbols[second], symbols[first]
                tried += 1
                missed += [(code, "".join(symbols))] * (parse_code("".join(symbols)) is not None)

    assert missed == []
    assert tried > 55_000


def test_the_two_promises_hold_for_all_codes_by_arithmetic():
    # An error changes the weighted sum by weight * difference or by (weight - weight) * difference; neither is 0 mod 31.
    weights, differences = range(1, LENGTH + 1), range(1, len(ALPHABET))

    singles = {weight * by % 31 for weight in weights for by in differences}
    exchanges = {(a - b) * by % 31 for a, b in itertools.combinations(weights, 2) for by in differences}

    assert 0 not in singles | exchanges


@given(st.text(ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1))
def test_what_is_displayed_can_be_typed_back(body: str):
    code = body + check_symbol(body)

    assert parse_code(display_code(code)) == code


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        f" {CODE[:4]} {CODE[4:8]} – {CODE[8:]} ",
        CODE.translate(str.maketrans("123456789", "١٢٣٤٥٦٧٨٩")),
        f"\u200f{CODE}\u200e",
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str):
    assert parse_code(typed) == CODE


@given(st.text(max_size=40))
def test_any_text_is_answered_without_an_error(typed: str):
    code = parse_code(typed)

    assert code is None or len(code) == LENGTH


@pytest.mark.parametrize("typed", ["", "²" * 13, "O" * 13, CODE + "1", CODE[:-1], "'; DROP TABLE", "٪" * 13])
def test_what_cannot_be_a_code_is_none(typed: str):
    assert parse_code(typed) is None


def test_new_codes_are_well_formed_and_differ():
    codes = {new_code() for _number in range(500)}

    assert len(codes) == 500
    assert all(parse_code(code) == code for code in codes)
