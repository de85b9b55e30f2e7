"""The signatory: name and title in Arabic, and in English below."""

from collections.abc import Mapping
from typing import Any

from certificates.drawing.certificate_data import CertificateData
from certificates.drawing.design import MUTED, Block, Box, Design
from certificates.drawing.kinds.painter import Painter
from certificates.drawing.lines import SetLine, fit_in_box
from typesetting import NASKH_BOLD, SANS, Align, Direction, Page, Role, Style, mm

# Size at the usual height, share of the height, and smallest size of each line.
_LINES = (
    ("name_ar", 13.0, 0.38, 8.0),
    ("title_ar", 8.5, 0.24, 5.5),
    ("name_en", 7.5, 0.19, 5.0),
    ("title_en", 7.0, 0.19, 4.5),
)
_USUAL_HEIGHT = 18 * mm
# The smallest size that is legible on a printed card.
_SMALLEST = 4.0


def lay_out_signatory(block: Block, design: Design, _certificate: CertificateData) -> Painter | None:
    texts = texts_of(block, design)
    align = Align(block.values["align"])
    scale = min(block.box.height / _USUAL_HEIGHT, 1)
    top = block.box.top
    lines: list[tuple[SetLine, str]] = []
    for name, size, share, min_size in _LINES:
        height = share * block.box.height
        top -= height
        if not texts[name]:
            continue
        is_latin = name.endswith("_en")
        smallest = max(min_size * scale, _SMALLEST)
        style = Style(
            NASKH_BOLD if name == "name_ar" else SANS,
            max(size * scale, smallest),
            design.colors["ink"] if name == "name_ar" else MUTED,
            direction=Direction.LTR if is_latin else Direction.RTL,
            whole_words=design.whole_words,
        )
        place = Box(block.box.left, top, block.box.width, height)
        # The English lines are aligned to the same edge as the Arabic ones.
        side = mirrored(align) if is_latin else align
        placed = fit_in_box(texts[name], style, place, align=side, min_size=smallest)
        lines.append((placed, "en" if is_latin else "ar"))

    def paint(page: Page) -> None:
        for line, language in lines:
            line.draw(page, Role.P, language)

    return paint


def texts_of(block: Block, design: Design) -> dict[str, str]:
    """The signatory of the block, or that of the design if the block names none."""
    own, wording = block.values, design.wording
    texts = {name: own.get(name) or "" for name, *_ in _LINES}
    if is_unnamed(own):
        texts |= {f"name_{one}": wording.get(f"signatory_{one}") or "" for one in ("ar", "en")}
        if not (texts["title_ar"] or texts["title_en"]):
            texts |= {f"title_{one}": wording.get(f"signatory_title_{one}") or "" for one in ("ar", "en")}
    return texts


def is_unnamed(values: Mapping[str, Any]) -> bool:
    """Whether the values of a block name no signatory of its own."""
    return not (values.get("name_ar") or values.get("name_en"))


def mirrored(align: Align) -> Align:
    return {Align.START: Align.END, Align.END: Align.START}.get(align, align)
