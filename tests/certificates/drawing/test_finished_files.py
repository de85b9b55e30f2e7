"""Publication checks finished files: conformance, size, pictures."""

import dataclasses
import io
import zlib

import pikepdf
import pytest
from PIL import Image, ImageChops

from certificates.drawing import Problem, draw_certificate, find_problems, fit_picture
from tests.certificates.designs import first_edition, paper
from tests.certificates.drawing.test_drawing import changed, number_of
from typesetting import Document, image
from typesetting.lint import lint


def saved(picture: Image.Image, kind: str = "PNG") -> bytes:
    written = io.BytesIO()
    picture.save(written, kind)
    return written.getvalue()


def test_what_a_word_processor_left_in_a_heading_breaks_no_metadata():
    design = first_edition("completion", heading_ar="شهادة\x0bإتمام", authority_ar="وزارة\x0b العمل")

    pdf = draw_certificate(dataclasses.replace(paper("completion"), design=design))

    assert lint(pdf) == []
    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_metadata() as metadata:
        assert str(metadata["dc:title"]).startswith("شهادة إتمام – ")


def test_a_title_of_controls_alone_is_none():
    with pytest.raises(ValueError, match="title"):
        Document(title="\x0b\x01")


def test_a_file_too_heavy_for_the_page_that_checks_it_is_a_problem():
    noise = Image.merge("RGB", [Image.effect_noise((900, 900), 90) for _ in range(3)])
    design = first_edition("completion")
    design = changed(design, number_of(design, "image"), asset="noise")
    heavy = dataclasses.replace(paper("completion"), design=design, assets={"noise": saved(noise)})

    (finding,) = find_problems([("usual", heavy)]).problems

    assert finding.problem is Problem.TOO_HEAVY
    assert float(finding.detail) > 1


@pytest.mark.parametrize("mode", ["I;16", "I", "F"])
def test_a_gray_picture_of_many_shades_is_not_printed_white(mode: str):
    shades = Image.linear_gradient("L").resize((64, 64))
    deep = Image.new(mode, (64, 64))
    top = 1 / 255 if mode == "F" else 257
    deep.putdata([shade * top for shade in shades.get_flattened_data()])
    source = saved(deep, "PNG" if mode == "I;16" else "TIFF")

    for prepared in (source, fit_picture(source, width=4, height=4)):
        printed = Image.frombytes("L", (64, 64), zlib.decompress(image(prepared).data)[: 64 * 64])
        if prepared is source:
            assert max(ImageChops.difference(printed, shades).getextrema()) <= 1
        assert len(printed.getcolors()) > 20


def test_an_opaque_photo_is_kept_as_jpeg_and_a_mark_as_it_is():
    photo = Image.merge("RGB", [Image.radial_gradient("L").rotate(turn) for turn in (0, 30, 60)])
    mark = Image.new("RGB", (256, 256), "white")
    mark.paste((13, 101, 92), (40, 40, 200, 200))

    for picture, kind in ((photo, "JPEG"), (mark, "PNG")):
        noisy = Image.blend(
            picture, Image.effect_noise((256, 256), 40).convert("RGB"), 0.3 * (kind == "JPEG")
        )
        with Image.open(io.BytesIO(fit_picture(saved(noisy), width=20, height=20))) as fitted:
            assert fitted.format == kind


def test_a_picture_that_was_cut_off_is_no_picture():
    whole = saved(Image.effect_noise((200, 200), 50))

    with pytest.raises(OSError, match="truncated"):
        fit_picture(whole[: len(whole) // 2], width=24, height=19)
