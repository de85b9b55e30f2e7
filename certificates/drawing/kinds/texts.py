"""Fixed texts and claims: one line, or a paragraph if the block wraps."""

from dataclasses import replace

from certificates.drawing.certificate_data import FACTS, CertificateData
from certificates.drawing.design import FONTS, Block, Box, Design
from certificates.drawing.kinds.painter import Painter
from certificates.drawing.kinds.sentences import BOUND
from certificates.drawing.lines import at_largest_size, direction_of, fit_in_box
from typesetting import (
    Align,
    Direction,
    Line,
    Page,
    Style,
    TextDoesNotFit,
    fit_paragraph,
    fit_two_lines,
    lines_height,
    without_harakat,
)


def lay_out_text(block: Block, design: Design, _certificate: CertificateData) -> Painter | None:
    return _lay_out(block, design, block.values["text"], block.values["language"])


def lay_out_field(block: Block, design: Design, certificate: CertificateData) -> Painter | None:
    name = block.values["fact"]
    fact = FACTS[name]
    text = fact.value(certificate)
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
        FONTS[look["font"]],
        look["size"],
        design.colors[look["color"]],
        leading=1.5,
        direction=direction,
        whole_words=design.whole_words,
    )
    align = Align(look["align"])
    if look.get("wraps"):
        return _paragraph(block, text, style, align, look["min_size"], language)
    if look.get("two_lines"):
        return _two_lines(block, text, style, align, look["min_size"], language)
    placed = fit_in_box(text, style, block.box, align=align, min_size=look["min_size"])
    return lambda page: placed.draw(page, block.role, language)


def _two_lines(
    block: Block, text: str, style: Style, align: Align, min_size: float, language: str
) -> Painter:
    """One line, two where it is too long for one, and smaller only after that."""
    box = block.box
    close = replace(style, leading=1.25)

    def lay_out(size: float) -> list[Line]:
        lines = fit_two_lines(
            text, replace(close, size=size), width=box.width, min_size=min_size, bound=BOUND
        )
        # A box for a single line may be as low as its ink.
        if len(lines) > 1 and lines_height(lines) > box.height:
            raise TextDoesNotFit(text=text, needed=lines_height(lines), available=box.height, min_size=size)
        return lines

    lines = at_largest_size(style.size, min_size, lay_out)
    if len(lines) == 1:
        placed = fit_in_box(text, lines[0].style, box, align=align, min_size=min_size)
        return lambda page: placed.draw(page, block.role, language)
    return _column(block, lines, align, style.direction, language, has_actual_text=True)


def _paragraph(
    block: Block, text: str, style: Style, align: Align, min_size: float, language: str
) -> Painter:
    box: Box = block.box
    lines = fit_paragraph(text, style, width=box.width, height=box.height, min_size=min_size)
    return _column(block, lines, align, style.direction, language)


def _column(
    block: Block,
    lines: list[Line],
    align: Align,
    direction: Direction | None,
    language: str,
    *,
    has_actual_text: bool = False,
) -> Painter:
    box = block.box
    top = box.middle + lines_height(lines) / 2
    foreign = "en" if language == "en" else None

    def paint(page: Page) -> None:
        page.draw_lines(
            lines,
            box.left,
            top,
            width=box.width,
            align=align,
            direction=direction,
            role=block.role,
            language=foreign,
            has_actual_text=has_actual_text,
        )

    return paint
