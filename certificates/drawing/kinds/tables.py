"""A table with a row of headings and the claims under them."""

from dataclasses import replace

from certificates.drawing.certificate_data import FACTS, CertificateData
from certificates.drawing.design import MUTED, Block, Color, Design
from certificates.drawing.kinds.painter import Painter
from certificates.drawing.lines import at_largest_size, direction_of
from typesetting import SANS, SANS_MEDIUM, Column, Direction, Page, Style, Table, TextDoesNotFit, set_table


def lay_out_table(block: Block, design: Design, certificate: CertificateData) -> Painter | None:
    """At the size of the block or as much smaller as its box needs. Columns without a value are left out."""
    values, language = block.values, block.values["language"]
    columns = [
        (
            column["header"],
            FACTS[column["fact"]].value(certificate),
            direction_of(FACTS[column["fact"]].language),
        )
        for column in values["columns"]
    ]
    columns = [column for column in columns if column[1]]
    if not columns:
        return None
    table = at_largest_size(
        values["size"], values["min_size"], lambda size: _set(block, columns, size, design.colors["ink"])
    )
    box, foreign = block.box, "en" if language == "en" else None

    def paint(page: Page) -> None:
        page.draw_table(table, box.left, box.top, language=foreign)

    return paint


def _set(block: Block, columns: list[tuple[str, str, Direction]], size: float, ink: Color) -> Table:
    """Each value has the direction of its claim: a code is never turned round in an Arabic table."""
    direction = direction_of(block.values["language"])
    width = block.box.width / len(columns)
    style = Style(SANS_MEDIUM, size, ink, direction=direction)
    rows = [[header for header, _, _ in columns], [text for _, text, _ in columns]]
    head = Style(SANS, max(size - 1, 5), MUTED, direction=direction)
    table = set_table(
        [Column(width, replace(style, direction=reading), header=style) for _, _, reading in columns],
        rows,
        direction=direction,
        header_rows=1,
        padding=3,
        rule_color=(*head.color,),
    )
    if table.height > block.box.height:
        raise TextDoesNotFit(
            text=" ".join(rows[1]), needed=table.height, available=block.box.height, min_size=size
        )
    return table
