"""One module per kind of block: each lays out a block for a certificate and returns its painter.

`FIXED` kinds are the same on every certificate of a design and are laid out once.
"""

from collections.abc import Callable

from certificates.drawing.certificate_data import FACTS, CertificateData
from certificates.drawing.design import Block, Design
from certificates.drawing.kinds.copy_marks import lay_out_copy_mark, usual_mark, usual_place
from certificates.drawing.kinds.emblems import lay_out_emblem
from certificates.drawing.kinds.frames import lay_out_frame
from certificates.drawing.kinds.lists import lay_out_list
from certificates.drawing.kinds.painter import PagedPainter, Painter
from certificates.drawing.kinds.pictures import lay_out_image
from certificates.drawing.kinds.qr_codes import CodeTooSmall, check_qr, lay_out_qr
from certificates.drawing.kinds.records import has_border, lay_out_record
from certificates.drawing.kinds.sentences import lay_out_sentence
from certificates.drawing.kinds.sentences import says as said_by_sentence
from certificates.drawing.kinds.signatories import is_unnamed, lay_out_signatory
from certificates.drawing.kinds.signatures import lay_out_signature
from certificates.drawing.kinds.tables import lay_out_table
from certificates.drawing.kinds.texts import lay_out_field, lay_out_text
from certificates.drawing.kinds.zones import lay_out_zone

__all__ = [
    "KINDS",
    "CodeTooSmall",
    "PagedPainter",
    "Painter",
    "check_qr",
    "has_border",
    "is_fixed",
    "is_unnamed",
    "lay_out",
    "said_by_sentence",
    "usual_mark",
    "usual_place",
]

KINDS: dict[str, Callable[[Block, Design, CertificateData], Painter | None]] = {
    "text": lay_out_text,
    "field": lay_out_field,
    "list": lay_out_list,
    "image": lay_out_image,
    "qr": lay_out_qr,
    "frame": lay_out_frame,
    "signatory": lay_out_signatory,
    "table": lay_out_table,
    "record": lay_out_record,
    "copy_mark": lay_out_copy_mark,
    "sentence": lay_out_sentence,
    "signature": lay_out_signature,
    "emblem": lay_out_emblem,
    "zone": lay_out_zone,
    "incomplete": lambda _block, _design, _certificate: None,
}
_FIXED = {"text", "image", "frame", "signatory", "signature", "emblem", "zone"}


def is_fixed(block: Block) -> bool:
    """Whether the block is the same on every certificate of its design."""
    return block.kind in _FIXED or (block.kind == "field" and FACTS[block.values["fact"]].fixed)


def lay_out(block: Block, design: Design, certificate: CertificateData) -> Painter | None:
    """The painter of the block, None if it is empty.

    Raises typesetting.MissingGlyph and typesetting.TextDoesNotFit.
    """
    if not is_fixed(block):
        return KINDS[block.kind](block, design, certificate)
    if block.number not in design.laid:
        design.laid[block.number] = KINDS[block.kind](block, design, certificate)
    painter: Painter | None = design.laid[block.number]
    return painter
