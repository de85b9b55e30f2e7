import pytest

from typesetting import (
    NASKH,
    SANS,
    MissingGlyph,
    Style,
    fit_two_lines,
    set_line,
    without_harakat,
)
from typesetting.fonts import font_spans, load_font


def test_a_font_is_loaded_once_per_process() -> None:
    assert load_font("Amiri-Regular") is load_font("Amiri-Regular")


def test_missing_characters_are_all_named() -> None:
    with pytest.raises(MissingGlyph) as caught:
        font_spans("أحمد 漢 و 字 و 漢", NASKH)

    assert caught.value.characters == ("漢", "字")
    assert "U+6F22" in str(caught.value)


@pytest.mark.parametrize("char", ["\x00", "\x07", "\ud800", "\U0001f600"])
def test_what_has_no_glyph_is_refused_and_never_a_box(char: str) -> None:
    with pytest.raises(MissingGlyph) as caught:
        set_line(f"أحمد {char}", Style(("Amiri-Regular",)))

    assert char in caught.value.characters


@pytest.mark.parametrize("text", ["Zo\u0308e Ae\u0301", "ا\u0653", "می‌خواهم", "sof\u00adt"])
def test_decomposed_letters_and_joiners_are_covered(text: str) -> None:
    font_spans(text, SANS)


def test_a_letter_the_first_font_lacks_comes_from_the_next_with_its_marks() -> None:
    text = "بڢ\u064eب"  # IBM Plex Sans Arabic has no U+06A2

    spans = font_spans(text, SANS)

    assert [(start, end, font.name) for start, end, font in spans] == [
        (0, 1, "IBMPlexSansArabic-Regular"),
        (1, 3, "Amiri-Regular"),
        (3, 4, "IBMPlexSansArabic-Regular"),
    ]


def test_a_word_with_a_letter_the_first_font_lacks_may_come_whole_from_the_next() -> None:
    text = "Mu\u1e25ammad Ali"

    by_letter, by_word = (font_spans(text, SANS, whole_words=whole) for whole in (False, True))

    assert [text[start:end] for start, end, _ in by_letter] == ["Mu", "\u1e25", "ammad Ali"]
    assert [(text[start:end], font.name) for start, end, font in by_word] == [
        ("Mu\u1e25ammad ", "Amiri-Regular"),
        ("Ali", "IBMPlexSansArabic-Regular"),
    ]


def test_a_text_that_another_font_has_whole_is_drawn_by_it_on_all_its_lines() -> None:
    style = Style(SANS, 20, whole_words=True)

    lines = fit_two_lines("Mu\u1e25ammad Ali Hassan", style, width=120, min_size=10)

    assert len(lines) == 2
    assert {run.font.name for line in lines for run in line.runs} == {"Amiri-Regular"}


def test_letters_join_across_a_change_of_font() -> None:
    alone = set_line("ب", Style(SANS)).runs[0].slots[0].placement.components[0].glyph
    joined = set_line("بڢب", Style(SANS))

    forms = {
        run.slots[0].placement.components[0].glyph for run in joined.runs if run.font.name.startswith("IBM")
    }

    assert alone not in forms
    assert len(forms) == 2


def test_harakat_are_removed_and_hamza_stays() -> None:
    assert without_harakat("أَحْمَدُ مُؤْمِنٌ عَبْدُ الرَّحْمَٰنِ آدَم") == "أحمد مؤمن عبد الرحمن آدم"
