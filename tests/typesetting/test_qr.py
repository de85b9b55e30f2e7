"""Our QR codes are those that segno draws, whatever they hold."""

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hypothesis_budget import examples
from typesetting.qr import MASK, runs_of


def drawn_by_segno(payload: str, error: str) -> list[bytes]:
    symbol = segno.make_qr(payload, error=error, mask=MASK, boost_error=False)
    return [bytes(row) for row in symbol.matrix]


def drawn(payload: str, error: str) -> list[bytes]:
    side, rows = runs_of(payload, error=error)
    picture = []
    for runs in rows:
        row = bytearray(side)
        for start, end in runs:
            row[start:end] = b"\1" * (end - start)
        picture.append(bytes(row))
    return picture


@settings(max_examples=examples(0.3))
@given(payload=st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=90))
def test_a_symbol_is_the_one_that_segno_draws(payload: str):
    assert drawn(payload, "m") == drawn_by_segno(payload, "m")


@pytest.mark.parametrize("error", ["l", "m", "q", "h"])
@pytest.mark.parametrize("length", [1, 17, 60, 190, 341, 492])
def test_a_symbol_of_each_size_and_level_is_the_one_that_segno_draws(length: int, error: str):
    payload = ("https://v.gov.eg/c/7K3M9QXD1A9RZ#" + "aZ0-_" * 100)[:length]

    assert drawn(payload, error) == drawn_by_segno(payload, error)


@pytest.mark.parametrize("payload", ["12345678", "HTTPS://V.GOV.EG", "شهادة", "a" * 2331])
def test_what_segno_writes_shorter_and_the_longest_are_the_same(payload: str):
    assert drawn(payload, "m") == drawn_by_segno(payload, "m")


def test_more_than_any_symbol_holds_is_refused():
    with pytest.raises(segno.DataOverflowError):
        runs_of("a" * 2332, error="m")
