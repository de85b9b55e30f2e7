"""Messages with the same spelling and different meanings have contexts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.search_normalization import (
    LONGEST_WORD,
    deletions_of,
    is_typo_of,
    phrase_of,
    words_of,
    words_to_find,
)
from courses.spellings import retyped, sound_of


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("الكهرباء", "كهرباء"),
        ("كهرباء", "بالكهرباء"),
        ("كهربائية", "الكهرباء"),
        ("كهربا", "كهربائي"),
        ("للموبايلات", "موبايل"),
        ("اعمال", "أعمال"),
        ("خياطه", "خياطة"),
        ("خياطين", "خياطة"),
        ("نجارات", "نجار"),
        ("شبكه", "شبكات"),
        ("فنيين", "فني"),
        ("ألوميتال", "الألوميتال"),
        ("لحاااام", "لحام"),
        ("٢٤٠", "240"),
        ("مُتقدِّم", "متقدم"),
        ("wires", "wiring"),
        ("welders", "Welding"),
        ("cutting", "cutter"),
        ("batteries", "battery"),
    ],
)
def test_a_word_has_the_stem_of_its_other_forms(typed: str, written: str):
    assert phrase_of(typed) == phrase_of(written)


@pytest.mark.parametrize(
    ("one", "other"),
    [("تمرين", "تمر"), ("تخزين", "تخز"), ("glass", "glas"), ("لحام", "حام"), ("بلاط", "لاط")],
)
def test_words_that_only_look_alike_stay_apart(one: str, other: str):
    assert phrase_of(one) != phrase_of(other)


def test_an_and_that_is_written_into_a_word_is_no_part_of_it():
    [_sewing, tailoring] = words_of("خياطة وتفصيل")

    assert "تفصيل" in tailoring.forms


def test_a_short_word_keeps_letters_that_look_like_an_article():
    assert [word.plain for word in words_of("الم")] == ["الم"]


@pytest.mark.parametrize("typo", ["كهربء", "كهرباءا", "كهرباؤ", "كهراباء", "كهربءا"])
def test_one_letter_missing_more_wrong_or_two_swapped_is_a_typing_error(typo: str):
    assert is_typo_of(typo, "كهرباء")
    assert set(deletions_of((typo,))) & set(deletions_of(("كهرباء",)))


@pytest.mark.parametrize("other", ["كهرباء", "كهب", "سباكه", ""])
def test_a_word_is_no_typing_error_of_itself_or_of_one_further_away(other: str):
    assert not is_typo_of(other, "كهرباء")


@given(st.text(alphabet="ابجد", min_size=1, max_size=6), st.text(alphabet="ابجد", min_size=1, max_size=6))
def test_every_typing_error_is_among_the_deletions(one: str, other: str):
    if is_typo_of(one, other):
        assert set(deletions_of((one,))) & set(deletions_of((other,)))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("gphl", "لحام"), ("sfh;m", "سباكة"), ("صثمي", "weld"), ("لحام weld", ""), ("١٢", "")],
)
def test_what_is_typed_on_a_keyboard_of_the_other_language_is_read(typed: str, meant: str):
    assert retyped(typed) == meant


@pytest.mark.parametrize(("one", "other"), [("le7am", "لحام"), ("sebaka", "سباكه"), ("3amel", "عامل")])
def test_arabic_in_latin_letters_sounds_like_arabic(one: str, other: str):
    assert sound_of(one) == sound_of(other) != ""


@given(st.text(max_size=200))
def test_any_text_can_be_searched_for(text: str):
    for word in words_to_find(text):
        assert all(form.isalnum() and len(form) <= LONGEST_WORD * 2 for form in word.forms)
