"""Searching finds what people mean, however they spell it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.words import words_to_find, words_to_index


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("الكهرباء", "كهرباء"),
        ("كهرباء", "بالكهرباء"),
        ("اعمال", "أعمال"),
        ("خياطه", "خياطة"),
        ("٢٤٠", "240"),
        ("مُتقدِّم", "متقدم"),
    ],
)
def test_a_word_is_found_in_any_spelling(typed: str, written: str):
    assert words_to_find(typed) in words_to_index(written).split()


def test_a_short_word_keeps_what_looks_like_an_article():
    assert words_to_find("الم") == "الم"


@given(st.text(max_size=200))
def test_any_text_can_be_searched_for(text: str):
    found = words_to_find(text)

    assert found == " ".join(found.split())
