"""Fixed texts and facts: one line, or a paragraph where the block wraps."""

from certificates.drawing.design import FONTS, Block, Box, Design
from certificates.drawing.kinds.painter import Painter
from certificates.drawing.lines import direction_of, fit_in_box
from certificates.drawing.paper import FACTS, Paper
from typesetting import Align, Page, Style, fit_paragraph, lines_height, without_harakat


def lay_out_text(block: Block, design: Design, _paper: Paper) -> Painter | None:
    return _lay_out(block, design, block.values["text"], block.values["language"])


def lay_out_field(block: Block, design: Design, paper: Paper) -> Painter | None:
    name = block.values["fact"]
    fact = FACTS[name]
    text = fact.value(paper)
    if name == "name_ar":
        # Names are printed without vowel signs: people write them that way, and copies stay searchable.
        text = without_harakat(text)
    return _lay_out(block, design, text, fact.language)


def _lay_out(block: Block, design: Design, text: str, language: str) -> Painter | None:
    if not text.strip():
        return None
    look = block.values["look"]
    direction = direction_of(language)
    style = Style(
        FONTS[look["font"]], look["size"], design.colors[look["color"]], leading=1.5, direction=direction
    )
    align = Align(look["align"])
    if look.get("wraps"):
        return _paragraph(block, text, style, align, look["min_size"], language)
    placed = fit_in_box(text, style, block.box, align=align, min_size=look["min_size"])
    return lambda page: placed.draw(page, block.role, language)


def _paragraph(
    block: Block, text: str, style: Style, align: Align, min_size: float, language: str
) -> Painter:
    box: Box = block.box
    lines = fit_paragraph(text, style, width=box.width, height=box.height, min_size=min_size)
    top = box.middle + lines_height(lines) / 2
    foreign = "en" if language == "en" else None

    def paint(page: Page) -> None:
        page.draw_lines(
            lines,
            box.left,
            top,
            width=box.width,
            align=align,
            direction=style.direction,
            role=block.role,
            language=foreign,
        )

    return paint
