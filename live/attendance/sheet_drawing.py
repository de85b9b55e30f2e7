"""The attendance sheet of one class: A4, Arabic, with lines to sign. Free of Django and of the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from typesetting import (
    A4,
    NASKH_BOLD,
    SANS,
    SANS_BOLD,
    Align,
    Column,
    Direction,
    Document,
    Page,
    Role,
    Style,
    Table,
    arabic_digits,
    fit_line,
    mm,
    set_line,
    set_table,
    wrap,
)

_WIDTH, _HEIGHT = A4
_MARGIN = 15 * mm
_RIGHT = _WIDTH - _MARGIN
_INK = (0.08, 0.15, 0.16)
_MUTED = (0.30, 0.37, 0.39)
_SMALL = Style(SANS, 8.5, _INK)
_HEAD = Style(SANS_BOLD, 8.5, _INK)
_FOOT = Style(SANS, 7.5, _MUTED)
_WIDTHS = tuple(width * mm for width in (9, 47, 20, 19, 17, 45, 23))
_TITLES = ("م", "الاسم", "الدقائق", "التحقق", "الحالة", "التعديل وسببه", "التوقيع")
# The table ends above the hash; on the last page above the lines to sign.
_TOP_OF_FOOT = 26 * mm
_SIGNING = 34 * mm
# Above and below the data of the class.
_HEADING = 23 * mm


@dataclass(frozen=True)
class SheetRow:
    name: str
    minutes: str
    checks: str
    status: str
    amended: str


@dataclass(frozen=True)
class Sheet:
    """Everything printed on the sheet. `digest` is empty while the record is not frozen; `state` gives the reason."""

    title: str
    facts: Sequence[tuple[str, str]]
    rows: Sequence[SheetRow]
    rule: str
    state: str
    digest: str
    printed_at: datetime


def draw_sheet(sheet: Sheet) -> bytes:
    """The PDF. Raises typesetting.MissingGlyph for a letter no font has."""
    document = Document(title=f"كشف حضور: {sheet.title}", language="ar", created=sheet.printed_at)
    heading = _heading(sheet)
    pages = _laid_out(sheet, _HEIGHT - _MARGIN - _HEADING - heading.height)
    for number, tables in enumerate(pages, 1):
        page, y = document.new_page(A4), _HEIGHT - _MARGIN
        if number == 1:
            y = _draw_heading(page, sheet, heading, y)
        for place, table in enumerate(tables):
            # Titles repeated at the top of a page are visual only: screen readers get one table.
            again = number > 1 and place == 0
            y = page.draw_table(
                table, _MARGIN, y, continues=pages[0][0] if place else None, is_repeated=again
            )
        if number == len(pages):
            _draw_signatures(page, y)
        _draw_foot(page, sheet, number, len(pages))
    return document.finish()


def _laid_out(sheet: Sheet, top: float) -> list[list[Table]]:
    """The rows of each page, under their titles; a page once left cannot be drawn on again."""
    titles = _table([_TITLES], _HEAD, header_rows=1)
    pages, y = [[titles]], top - titles.height
    for number, row in enumerate(sheet.rows, 1):
        table = _table([_cells(number, row)], _SMALL)
        is_last = number == len(sheet.rows)
        if y - table.height < _TOP_OF_FOOT + (_SIGNING if is_last else 0):
            pages.append([titles])
            y = _HEIGHT - _MARGIN - titles.height
        pages[-1].append(table)
        y -= table.height
    return pages


def _cells(number: int, row: SheetRow) -> tuple[str, ...]:
    return (arabic_digits(number), row.name, row.minutes, row.checks, row.status, row.amended, "")


def _table(rows: Sequence[Sequence[str]], style: Style, *, header_rows: int = 0) -> Table:
    columns = [Column(width, style) for width in _WIDTHS]
    return set_table(columns, rows, padding=3.5, header_rows=header_rows)


def _heading(sheet: Sheet) -> Table:
    width = _WIDTH - 2 * _MARGIN
    return set_table(
        [Column(32 * mm, Style(SANS, 8.5, _MUTED), is_header=True), Column(width - 32 * mm, _HEAD)],
        [list(fact) for fact in sheet.facts],
        padding=2.5,
        rule_color=(1, 1, 1),
    )


def _draw_heading(page: Page, sheet: Sheet, facts: Table, y: float) -> float:
    name = set_line("كشف حضور حصة مباشرة", Style(NASKH_BOLD, 20, _INK))
    page.draw_line(name, _WIDTH / 2, y - 7 * mm, Align.CENTER, Role.H1)
    title = fit_line(sheet.title, Style(SANS_BOLD, 12, _INK), max_width=_WIDTH - 2 * _MARGIN, min_size=7)
    page.draw_line(title, _WIDTH / 2, y - 15 * mm, Align.CENTER, Role.H2)
    page.draw_table(facts, _MARGIN, y - 19 * mm)
    return y - _HEADING - facts.height


def _draw_signatures(page: Page, y: float) -> None:
    y -= 14 * mm
    width = (_WIDTH - 2 * _MARGIN) / 3
    for place, title in enumerate(("المدرب", "مدير المركز", "المفتش")):
        x = _RIGHT - place * width
        page.draw_line(set_line(f"{title}:", _HEAD), x, y)
        page.draw_line(set_line("الاسم ............................................", _FOOT), x, y - 7 * mm)
        page.draw_line(set_line("التوقيع والتاريخ ...............................", _FOOT), x, y - 14 * mm)


def _draw_foot(page: Page, sheet: Sheet, number: int, pages: int) -> None:
    width = _WIDTH - 2 * _MARGIN
    y = 21 * mm
    # Printed on every page, tagged for screen readers once, at the end.
    role = Role.P if number == pages else None
    for line in wrap(sheet.rule, _FOOT, width=width):
        page.draw_line(line, _RIGHT, y, role=role)
        y -= 3.6 * mm
    page.draw_line(fit_line(sheet.state, _FOOT, max_width=width, min_size=5), _RIGHT, y, role=role)
    y -= 3.8 * mm
    if sheet.digest:
        code = Style(SANS, 7.5, _INK, direction=Direction.LTR)
        digest = fit_line(f"SHA-256 {sheet.digest}", code, max_width=width, min_size=5)
        page.draw_line(digest, _MARGIN, y, role=role)
    count = arabic_digits(f"صفحة {number} من {pages}")
    page.draw_line(set_line(count, _FOOT), _RIGHT, 8 * mm, role=None)
