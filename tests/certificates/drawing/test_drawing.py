"""A certificate is drawn by its design, and what cannot be printed is reported before approval."""

import dataclasses
import datetime as dt
import io
import zlib
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from certificates.blocks import FieldBlock
from certificates.designs import NAMES
from certificates.drawing import (
    FACTS,
    SAMPLES,
    CertificateData,
    Problem,
    check_printable,
    draw_certificate,
    find_problems,
    fit_picture,
    pictures,
    sample_certificate,
    with_gender,
)
from certificates.drawing.design import CARD_SIZE
from tests.certificates.designs import ASSETS, NUMBER, SITE, built_in, first_edition, old_paper, paper
from tests.certificates.goldens import FOLDER, SECOND_EDITIONS, SHEETS, drawn, drawn_as_first, path_of, sheets
from tests.hypothesis_budget import examples
from tests.typesetting.goldens import difference
from tests.typesetting.validators import outloud_findings, qpdf
from typesetting import TextDoesNotFit, TypesettingError, mm, without_harakat

TOLERANCE = 0.01


def text_of(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


def problems_of(design: dict[str, Any], *samples: str) -> set[Problem]:
    found = find_problems(
        (sample, sample_certificate(sample, design=design, site=SITE, assets=ASSETS))
        for sample in samples or SAMPLES
    )
    return {finding.problem for finding in found.problems}


def changed(design: dict[str, Any], number: int, **values: Any) -> dict[str, Any]:
    """The design with other values in the block of a number, counted from 1."""
    blocks = [dict(block) for block in design["blocks"]]
    blocks[number - 1] |= values
    return {**design, "blocks": blocks}


def number_of(design: dict[str, Any], kind: str, **values: Any) -> int:
    return next(
        number
        for number, block in enumerate(design["blocks"], start=1)
        if block["kind"] == kind and all(block[name] == value for name, value in values.items())
    )


# --- Looks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHEETS)
def test_a_built_in_design_looks_as_it_did(name: str):
    pictures = drawn(name)

    for number, picture in enumerate(pictures, start=1):
        with Image.open(path_of(name, number)) as expected:
            assert picture.size == expected.size
            assert difference(expected, picture) <= TOLERANCE


@pytest.mark.parametrize("name", SECOND_EDITIONS)
def test_a_certificate_of_the_first_edition_is_drawn_as_it_was(name: str):
    for number, picture in enumerate(drawn_as_first(name), start=1):
        with Image.open(path_of(name, number, folder=FOLDER / "first_edition")) as expected:
            assert picture.size == expected.size
            assert difference(expected, picture) <= TOLERANCE


def test_a_design_from_before_blocks_is_drawn_as_it_was():
    (picture,) = sheets(draw_certificate(old_paper()), scale=2)

    with Image.open(FOLDER / "old_design.png") as expected:
        assert picture.size == expected.size
        assert difference(expected, picture) <= TOLERANCE


@pytest.mark.parametrize("name", NAMES)
def test_another_accent_would_be_noticed_and_nothing_else(name: str):
    usual = draw_certificate(paper(name))
    design = with_gender(built_in(name, accent="#1d3a8f"), "male")
    blue = draw_certificate(dataclasses.replace(paper(name), design=design))

    assert usual != blue
    assert text_of(usual) == text_of(blue)


def test_a_card_has_a_front_and_a_back_of_the_size_of_bank_cards():
    pages = pypdfium2.PdfDocument(draw_certificate(paper("skill_level"), card=True))

    assert len(pages) == 2
    for page in pages:
        assert page.get_size() == pytest.approx((CARD_SIZE[0] * mm, CARD_SIZE[1] * mm), abs=0.01)


def test_a_design_that_is_a_card_has_no_page():
    assert len(pypdfium2.PdfDocument(draw_certificate(paper("licence_card")))) == 2


@pytest.mark.parametrize("name", NAMES)
def test_the_same_certificate_gives_the_same_bytes(name: str):
    assert draw_certificate(paper(name)) == draw_certificate(paper(name))


@pytest.mark.parametrize("name", NAMES)
def test_names_and_number_can_be_read_back(name: str):
    text = " ".join(text_of(draw_certificate(paper(name))).split())

    assert "أحمد محمد عبد الرحمن الشربيني" in text
    assert "Ahmed Mohamed Abdelrahman El-Sherbini" in text
    assert "CAI-03/2026/SL-000123" in text


# One design has a card in addition to its page.
FILES = [*((name, False) for name in NAMES), ("skill_level", True)]


@pytest.mark.parametrize(("name", "card"), FILES)
def test_a_file_conforms_to_pdf_ua_and_is_small(name: str, card: bool):
    pdf = draw_certificate(paper(name, "copy"), card=card)

    assert outloud_findings(pdf) == []
    assert len(pdf) < 150_000


@pytest.mark.parametrize(("name", "card"), FILES)
def test_a_file_conforms_to_pdf_a(name: str, card: bool):
    assert qpdf(draw_certificate(paper(name, "copy"), card=card)) == ""


# --- Copies and demonstrations -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_says_that_it_is_one_and_of_which_day(name: str):
    copy, original = text_of(draw_certificate(paper(name, "copy"))), text_of(draw_certificate(paper(name)))

    assert "Copy no. 12 · 30 September 2026" in copy
    assert {"نسخة", "رقم", "12"} <= set(copy.split())
    assert "نسخة" not in original
    assert "Copy no." not in original


def test_a_copy_of_an_old_certificate_says_so_though_its_design_has_no_place_for_it():
    copy = dataclasses.replace(old_paper(), copy_number=2, copied_on=dt.date(2027, 1, 3))

    assert "Copy no. 2" in text_of(draw_certificate(copy))


def test_a_demonstration_is_marked_on_every_page():
    usual = sheets(draw_certificate(paper("licence_card")))
    marked = sheets(draw_certificate(dataclasses.replace(paper("licence_card"), watermark="DEMO")))

    assert len(marked) == 2
    for one, other in zip(usual, marked, strict=True):
        assert ImageChops.difference(one, other).getbbox() is not None


# --- What cannot be printed --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_built_in_design_prints_every_sample(name: str):
    assert problems_of(built_in(name)) == set()


def test_hours_on_paper_say_whether_they_are_of_the_program_or_were_attended():
    rows = [
        (row["fact"], row.get("label_en") or row["label"])
        for name in NAMES
        for block in built_in(name)["blocks"]
        for row in block.get("rows", ())
        if "hours" in row["fact"]
    ]

    assert set(rows) == {
        ("hours", "Program hours"),
        ("hours_ar", "ساعات البرنامج"),
        ("hours_en", "Program hours"),
        ("attended_hours", "Hours attended"),
    }


def test_a_name_too_long_for_the_chosen_design_is_reported_before_approval():
    claims = dict(paper("completion").claims, name_ar="عبد الرحمن " * 11)

    check_printable(claims, built_in("completion"), number=NUMBER, site=SITE)
    with pytest.raises(TextDoesNotFit):
        check_printable(claims, built_in("licence_card"), number=NUMBER, site=SITE)


def test_a_qr_code_too_small_for_its_content_is_a_problem():
    design = first_edition("completion")
    number = number_of(design, "qr")
    small = {**design["blocks"][number - 1]["place"], "width": 14.9, "height": 25}

    assert problems_of(changed(design, number, place=small)) == {Problem.QR_TOO_SMALL}
    assert problems_of(changed(design, number, place={**small, "width": 15}), "usual") == set()
    assert problems_of(changed(design, number, payload="offline")) == {Problem.QR_TOO_SMALL}


def test_a_long_address_takes_a_larger_code():
    far = sample_certificate(
        "usual", design=built_in("completion"), site=f"https://{'a' * 200}.example", assets=ASSETS
    )
    found = find_problems([("usual", far)]).problems

    assert [finding.problem for finding in found] == []
    design = built_in("completion")
    number = number_of(design, "qr")
    small = {**design["blocks"][number - 1]["place"], "width": 16, "height": 16}
    tight = dataclasses.replace(far, design=changed(design, number, place=small))
    assert [finding.problem for finding in find_problems([("usual", tight)]).problems] == [
        Problem.QR_TOO_SMALL
    ]


def test_a_picture_without_a_description_is_a_problem_unless_it_is_an_ornament():
    design = first_edition("completion")
    number = number_of(design, "image")

    assert problems_of(changed(design, number, alt=" ")) == {Problem.NO_ALT_TEXT}
    assert problems_of(changed(design, number, alt="", role="artifact")) == set()


def test_a_caption_without_a_picture_before_it_is_a_problem():
    design = first_edition("completion")
    last = number_of(design, "qr")
    without = {**design, "blocks": [*design["blocks"][: last - 1], *design["blocks"][last:]]}
    image = number_of(without, "image")

    found = problems_of(changed(without, image, role="artifact"))

    assert found == {Problem.NO_QR, Problem.CAPTION_ALONE}


def test_a_box_beyond_the_sheet_is_a_problem():
    design = built_in("completion")
    number = number_of(design, "qr")
    place = {**design["blocks"][number - 1]["place"], "x": 280}

    assert problems_of(changed(design, number, place=place)) == {Problem.OUTSIDE}


def test_boxes_that_overlap_are_only_a_warning():
    design = built_in("completion")
    number = number_of(design, "field", fact="code")
    place = {**design["blocks"][number - 1]["place"], "y": 140, "x": 125}
    found = find_problems(
        [
            (
                "usual",
                sample_certificate(
                    "usual", design=changed(design, number, place=place), site=SITE, assets=ASSETS
                ),
            )
        ]
    )

    assert found.problems == []
    assert {finding.problem for finding in found.all} == {Problem.OVERLAP}


def test_letters_that_no_font_has_are_a_problem():
    design = built_in("completion")
    number = number_of(design, "text")

    assert problems_of(changed(design, number, text="証明書")) == {Problem.MISSING_GLYPH}


def test_what_every_certificate_says_may_not_be_left_out():
    design = built_in("completion")
    bare = {**design, "blocks": [block for block in design["blocks"] if block["kind"] == "frame"]}

    assert problems_of(bare) == {
        Problem.NO_NAME,
        Problem.NO_NUMBER,
        Problem.NO_QR,
        Problem.NO_TITLE,
        Problem.NO_SIGNATORY,
    }


def test_a_signatory_without_a_name_is_a_problem():
    assert problems_of(built_in("completion", signatory_ar="")) == {Problem.NO_SIGNATORY}


def test_a_missing_fact_leaves_its_row_out():
    design = with_gender(built_in("completion"), "male")
    forever = dataclasses.replace(paper("completion"), valid_until=None)

    assert "صالحة حتى" in text_of(draw_certificate(paper("completion")))
    assert "صالحة حتى" not in text_of(draw_certificate(forever))
    assert forever.design == design


LETTERS = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئىة ًٌٍَُِّْ", min_size=1, max_size=120)
LATIN = st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ -'", max_size=140)


def ink_outside(picture: Image.Image, box: dict[str, float], scale: float) -> bool:
    """Whether dark pixels touch a strip of 1 mm left and right of the box: what is printed there overflowed."""
    pixel = mm * scale
    top, bottom = int(box["y"] * pixel), int((box["y"] + box["height"]) * pixel)
    strips = (
        (int((box["x"] - 1.2) * pixel), int((box["x"] - 0.3) * pixel)),
        (int((box["x"] + box["width"] + 0.3) * pixel), int((box["x"] + box["width"] + 1.2) * pixel)),
    )
    return any(picture.crop((left, top, right, bottom)).getextrema()[0] < 128 for left, right in strips)


@settings(max_examples=examples(0.4))
@given(name_ar=LETTERS, name_en=LATIN, program_ar=LETTERS)
def test_no_name_overflows_silently(name_ar: str, name_en: str, program_ar: str):
    usual = paper("completion")
    claims = {**usual.claims, "name_ar": name_ar, "name_en": name_en, "program_ar": program_ar}
    # Without ornaments, which take most of the time and would hide what runs into them.
    blocks = [
        block
        for block in usual.design["blocks"]
        if block["kind"] == "sentence" or block.get("fact") == "heading_ar"
    ]
    trial: CertificateData = dataclasses.replace(
        usual, claims=claims, design={**usual.design, "blocks": blocks}
    )

    try:
        check_printable(claims, trial.design, number=NUMBER, site=SITE)
    except TypesettingError:
        with pytest.raises(TypesettingError):
            draw_certificate(trial)
    else:
        pdf = draw_certificate(trial)
        (picture,) = sheets(pdf, scale=1)
        (sentence,) = (block for block in blocks if block["kind"] == "sentence")
        assert not ink_outside(picture, sentence["place"], 1)
        words = "".join(without_harakat(name_ar).split())
        assert words in "".join(text_of(pdf).split())


# --- Parts -------------------------------------------------------------------------------------------------------


def test_the_editor_offers_every_fact_there_is_and_no_other():
    offered = _choices(FieldBlock().child_blocks["fact"].field.choices)

    assert sorted(offered) == sorted(FACTS)


def _choices(choices: Any) -> list[str]:
    names: list[str] = []
    for value, label in choices:
        if isinstance(label, list | tuple):
            names += _choices(label)
        elif value:
            names.append(value)
    return names


def test_a_large_picture_is_made_fit_for_print():
    written = io.BytesIO()
    Image.effect_noise((3000, 2000), 50).save(written, "PNG")

    fitted = fit_picture(written.getvalue(), width=24, height=19)

    with Image.open(io.BytesIO(fitted)) as picture:
        assert picture.size == (283, 189)
    assert fit_picture(fitted, width=24, height=19) == fitted


def png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def test_a_picture_is_fitted_once_and_forgotten_after_many_others(monkeypatch):
    # Room for a few of them.
    monkeypatch.setattr(pictures, "_CACHE_BYTES", 100_000)
    source = png(Image.effect_noise((300, 200), 50))
    first = fit_picture(source, width=10, height=10)

    assert fit_picture(bytes(bytearray(source)), width=10, height=10) is first
    assert fit_picture(source, width=5, height=5) != first
    for size in range(120, 145):
        fit_picture(png(Image.effect_noise((size, size), 50)), width=100, height=100)
    assert fit_picture(source, width=10, height=10) == first
    assert fit_picture(source, width=10, height=10) is not first


def test_a_picture_of_more_dots_than_a_worker_should_hold_is_refused():
    with pytest.raises(Image.DecompressionBombError):
        fit_picture(png(Image.new("1", (8000, 7000))), width=24, height=19)


def test_a_picture_with_a_text_too_long_to_read_is_none():
    ending = b"\0\0\0\0IEND"
    text = b"zTXtnote\0\0" + zlib.compress(b"a" * 5_000_000)
    chunk = (len(text) - 4).to_bytes(4) + text + zlib.crc32(text).to_bytes(4)
    source = png(Image.new("L", (4, 4))).replace(ending, chunk + ending)

    with pytest.raises(OSError, match="too large"):
        fit_picture(source, width=24, height=19)
