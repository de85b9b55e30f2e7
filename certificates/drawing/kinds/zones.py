"""Zones to be filled after printing, for a stamp, a photo, a hologram: an outline and a word in both languages."""

from certificates.drawing.certificate_data import CertificateData
from certificates.drawing.design import Block, Box, Design
from certificates.drawing.engraving import Plate, circle
from certificates.drawing.kinds.ornaments import second
from certificates.drawing.kinds.painter import Painter
from certificates.drawing.lines import fit_in_box
from typesetting import SANS, Align, Direction, Page, Style, mm

_PEN = 0.5
_RADIUS = 1.5 * mm


def lay_out_zone(block: Block, design: Design, _certificate: CertificateData) -> Painter:
    """The words are artifacts: screen readers skip them."""
    values, box = block.values, block.box
    color = second(design)
    plate = Plate(box.width, box.height)
    plate.pen(color, _PEN)
    plate.dash(2.2, 1.8)
    middle = complex(box.width / 2, box.height / 2)
    if values["shape"] == "circle":
        plate.at(middle, 0, f"{circle(min(box.width, box.height) / 2 - _PEN / 2)} S")
    else:
        plate.box(_PEN / 2, _PEN / 2, box.width - _PEN, box.height - _PEN, min(_RADIUS, box.width / 4))
    artwork = plate.artwork()
    size, lines = values["size"], []
    said = [
        (values[f"label_{language}"], direction)
        for language, direction in (("ar", Direction.RTL), ("en", Direction.LTR))
        if values[f"label_{language}"].strip()
    ]
    step = size * 1.5
    top = box.middle + step * len(said) / 2
    for words, direction in said:
        top -= step
        style = Style(SANS, size, color, direction=direction, whole_words=design.whole_words)
        place = Box(box.left + 1, top, box.width - 2, step)
        lines.append(fit_in_box(words, style, place, align=Align.CENTER, min_size=min(size, 6)))

    def paint(page: Page) -> None:
        page.place(artwork, box.left, box.bottom, width=box.width, height=box.height)
        for line in lines:
            line.draw(page, None, "ar")

    return paint
