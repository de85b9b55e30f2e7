"""Blocks whose claim is missing are left out; what then cannot be printed is reported before approval."""

from typing import Any

import pytest

from certificates.designs import NAMES
from certificates.drawing import (
    Problem,
    check_printable,
    compose,
    draw_certificate,
    find_problems,
    sample_certificate,
)
from tests.certificates.designs import ASSETS, NUMBER, SITE, built_in, first_edition, paper
from tests.certificates.drawing.test_drawing import changed, number_of, problems_of
from typesetting import HeadingOutOfOrder


def headed_by(fact: str, design: dict[str, Any] | None = None) -> dict[str, Any]:
    """A completion certificate whose title is a fact."""
    design = design or first_edition("completion")
    return changed(design, number_of(design, "field", fact="heading_ar"), fact=fact)


def test_a_row_whose_title_is_a_fact_it_lacks_is_blocked_when_proposed():
    claims = {**paper("completion").claims, "level_ar": ""}

    check_printable(paper("completion").claims, headed_by("level_ar"), number=NUMBER, site=SITE)
    with pytest.raises(HeadingOutOfOrder):
        check_printable(claims, headed_by("level_ar"), number=NUMBER, site=SITE)


def test_a_row_is_also_tried_on_the_card():
    design = first_edition("skill_level")
    card_title = next(
        number
        for number, block in enumerate(design["blocks"], start=1)
        if block.get("fact") == "heading_ar" and block["place"]["side"] == "front"
    )
    claims = {**paper("skill_level").claims, "level_ar": ""}

    with pytest.raises(HeadingOutOfOrder):
        check_printable(claims, changed(design, card_title, fact="level_ar"), number=NUMBER, site=SITE)


@pytest.mark.parametrize("fact", ["level_ar", "hours_ar", "valid_until_ar", "identity", "basis"])
def test_a_title_that_some_certificates_lack_is_a_problem_of_the_design(fact: str):
    assert Problem.HEADING_ORDER in problems_of(headed_by(fact), "fewest_facts")


def test_a_title_without_words_is_a_problem_though_no_heading_follows():
    design = first_edition("completion", heading_en="")
    design = changed(design, number_of(design, "field", fact="heading_ar"), role="paragraph")
    design = changed(design, number_of(design, "field", fact="name_ar"), role="paragraph")
    design = changed(design, number_of(design, "field", fact="heading_en"), role="title")

    assert problems_of(design, "usual") == {Problem.NO_TITLE}


@pytest.mark.parametrize("name", NAMES)
def test_a_built_in_design_prints_a_certificate_with_the_fewest_claims(name: str):
    fewest = sample_certificate("fewest_facts", design=built_in(name), site=SITE, assets=ASSETS)

    assert find_problems([("fewest_facts", fewest)]).problems == []
    assert draw_certificate(fewest) == compose(fewest).finish()
    for fact in ("level_ar", "hours", "identity", "basis", "governorate_ar"):
        assert not fewest.claims.get(fact)
    assert fewest.valid_until is None


def test_a_caption_under_a_picture_without_a_description_is_a_problem_and_no_crash():
    design = first_edition("completion")
    image = number_of(design, "image")
    caption = design["blocks"][number_of(design, "field", fact="code") - 1]
    blocks = [*design["blocks"][:image], caption, *design["blocks"][image:]]

    found = problems_of(changed({**design, "blocks": blocks}, image, alt=""), "usual")

    assert found == {Problem.NO_ALT_TEXT, Problem.CAPTION_ALONE}
