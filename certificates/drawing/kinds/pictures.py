"""Pictures: a logo, a coat of arms, a stamp."""

from functools import lru_cache

from certificates.drawing.certificate_data import CertificateData
from certificates.drawing.design import Block, Design
from certificates.drawing.kinds.painter import Painter
from typesetting import Artwork, image


def lay_out_image(block: Block, _design: Design, certificate: CertificateData) -> Painter | None:
    """The picture as large as the box allows, centered. None if the design has no picture for it."""
    digest = block.values.get("asset")
    if not digest:
        return None
    artwork = artwork_of(digest, certificate.assets[digest])
    box = block.box
    scale = min(box.width / artwork.width, box.height / artwork.height)
    width, height = artwork.width * scale, artwork.height * scale
    left, bottom = box.left + (box.width - width) / 2, box.middle - height / 2
    alt = "" if block.values.get("role") == "artifact" else block.values.get("alt", "").strip()
    return lambda page: page.place(artwork, left, bottom, width=width, height=height, alt=alt or None)


@lru_cache(maxsize=32)
def artwork_of(_digest: str, data: bytes) -> Artwork:
    """The picture of this hash, deflated once per process."""
    return image(data)
