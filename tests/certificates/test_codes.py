"""The verification code notices what people get wrong."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.codes import ALPHABET, LENGTH, check_symbol, display_code, new_code, parse_code

BODY = "7K3M9QXD1A9R"
CODE = BODY + check_symbol(BODY)


def test_every_single_wrong_symbol_is_noticed():
    wrong = [
        CODE[:place] + symbol + CODE[place + 1 :]
        for place in range(LENGTH)
        for symbol in ALPHABET
        if symbol != CODE[place]
    ]

    assert len(wrong) == LENGTH * (len(ALPHABET) - 1)
    assert [code for code in wrong if parse_code(code)] == []


def test_every_exchange_of_two_symbols_is_noticed():
    exchanged = []
    for first, second in itertools.combinations(range(LENGTH), 2):
        symbols = list(CODE)
        symbols[first], symbols[second] = symbols[second], symbols[first]
        if "".join(symbols) != CODE:
            exchanged.append("".join(symbols))

    assert len(exchanged) > 60
    assert [code for code in exchanged if parse_code(code)] == []


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
