"""A place for a signature: free space, a line, and under it who signs."""

from reportlab.pdfgen.canvas import Canvas

from certificates.drawing.design import MUTED, Block, Box, Color, Design
from certificates.drawing.kinds.painter import Painter
from certificates.drawing.kinds.pictures import artwork_of
from certificates.drawing.kinds.signatories import mirrored, texts_of
from certificates.drawing.lines import SetLine, fit_in_box
from certificates.drawing.paper import Paper
from typesetting import NASKH_BOLD, SANS, SANS_MEDIUM, Align, Direction, Page, Role, Style, drawing, mm

# Size and height in points of each line under the rule, and its smallest size: what offset prints legibly.
_LINES = (
    ("name_ar", NASKH_BOLD, 13.0, 19.0),
    ("title_ar", SANS_MEDIUM, 8.5, 12.5),
    ("name_en", SANS_MEDIUM, 8.0, 12.0),
    ("title_en", SANS, 7.5, 11.0),
)
_SMALLEST = 6.0
_RULE = 0.8
_UNDER_RULE = 2.0
# What the lines may take of the height, so that there is room to sign.
_SHARE = 0.72


def lay_out_signature(block: Block, design: Design, paper: Paper) -> Painter:
    box, texts, align = block.box, texts_of(block, design), Align(block.values["align"])
    said = [line for line in _LINES if texts[line[0]]]
    needed = sum(height for *_, height in said) + _UNDER_RULE
    scale = min(box.height * _SHARE / needed, 1) if said else 1
    top = box.bottom + needed * scale
    rule = top
    top -= _UNDER_RULE * scale
    lines: list[tuple[SetLine, str]] = []
    for name, typeface, size, height in said:
        top -= height * scale
        is_latin = name.endswith("_en")
        style = Style(
            typeface,
            max(size * scale, _SMALLEST),
            design.colors["ink"] if name.startswith("name") else MUTED,
            direction=Direction.LTR if is_latin else Direction.RTL,
            whole_words=design.whole_words,
        )
        place = Box(box.left, top, box.width, height * scale)
        side = mirrored(align) if is_latin else align
        line = fit_in_box(texts[name], style, place, align=side, min_size=_SMALLEST)
        lines.append((line, "en" if is_latin else "ar"))
    ink = design.colors["ink"]
    stroke = drawing(box.width, _RULE, lambda canvas: _stroke(canvas, box.width, ink))
    sign = _sign(block, paper, Box(box.left, rule, box.width, box.top - rule), align)

    def paint(page: Page) -> None:
        page.place(stroke, box.left, rule, width=box.width, height=_RULE)
        if sign:
            sign(page)
        for line, language in lines:
            line.draw(page, Role.P, language)

    return paint


def _stroke(canvas: Canvas, width: float, color: Color) -> None:
    canvas.setStrokeColorRGB(*color)
    canvas.setLineWidth(_RULE)
    canvas.line(0, _RULE / 2, width, _RULE / 2)


def _sign(block: Block, paper: Paper, box: Box, align: Align) -> Painter | None:
    """The picture of a signature, over the line as a pen writes it."""
    digest = block.values.get("asset")
    if not digest:
        return None
    artwork = artwork_of(digest, paper.assets[digest])
    scale = min(box.width / artwork.width, (box.height + 1.5 * mm) / artwork.height)
    width, height = artwork.width * scale, artwork.height * scale
    left = {Align.START: box.right - width, Align.END: box.left}.get(
        align, box.left + (box.width - width) / 2
    )
    alt = block.values.get("alt", "").strip() or None
    return lambda page: page.place(artwork, left, box.bottom - 1.5 * mm, width=width, height=height, alt=alt)
