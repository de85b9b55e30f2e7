"""Every built-in design prints a QR code that a phone reads and verifies offline."""

import dataclasses
import json
from datetime import timedelta

import pypdfium2
import pytest
from PIL import Image

from certificates.designs import NAMES
from certificates.drawing import draw_certificate
from certificates.offline.status_list import OfflineStatus
from tests.bundles import STATIC, bundle
from tests.certificates.badges import NOW
from tests.certificates.designs import paper
from tests.certificates.offline_addresses import CERTIFICATE, address_of, browser_verdict, status_list
from tests.external_programs import run_node
from typesetting import mm

pytestmark = pytest.mark.engines("draws, rasters and decodes each design, and judges it in Node.js")
# Pixels a point: 200 dots an inch, of which a module of 0.35 mm has not three.
SCALE = 200 / 72


FILES = pytest.mark.parametrize(("name", "card"), [*((name, False) for name in NAMES), ("skill_level", True)])


@FILES
def test_the_code_of_a_built_in_design_is_read_from_its_picture_and_judged_by_the_list(name: str, card: bool):
    address = address_of()

    read = read_from_picture(name, card, address)

    assert read == address
    revoked = status_list({CERTIFICATE.status_index: OfflineStatus.REVOKED})
    states = [browser_verdict(read, listed=listed)[0]["state"] for listed in (status_list(), revoked)]
    old = browser_verdict(read, listed=status_list(), now=NOW + timedelta(days=2))[0]["state"]
    assert (*states, old) == ("valid", "revoked", "status-unknown")


@FILES
def test_the_signed_part_of_another_certificate_is_read_from_the_picture_and_called_forged(
    name: str, card: bool
):
    read = read_from_picture(name, card, address_of().replace(CERTIFICATE.code, "7K3M9QXD1A9RY"))

    assert browser_verdict(read, listed=status_list())[0]["state"] == "forged"


def read_from_picture(name: str, card: bool, address: str) -> str:
    """What the decoder of the product reads in a picture of the built-in design, or of its card."""
    trial = dataclasses.replace(paper(name), offline_url=address)
    sides = ("front", "back") if card or name == "licence_card" else ("page",)
    (code,) = (
        block for block in trial.design["blocks"] if block["kind"] == "qr" and block["place"]["side"] in sides
    )
    pages = pypdfium2.PdfDocument(draw_certificate(trial, card=card))
    picture = pages[sides.index(code["place"]["side"])].render(scale=SCALE).to_pil().convert("L")
    return decoded(picture.crop(tuple(edge * mm * SCALE for edge in edges(code["place"]))))


def edges(place: dict[str, float]) -> tuple[float, float, float, float]:
    return place["x"], place["y"], place["x"] + place["width"], place["y"] + place["height"]


def decoded(picture: Image.Image) -> str:
    """What the decoder of the product reads in a gray picture."""
    bundle()
    script = f"""
        import {{ decodeQR }} from {json.dumps(str(STATIC / "js" / "qr_decoder.js"))};
        const gray = Buffer.from({json.dumps(picture.tobytes().hex())}, "hex");
        const data = new Uint8ClampedArray(gray.length * 4).map((_dot, place) => place % 4 === 3 ? 255 : gray[place >> 2]);
        process.stdout.write(decodeQR({{ data, width: {picture.width}, height: {picture.height} }}));
    """
    return run_node("--input-type=module", "-", given=script)
