"""Every built-in design prints a code that a phone reads and believes without a network."""

import dataclasses
import json

import pypdfium2
import pytest
from PIL import Image

from certificates.designs import NAMES
from certificates.drawing import draw_certificate
from scripts.build_decoder import TARGET
from tests.certificates.designs import paper
from tests.certificates.offline_addresses import Judge, address_of, status_list
from tests.programs import run_node
from typesetting import mm

# Pixels a point: 200 dots an inch, of which a module of 0.35 mm has not three.
SCALE = 200 / 72


@pytest.mark.parametrize(("name", "card"), [*((name, False) for name in NAMES), ("skill_level", True)])
def test_the_code_of_a_built_in_design_is_read_from_its_picture_and_valid(
    name: str, card: bool, judged: Judge
):
    address = address_of()
    trial = dataclasses.replace(paper(name), offline_url=address)
    sides = ("front", "back") if card or name == "licence_card" else ("page",)
    (code,) = (
        block for block in trial.design["blocks"] if block["kind"] == "qr" and block["place"]["side"] in sides
    )

    pages = pypdfium2.PdfDocument(draw_certificate(trial, card=card))
    picture = pages[sides.index(code["place"]["side"])].render(scale=SCALE).to_pil().convert("L")
    read = decoded(picture.crop(tuple(edge * mm * SCALE for edge in edges(code["place"]))))

    assert read == address
    [verdict] = judged(read, listed=status_list())
    assert verdict["state"] == "valid"


def edges(place: dict[str, float]) -> tuple[float, float, float, float]:
    return place["x"], place["y"], place["x"] + place["width"], place["y"] + place["height"]


def decoded(picture: Image.Image) -> str:
    """What the decoder of the product reads in a gray picture."""
    script = f"""
        import {{ decodeQR }} from {json.dumps(str(TARGET))};
        const gray = Buffer.from({json.dumps(picture.tobytes().hex())}, "hex");
        const data = new Uint8ClampedArray(gray.length * 4).map((_dot, place) => place % 4 === 3 ? 255 : gray[place >> 2]);
        process.stdout.write(decodeQR({{ data, width: {picture.width}, height: {picture.height} }}));
    """
    return run_node("--input-type=module", "-", given=script)
