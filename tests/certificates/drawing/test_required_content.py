"""The required content of every file of a certificate, so that each can be verified on its own."""

from typing import Any

import pytest

from certificates.designs.findings import sentence
from certificates.drawing import Finding, Problem, draw_certificate, find_problems, sample_certificate
from tests.certificates.designs import ASSETS, OLD_DESIGN, SIGNATORY, SITE, first_edition
from tests.certificates.drawing.test_drawing import changed, number_of, problems_of, text_of


def without(design: dict[str, Any], *, side: str, **values: Any) -> dict[str, Any]:
    """The design without the blocks of a side that have these values."""
    blocks = [
        block
        for block in design["blocks"]
        if block["place"]["side"] != side or any(block.get(name) != value for name, value in values.items())
    ]
    return {**design, "blocks": blocks}


@pytest.mark.parametrize("side", ["page", "front"])
@pytest.mark.parametrize(("fact", "problem"), [("name_ar", Problem.NO_NAME), ("number", Problem.NO_NUMBER)])
def test_page_and_card_say_name_and_number_each(side: str, fact: str, problem: Problem):
    assert problems_of(without(first_edition("skill_level"), side=side, fact=fact), "usual") == {problem}


def test_a_card_has_a_qr_code_of_its_own():
    bare = without(first_edition("skill_level"), side="back", kind="qr")

    assert problems_of(without(bare, side="back", fact="code"), "usual") == {Problem.NO_QR}


def test_a_name_that_readers_pass_over_is_none():
    design = first_edition("completion")
    number = number_of(design, "field", fact="name_ar")

    assert problems_of(changed(design, number, role="artifact"), "usual") == {Problem.NO_NAME}


def test_every_file_has_a_signatory():
    unsigned = without(first_edition("completion"), side="page", kind="signatory")

    assert problems_of(unsigned, "usual") == {Problem.NO_SIGNATORY}


def signing(**values: str) -> dict[str, Any]:
    """The completion certificate with a signatory of the block's own."""
    design = first_edition("completion")
    return changed(design, number_of(design, "signatory"), **values)


def lines_signed(design: dict[str, Any]) -> list[str]:
    """The texts under the line of the signatory."""
    told = text_of(draw_certificate(sample_certificate("usual", design=design, site=SITE, assets=ASSETS)))
    return [line for line in told.splitlines() if line in {*SIGNATORY.values(), *OTHER.values()}]


OTHER = {
    "name_ar": "د. سمير فؤاد",
    "title_ar": "وكيل الوزارة",
    "name_en": "Samir Fouad",
    "title_en": "Undersecretary",
}


def test_a_signatory_is_not_printed_with_the_english_name_or_title_of_another():
    assert lines_signed(signing(name_ar=OTHER["name_ar"])) == [OTHER["name_ar"]]
    assert lines_signed(signing(**OTHER)) == list(OTHER.values())


def test_a_title_of_the_block_is_that_of_the_signatory_of_the_template():
    lines = lines_signed(signing(title_ar=OTHER["title_ar"]))

    assert lines == [SIGNATORY["signatory_ar"], OTHER["title_ar"], SIGNATORY["signatory_en"]]


def test_a_signatory_has_an_arabic_name():
    assert problems_of(signing(name_en=OTHER["name_en"]), "usual") == {Problem.NO_SIGNATORY}


def test_a_text_on_the_qr_code_is_a_problem():
    design = first_edition("completion")
    number = number_of(design, "field", fact="code")
    place = {**design["blocks"][number - 1]["place"], "y": 170}

    assert problems_of(changed(design, number, place=place), "usual") == {Problem.QR_COVERED}


@pytest.mark.parametrize(("name", "side", "x"), [("completion", "page", 136), ("licence_card", "front", 30)])
def test_a_code_where_the_mark_of_a_copy_goes_by_itself_is_a_problem(name: str, side: str, x: float):
    design = first_edition(name)
    unmarked = {**design, "blocks": [one for one in design["blocks"] if one["kind"] != "copy_mark"]}
    code = {
        "kind": "qr",
        "payload": "url",
        "place": {"side": side, "x": x, "y": 2, "width": 25, "height": 25},
    }

    assert Problem.MARK_ON_QR in problems_of({**unmarked, "blocks": [*unmarked["blocks"], code]}, "usual")
    assert Problem.MARK_ON_QR not in problems_of({**design, "blocks": [*design["blocks"], code]}, "usual")
    assert Problem.MARK_ON_QR not in problems_of(unmarked, "usual")


@pytest.mark.parametrize(("kind", "look"), [("frame", {"style": "band"}), ("image", {"role": "artifact"})])
def test_a_ground_under_the_qr_code_is_none_and_one_on_it_is_a_problem(kind: str, look: dict[str, str]):
    design = first_edition("completion")
    code = design["blocks"][number_of(design, "qr") - 1]
    ground = {**design["blocks"][number_of(design, kind) - 1], **look, "place": code["place"]}

    assert problems_of({**design, "blocks": [ground, *design["blocks"]]}, "usual") == set()
    assert problems_of({**design, "blocks": [*design["blocks"], ground]}, "usual") == {Problem.QR_COVERED}


def test_the_layout_from_before_blocks_lacks_nothing():
    assert problems_of(OLD_DESIGN) == set()


def test_what_the_card_lacks_is_reported_for_the_card():
    told = {sentence(Finding(Problem.NO_QR, detail=side)) for side in ("page", "front")}

    assert len(told) == 2


@pytest.mark.parametrize("style", ["band", "tape"])
def test_a_band_before_a_name_is_its_ground_and_one_after_it_hides_it(style: str):
    design = first_edition("completion")
    name = design["blocks"][number_of(design, "field", fact="name_ar") - 1]
    band = {"kind": "frame", "style": style, "color": "accent", "place": name["place"]}
    lower = {**band, "place": {**name["place"], "y": name["place"]["y"] + 3}}

    assert problems_of({**design, "blocks": [band, *design["blocks"]]}, "usual") == set()
    assert problems_of({**design, "blocks": [*design["blocks"], band]}, "usual") == {Problem.HIDDEN}
    assert overlaps_in({**design, "blocks": [*design["blocks"], lower]}) > overlaps_in(design)


def overlaps_in(design: dict[str, Any]) -> int:
    """How many warnings of boxes that overlap there are."""
    found = find_problems([("usual", sample_certificate("usual", design=design, site=SITE, assets=ASSETS))])
    return sum(finding.problem is Problem.OVERLAP for finding in found.all)
