"""The certificates of a skills passport as the rows of its pages."""

from collections.abc import Sequence

from typesetting import (
    SANS,
    Align,
    Column,
    Direction,
    Table,
    TextDoesNotFit,
    arabic_digits,
    mm,
    set_table,
    set_tables,
)

from ..codes import display_code
from ..drawing.design import INK
from ..jose import Json
from .layout import FOOT, SMALLEST, styled

# Where the certificates begin: on the first page at the highest, and on the others.
FIRST_TOP, FURTHER_TOP = 178 * mm, 262 * mm
# The padding of a cell, and the largest padding of a list that is shorter than its page.
PADDING, _SPREAD = 3.0, (8.0, 6.0, 5.0, 4.0)
# Under the last certificate: the mark of the end, and the free space from which on it is crossed out.
END, LEAST_VOID = 8 * mm, 12 * mm
# From the start side: in Arabic, in English, days and occupation, code and number. Together `INNER`.
_COLUMNS = tuple(width * mm for width in (45, 42, 31, 44))
HEADERS = (
    "الشهادة والبرنامج",
    "Certificate and program",
    "الإصدار · السريان\nIssued · valid until",
    "رمز التحقق · الرقم\nCode · number",
)
_SIZES = (9, 8, 7, 6.5, 6)


def row_of(one: Json) -> tuple[str, ...]:
    hours = one["hours"]
    arabic = [one["level_ar"], f"ساعات البرنامج: {arabic_digits(hours)}" if hours else ""]
    english = [one["level_en"], f"Program hours: {hours}" if hours else ""]
    days = [one["issued_on"], one["valid_until"] or "–"]
    if one["isco_08"]:
        days.append(f"ISCO-08: {one['isco_08']}")
    return (
        "\n".join(text for text in (one["type_ar"], one["program_ar"], *arabic) if text),
        "\n".join(text for text in (one["type_en"], one["program_en"], *english) if text),
        "\n".join(days),
        f"{display_code(one['code'])}\n{one['number']}",
    )


def set_pages(rows: Sequence[Sequence[str]], size: float, first_top: float) -> list[Table]:
    """The list as those of its pages; one that a page holds is spread over it."""
    first, further = first_top - FOOT, FURTHER_TOP - FOOT

    def set_with(padding: float) -> list[Table]:
        return set_tables(columns(size), HEADERS, rows, first=first, further=further, padding=padding)

    tables = set_with(PADDING)
    if len(tables) > 1:
        return tables
    for padding in _SPREAD:
        # Less is free for words in a cell with more around them: some take a line more, some do not fit.
        try:
            spread = set_with(padding)
        except TextDoesNotFit:
            continue
        if len(spread) == 1 and spread[0].height <= first - END:
            return spread
    return tables


def size_for(rows: Sequence[Sequence[str]]) -> float:
    """The largest size at which every word fits its column, or the smallest legible one."""
    for size in _SIZES[:-1]:
        try:
            set_table(columns(size), rows, padding=PADDING)
        except TextDoesNotFit:
            continue
        return size
    return _SIZES[-1]


def columns(size: float) -> list[Column]:
    looks = (
        (Direction.RTL, Align.START),
        # The start of a row is its right end.
        (Direction.LTR, Align.END),
        (Direction.LTR, Align.CENTER),
        (Direction.LTR, Align.END),
    )
    return [
        Column(
            width,
            styled(SANS, max(size - (1.2 if place == len(_COLUMNS) - 1 else 0), SMALLEST), INK, direction),
            align,
            is_header=place == 0,
            language="en" if place == 1 else None,
        )
        for place, (width, (direction, align)) in enumerate(zip(_COLUMNS, looks, strict=True))
    ]
