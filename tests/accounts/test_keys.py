"""Keys of rows that addresses and forms name."""

import pytest

from accounts.digits import read_key


@pytest.mark.parametrize(("text", "key"), [("7", 7), ("9" * 18, 10**18 - 1)])
def test_a_number_that_a_row_can_have_is_its_key(text: str, key: int):
    assert read_key(text) == key


@pytest.mark.parametrize("text", ["", "-1", "1.0", "²", "٣", "7 ", "9" * 19, "9" * 5000])
def test_what_no_row_can_have_names_none(text: str):
    assert read_key(text) is None
