import unicodedata
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.typesetting.reading import READERS, shown_codes, text_by_pdfium
from tests.typesetting.strings import ARABIC, MIXED, TYPEFACES, VOWELLED, page_of
from typesetting import NASKH, SANS, Direction, Typeface

EVERYTHING = [*ARABIC, *VOWELLED, *MIXED]
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأإؤئ"


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("typeface", TYPEFACES)
@pytest.mark.parametrize("text", ARABIC)
def test_an_arabic_name_is_copied_as_it_was_written(
    text: str, typeface: Typeface, reader: Callable[[bytes], str]
) -> None:
    pdf = page_of(text, typeface)

    assert reader(pdf) == text


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("typeface", TYPEFACES)
@pytest.mark.parametrize("text", VOWELLED)
def test_a_vowelled_name_is_copied_up_to_the_order_of_its_marks(
    text: str, typeface: Typeface, reader: Callable[[bytes], str]
) -> None:
    # Pdfium keeps two marks of one letter in visual order; Unicode calls the two orders equivalent.
    pdf = page_of(text, typeface)

    assert unicodedata.normalize("NFC", reader(pdf)) == unicodedata.normalize("NFC", text)


@settings(max_examples=50, deadline=None)
@given(words=st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=4))
def test_any_arabic_words_are_copied_as_they_were_written(words: list[str]) -> None:
    text = " ".join(words)

    assert text_by_pdfium(page_of(text, NASKH)) == text
    assert text_by_pdfium(page_of(text, SANS)) == text


@pytest.mark.parametrize("text", ["office affine AVATAR To", "<b>Ahmed</b>", '<img src="/etc/hostname">'])
def test_english_and_markup_are_drawn_and_copied_literally(text: str) -> None:
    pdf = page_of(text, SANS, language="en", direction=Direction.LTR)

    assert text_by_pdfium(pdf) == text


@pytest.mark.parametrize("typeface", TYPEFACES)
@pytest.mark.parametrize("text", EVERYTHING)
def test_the_codes_of_a_line_spell_its_characters(text: str, typeface: Typeface) -> None:
    shown = shown_codes(page_of(text, typeface))

    spelled = "".join(code.text for code in shown)
    assert Counter(unicodedata.normalize("NFD", spelled)) == Counter(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize("typeface", TYPEFACES)
@pytest.mark.parametrize("text", EVERYTHING)
def test_no_code_leads_to_notdef_and_widths_agree_with_the_font(text: str, typeface: Typeface) -> None:
    shown = shown_codes(page_of(text, typeface))

    assert shown
    assert all(code.glyph != 0 for code in shown)
    assert all(code.width == code.font_width for code in shown)
    assert all(len(code.text) == 1 for code in shown)
