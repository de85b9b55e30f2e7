"""Names are kept as typed and folded for search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.folding import fold_arabic
from accounts.services.names import tidy_name

ARABIC = st.text(
    alphabet=st.characters(min_codepoint=0x0600, max_codepoint=0x06FF) | st.sampled_from(" \u200f\u200dab")
)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("أحمد إبراهيم آدم ٱلله", "احمد ابراهيم ادم الله"),
        ("مُحَمَّد", "محمد"),
        ("محـــمد", "محمد"),
        ("فاطمة", "فاطمه"),
        ("مصطفى", "مصطفي"),
        ("رئيس مؤمن", "رييس مومن"),
        ("عبد الرحمن", "عبدالرحمن"),
        ("عبدالرحمن", "عبدالرحمن"),
        ("سعد عبد  الله", "سعد عبدالله"),
        ("معبد الشمس", "معبد الشمس"),
        ("کریم", "كريم"),
        ("شعبة ٣ ۴", "شعبه 3 4"),
        ("\u200fمحمد\u200d علي\u200e", "محمد علي"),
        ("ﷴ", "محمد"),
        ("  Mohamed\tALI ", "mohamed ali"),
    ],
)
def test_spellings_of_one_name_fold_into_one(typed: str, folded: str):
    assert fold_arabic(typed) == folded


@given(st.text() | ARABIC)
def test_folding_twice_changes_nothing(text: str):
    once = fold_arabic(text)

    assert fold_arabic(once) == once


@given(ARABIC, st.sampled_from("\u064b\u0652\u0670\u06d6\u0640\u200b\u200f\u2066\ufeff"), st.integers(0, 50))
def test_a_silent_mark_anywhere_changes_nothing(text: str, mark: str, at: int):
    assert fold_arabic(text[:at] + mark + text[at:]) == fold_arabic(text)


def test_a_tidy_name_is_one_line_without_direction_tricks():
    assert tidy_name(" محمد\r\nعلي\u202e حسن ") == "محمد علي حسن"
