"""Labels and values under one another, in one language."""

from dataclasses import replace

from certificates.drawing.certificate_data import FACTS, CertificateData
from certificates.drawing.design import MUTED, Block, Box, Design
from certificates.drawing.kinds.painter import Painter
from certificates.drawing.lines import SetLine, baseline_of, direction_of, fit_in_box
from typesetting import SANS, SANS_BOLD, Align, Page, Role, Style, mm


def lay_out_list(block: Block, design: Design, certificate: CertificateData) -> Painter | None:
    """Rows without a value are left out; those below move up.

    Each value has the direction of its claim, aligned to the side of the values: a code is never turned
    round in an Arabic list.
    """
    values, language = block.values, block.values["language"]
    direction = direction_of(language)
    label = Style(SANS, values["size"] - 1, MUTED, direction=direction, whole_words=design.whole_words)
    value = Style(
        SANS_BOLD, values["size"], design.colors["ink"], direction=direction, whole_words=design.whole_words
    )
    rows = [(row["label"], FACTS[row["fact"]]) for row in values["rows"]]
    step = block.box.height / max(len(rows), 1)
    label_width = values["label_width"] * mm
    lines: list[tuple[SetLine, str]] = []
    for place, (name, fact) in enumerate(row for row in rows if row[1].value(certificate)):
        reading = direction_of(fact.language)
        side = Align.START if reading is direction else Align.END
        bottom = block.box.top - (place + 1) * step
        left, right = _halves(block.box, bottom, step, label_width, from_right=language == "ar")
        baseline = baseline_of(right, value)
        for written, style, box, align, spoken in (
            (name, label, left, Align.START, language),
            (
                fact.value(certificate),
                replace(value, direction=reading),
                right,
                side,
                fact.language or language,
            ),
        ):
            line = fit_in_box(
                written, style, box, align=align, min_size=values["min_size"], baseline=baseline
            )
            lines.append((line, spoken))

    def paint(page: Page) -> None:
        for line, spoken in lines:
            line.draw(page, Role.P, spoken)

    return paint


def _halves(
    box: Box, bottom: float, height: float, label_width: float, *, from_right: bool
) -> tuple[Box, Box]:
    """The positions of a label and of its value."""
    rest = box.width - label_width
    if from_right:
        return Box(box.right - label_width, bottom, label_width, height), Box(box.left, bottom, rest, height)
    return Box(box.left, bottom, label_width, height), Box(box.left + label_width, bottom, rest, height)
