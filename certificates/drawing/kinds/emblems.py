"""The emblem of the state."""

from certificates.drawing.certificate_data import CertificateData
from certificates.drawing.design import Block, Design
from certificates.drawing.kinds.ornaments import medallion, second
from certificates.drawing.kinds.painter import Painter
from certificates.drawing.kinds.pictures import lay_out_image


def lay_out_emblem(block: Block, design: Design, certificate: CertificateData) -> Painter | None:
    """The picture of the visual identity; without one, an engraved ornament, which is an artifact."""
    if block.values.get("asset"):
        return lay_out_image(block, design, certificate)
    box = block.box
    size = min(box.width, box.height)
    artwork = medallion(size, design.colors["accent"], second(design))
    left, bottom = box.left + (box.width - size) / 2, box.middle - size / 2
    return lambda page: page.place(artwork, left, bottom, width=size, height=size)
