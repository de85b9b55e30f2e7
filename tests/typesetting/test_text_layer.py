import unicodedata
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import ImageChops

from tests.typesetting.reading import (
    READERS,
    pixels,
    shown_codes,
    text_by_mupdf,
    text_by_pdfium,
    texts_by_pdfjs,
)
from tests.typesetting.samples import SENTENCE, whole_document
from tests.typesetting.strings import (
    ARABIC,
    BRACKETED,
    KORANIC,
    MIXED,
    NUMBERED,
    TYPEFACES,
    VOWELLED,
    page_of,
)
from typesetting import NASKH, SANS, Direction, Document, Style, Typeface, wrap

EVERYTHING = [*ARABIC, *NUMBERED, *VOWELLED, *KORANIC, *MIXED]
# MuPDF puts the last vowel sign first and pdf.js spaces around some: see docs/reference/typesetting.md.
VOWEL_READERS = [reader for reader in READERS if reader is not text_by_mupdf]
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأإؤئ"


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("typeface", TYPEFACES)
@pytest.mark.parametrize("text", ARABIC)
def test_an_arabic_name_is_copied_as_it_was_written(
    text: str, typeface: Typeface, reader: Callable[[bytes], str]
) -> None:
    pdf = page_of(text, typeface)

    assert reader(pdf) == text


def test_pdfjs_copies_names_numbers_and_brackets_as_they_were_written() -> None:
    # It drops the joiners, which are format characters to it.
    texts = [text for text in [*ARABIC, *NUMBERED, BRACKETED] if "\u200c" not in text]
    pages = [(text, page_of(text, typeface)) for text in texts for typeface in TYPEFACES]

    copied = texts_by_pdfjs([pdf for _, pdf in pages])

    assert copied == [text for text, _ in pages]


@pytest.mark.parametrize("typeface", TYPEFACES)
@pytest.mark.parametrize("text", NUMBERED)
def test_a_line_with_numbers_is_copied_as_it_was_written(text: str, typeface: Typeface) -> None:
    pdf = page_of(text, typeface)

    assert text_by_pdfium(pdf) == text


def test_the_lines_of_a_paragraph_are_copied_in_their_order() -> None:
    lines = wrap(SENTENCE, Style(NASKH, size=14), width=220)
    document = Document(title="title")
    document.new_page().draw_lines(lines, 100, 700, width=220)
    pdf = document.finish()

    copies = [text_by_pdfium(pdf), text_by_mupdf(pdf), *texts_by_pdfjs([pdf])]

    assert len(lines) > 3
    assert [copy.split() for copy in copies] == [SENTENCE.split()] * 3


def test_a_watermark_is_seen_and_not_copied() -> None:
    plain, marked = whole_document(), whole_document(watermark="DEMO – NOT FOR PRODUCTION / نموذج تجريبي")

    changed = ImageChops.difference(pixels(plain), pixels(marked)).histogram()
    assert sum(changed[16:]) > 0.01 * sum(changed)
    assert text_by_pdfium(marked) == text_by_pdfium(plain)
    assert text_by_mupdf(marked) == text_by_mupdf(plain)


@pytest.mark.parametrize("reader", VOWEL_READERS)
@pytest.mark.parametrize("typeface", TYPEFACES)
@pytest.mark.parametrize("text", [*VOWELLED, *KORANIC])
def test_a_vowelled_name_is_copied_up_to_the_order_of_its_marks(
    text: str, typeface: Typeface, reader: Callable[[bytes], str]
) -> None:
    # Pdfium keeps two marks of one letter in visual order; Unicode calls the two orders equivalent.
    pdf = page_of(text, typeface)

    assert unicodedata.normalize("NFC", reader(pdf)) == unicodedata.normalize("NFC", text)


# Naskh kerns the letter before a kaf so far that its advance is to the left.
@example(words=["كركد"])
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
