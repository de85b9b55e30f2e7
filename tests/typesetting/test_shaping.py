import pytest
import uharfbuzz as hb
from hypothesis import given
from hypothesis import strategies as st

from typesetting.fonts import Font, load_font
from typesetting.graphemes import is_invisible
from typesetting.shaping import ShapedRun, shape

FONTS = st.sampled_from(["Amiri-Regular", "Amiri-Bold", "IBMPlexSansArabic-Regular"]).map(load_font)
ARABIC = "ابتجحدرسشصطعفقكلمنهويىةءآأإؤئپچژگکیۀۂۓـ\u064b\u064e\u0650\u064f\u0651\u0652\u0670\u200c\u200d "
LATIN = "abefijlAVTo fi.,-0123()\u0301"


def placed_by_harfbuzz(font: Font, text: str, *, rtl: bool) -> list[tuple[int, int, int]]:
    """Glyph, x and y in font units."""
    buffer = hb.Buffer()
    buffer.flags = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES | hb.BufferFlags.DO_NOT_INSERT_DOTTED_CIRCLE
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction, buffer.language = ("rtl", "ar") if rtl else ("ltr", "en")
    hb.shape(font.hb, buffer)
    pen = 0
    placed = []
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        placed.append((info.codepoint, pen + position.x_offset, position.y_offset))
        pen += position.x_advance
    return placed


def placed_by_slots(run: ShapedRun) -> list[tuple[int, int, int]]:
    pen = 0
    placed = []
    for slot in run.slots:
        placed += [(part.glyph, pen + part.dx, part.dy) for part in slot.placement.components]
        pen += slot.placement.advance
    return placed


def spelled(run: ShapedRun, *, rtl: bool) -> str:
    return "".join(slot.text for slot in (reversed(run.slots) if rtl else run.slots))


@given(font=FONTS, text=st.text(ARABIC, min_size=1, max_size=12))
def test_arabic_slots_spell_the_text_and_leave_every_glyph_in_its_place(font: Font, text: str) -> None:
    run = shape(font, text, 0, len(text), rtl=True)

    # Where only joiners stand there is no glyph to carry them.
    assert spelled(run, rtl=True) == ("" if all(map(is_invisible, text)) else text)
    assert placed_by_slots(run) == placed_by_harfbuzz(font, text, rtl=True)
    assert run.advance == sum(slot.placement.advance for slot in run.slots)


@given(font=FONTS, text=st.text(LATIN, min_size=1, max_size=12))
def test_latin_slots_spell_the_text_and_leave_every_glyph_in_its_place(font: Font, text: str) -> None:
    run = shape(font, text, 0, len(text), rtl=False)

    assert spelled(run, rtl=False) == text
    assert placed_by_slots(run) == placed_by_harfbuzz(font, text, rtl=False)


@given(text=st.text(ARABIC.replace(" ", ""), min_size=3, max_size=8), cut=st.integers(1, 2))
def test_a_stretch_spells_its_own_characters_only(text: str, cut: int) -> None:
    run = shape(load_font("Amiri-Regular"), text, cut, len(text), rtl=True)

    assert spelled(run, rtl=True) in {text[cut:], ""}


@pytest.mark.parametrize("pair", [("(", ")"), ("[", "]"), ("«", "»"), ("<", ">")])
def test_brackets_are_mirrored_in_right_to_left_text(pair: tuple[str, str]) -> None:
    font = load_font("Amiri-Regular")
    opening, closing = pair

    in_arabic = shape(font, opening, 0, 1, rtl=True).slots[0]
    in_english = shape(font, closing, 0, 1, rtl=False).slots[0]

    assert in_arabic.placement.components == in_english.placement.components
    assert in_arabic.text == opening
