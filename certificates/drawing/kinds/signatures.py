"""A signature field on paper: free space, a line, and the signatory under it."""

from reportlab.pdfgen.canvas import Canvas

from certificates.drawing.certificate_data import CertificateData
from certificates.drawing.design import MUTED, Block, Box, Color, Design
from certificates.drawing.kinds.painter import Painter
from certificates.drawing.kinds.pictures import artwork_of
from certificates.drawing.kinds.sentences import BOUND
from certificates.drawing.kinds.signatories import mirrored, texts_of
from typesetting import (
    NASKH_BOLD,
    SANS,
    SANS_MEDIUM,
    Align,
    Direction,
    Line,
    Page,
    Style,
    TextDoesNotFit,
    Typeface,
    drawing,
    fit_two_lines,
    lines_height,
    mm,
)

# Size in points of each text under the rule; what offset prints legibly is its smallest.
_TEXTS = (
    ("name_ar", NASKH_BOLD, 13.0),
    ("title_ar", SANS_MEDIUM, 8.5),
    ("name_en", SANS_MEDIUM, 8.0),
    ("title_en", SANS, 7.5),
)
_SMALLEST = 6.0
_SCALES = (1, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58, 0.52, 0.46)
_RULE = 0.8
_UNDER_RULE = 2.0
# The share of the height that the texts may take, so that there is space to sign; and at their smallest size.
_SHARE, _MOST = 0.68, 0.82


def lay_out_signature(block: Block, design: Design, certificate: CertificateData) -> Painter:
    """Texts take two lines before they shrink, and shrink together. Raises as `lay_out`."""
    box, align = block.box, Align(block.values["align"])
    said = _set(block, design)
    top = box.bottom + sum(lines_height(lines) for _, lines in said) + _UNDER_RULE
    ink = design.colors["ink"]
    stroke = drawing(box.width, _RULE, lambda canvas: _stroke(canvas, box.width, ink))
    sign = _sign(block, certificate, Box(box.left, top, box.width, box.top - top), align)

    def paint(page: Page) -> None:
        page.place(stroke, box.left, top, width=box.width, height=_RULE)
        if sign:
            sign(page)
        y = top - _UNDER_RULE
        for name, lines in said:
            is_latin = name.endswith("_en")
            y = page.draw_lines(
                lines,
                box.left,
                y,
                width=box.width,
                align=mirrored(align) if is_latin else align,
                direction=Direction.LTR if is_latin else Direction.RTL,
                language="en" if is_latin else None,
                has_actual_text=True,
            )

    return paint


def _set(block: Block, design: Design) -> list[tuple[str, list[Line]]]:
    """The texts that are set, at the largest scale that leaves space to sign."""
    texts, box = texts_of(block, design), block.box
    said: list[tuple[str, list[Line]]] = []
    height = 0.0
    for scale in _SCALES:
        said = [
            (name, _lines(texts[name], name, typeface, max(size * scale, _SMALLEST), design, box.width))
            for name, typeface, size in _TEXTS
            if texts[name]
        ]
        height = sum(lines_height(lines) for _, lines in said) + _UNDER_RULE
        if height <= box.height * _SHARE:
            return said
    if height > box.height * _MOST:
        raise TextDoesNotFit(
            text=texts["name_ar"], needed=height, available=box.height * _MOST, min_size=_SMALLEST
        )
    return said


def _lines(text: str, name: str, typeface: Typeface, size: float, design: Design, width: float) -> list[Line]:
    style = Style(
        typeface,
        size,
        design.colors["ink"] if name.startswith("name") else MUTED,
        leading=1.42 if typeface is NASKH_BOLD else 1.34,
        direction=Direction.LTR if name.endswith("_en") else Direction.RTL,
        whole_words=design.whole_words,
    )
    return fit_two_lines(text, style, width=width, min_size=_SMALLEST, bound=BOUND)


def _stroke(canvas: Canvas, width: float, color: Color) -> None:
    canvas.setStrokeColorRGB(*color)
    canvas.setLineWidth(_RULE)
    canvas.line(0, _RULE / 2, width, _RULE / 2)


def _sign(block: Block, certificate: CertificateData, box: Box, align: Align) -> Painter | None:
    """The picture of a signature, over the line as a pen writes it."""
    digest = block.values.get("asset")
    if not digest:
        return None
    artwork = artwork_of(digest, certificate.assets[digest])
    scale = min(box.width / artwork.width, (box.height + 1.5 * mm) / artwork.height)
    width, height = artwork.width * scale, artwork.height * scale
    left = {Align.START: box.right - width, Align.END: box.left}.get(
        align, box.left + (box.width - width) / 2
    )
    alt = block.values.get("alt", "").strip() or None
    return lambda page: page.place(artwork, left, box.bottom - 1.5 * mm, width=width, height=height, alt=alt)
