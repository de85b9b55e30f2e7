"""The gate looks at finished files: their rules, their weight, their pictures."""

import dataclasses
import io

import pikepdf
import pytest
from PIL import Image

from certificates.drawing import Problem, draw_certificate, find_problems
from tests.certificates.designs import built_in, paper
from tests.certificates.test_drawing import changed, number_of
from typesetting import Document
from typesetting.lint import lint


def saved(picture: Image.Image, kind: str = "PNG") -> bytes:
    written = io.BytesIO()
    picture.save(written, kind)
    return written.getvalue()


def test_what_a_word_processor_left_in_a_heading_breaks_no_metadata():
    design = built_in("completion", heading_ar="شهادة\x0bإتمام", authority_ar="وزارة\x0b العمل")

    pdf = draw_certificate(dataclasses.replace(paper("completion"), design=design))

    assert lint(pdf) == []
    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_metadata() as metadata:
        assert str(metadata["dc:title"]).startswith("شهادة إتمام – ")


def test_a_title_of_controls_alone_is_none():
    with pytest.raises(ValueError, match="title"):
        Document(title="\x0b\x01")


def test_a_file_too_heavy_for_the_page_that_checks_it_is_a_problem():
    noise = Image.merge("RGB", [Image.effect_noise((900, 900), 90) for _ in range(3)])
    design = built_in("completion")
    design = changed(design, number_of(design, "image"), asset="noise")
    heavy = dataclasses.replace(paper("completion"), design=design, assets={"noise": saved(noise)})

    (finding,) = find_problems([("usual", heavy)]).problems

    assert finding.problem is Problem.TOO_HEAVY
    assert float(finding.detail) > 1
