"""Values that are not known before approval are tried at their greatest width."""

import datetime as dt
from typing import Any

import pytest

from certificates.codes import ALPHABET
from certificates.drawing import arabic_date, check_printable, english_date
from certificates.drawing.certificate import _WIDE_DAYS
from certificates.drawing.design import FONTS
from tests.certificates.designs import NUMBER, SITE, built_in, paper
from tests.certificates.drawing.test_drawing import changed, number_of
from typesetting import Direction, Style, TextDoesNotFit, Typeface, mm, set_line


def width(text: str, typeface: Typeface) -> float:
    return set_line(text, Style(typeface, 10, direction=Direction.LTR)).width


@pytest.mark.parametrize("font", FONTS)
def test_no_day_and_no_code_is_wider_than_those_that_are_tried(font: str):
    typeface = FONTS[font]
    months = [dt.date(2033, month, 30 if month != 2 else 28) for month in range(1, 13)]

    for write in (english_date, arabic_date):
        tried = max(width(write(day), typeface) for day in _WIDE_DAYS)
        assert max(width(write(day), typeface) for day in months) <= tried + 0.1
    assert max(width(letter * 13, typeface) for letter in ALPHABET) <= width("W" * 13, typeface) * 1.01


def squeezed(fact: str, **place: float) -> dict[str, Any]:
    """The completion certificate with little room for a fact."""
    design = built_in("completion")
    number = number_of(design, "field", fact=fact)
    block = design["blocks"][number - 1]
    return changed(design, number, place={**block["place"], **place}, look={**block["look"], "min_size": 8})


def test_a_long_code_of_a_center_is_tried_and_not_a_usual_one():
    design = squeezed("number", width=45)
    claims = paper("completion").claims

    check_printable(claims, design, number=NUMBER, site=SITE)
    with pytest.raises(TextDoesNotFit):
        check_printable(claims, design, number="ALEX-NORTH-2/2026/ABCDE-000000", site=SITE)


def test_the_mark_of_a_copy_is_tried_before_there_is_one():
    design = built_in("completion")
    number = number_of(design, "copy_mark")
    block = design["blocks"][number - 1]
    narrow = changed(design, number, place={**block["place"], "width": 30})

    with pytest.raises(TextDoesNotFit):
        check_printable(paper("completion").claims, narrow, number=NUMBER, site=SITE)


@pytest.mark.parametrize("fact", ["valid_until_ar", "valid_until_en"])
def test_a_box_too_narrow_for_the_widest_month_is_reported(fact: str):
    design = changed(built_in("completion"), 20, fact=fact)
    text = {"valid_until_ar": "30 مايو 2033", "valid_until_en": "30 May 2033"}[fact]
    room = width(text, FONTS["sans-bold"]) * 0.8 / mm + 1
    block = design["blocks"][19]

    with pytest.raises(TextDoesNotFit):
        check_printable(
            paper("completion").claims,
            changed(design, 20, place={**block["place"], "width": room}),
            number=NUMBER,
            site=SITE,
        )
