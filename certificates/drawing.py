"""The page of a certificate: A4 landscape, Arabic and English side by side, from frozen facts only.

Free of Django and of the database: the same facts give the same bytes.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from reportlab.pdfgen.canvas import Canvas

from certificates.codes import display_code
from typesetting import (
    A4_LANDSCAPE,
    NASKH,
    NASKH_BOLD,
    SANS,
    SANS_BOLD,
    Align,
    Artwork,
    Direction,
    Document,
    Page,
    Role,
    Style,
    drawing,
    fit_line,
    mm,
    set_line,
    without_harakat,
)

Color = tuple[float, float, float]

_INK: Color = (0.08, 0.15, 0.16)
_MUTED: Color = (0.30, 0.37, 0.39)
_TAPE: Color = (0.95, 0.71, 0.20)
_CAIRO = ZoneInfo("Africa/Cairo")
_WIDTH, _HEIGHT = A4_LANDSCAPE
_CENTER = _WIDTH / 2
_MARGIN = 24 * mm
_COLUMN = _WIDTH / 2 - _MARGIN - 4 * mm

_NAME, _NAME_MIN_SIZE = Style(NASKH_BOLD, 32, _INK), 16
_LATIN_NAME, _LATIN_NAME_MIN_SIZE = Style(SANS_BOLD, 15, _INK), 8

_ARABIC_MONTHS = (
    "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو",
    "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
)  # fmt: skip
_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@dataclass(frozen=True)
class Paper:
    """Everything a certificate says.

    `facts` and `design` are as described at `certificates.models.Credential`; `verify_url` is what the QR code holds.
    """

    number: str
    code: str
    issued_on: date
    facts: Mapping[str, Any]
    design: Mapping[str, str]
    verify_url: str


def arabic_date(day: date) -> str:
    return f"{day.day} {_ARABIC_MONTHS[day.month - 1]} {day.year}".translate(_ARABIC_DIGITS)


def english_date(day: date) -> str:
    return f"{day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year}"


def draw_certificate(paper: Paper) -> bytes:
    """The PDF of a certificate.

    Raises typesetting.MissingGlyph for a letter no font has and typesetting.TextDoesNotFit for a name or title that
    would be too small to read: both must be found before a certificate is promised.
    """
    document = Document(
        title=f"{paper.design['heading_ar']} – {paper.facts['name_ar']}",
        # Measured: with R2L, Chromium's viewer copies the words of every English line in reverse; Arabic lines are
        # copied right either way.
        direction=Direction.LTR,
        author=paper.design["authority_ar"],
        subject=paper.number,
        created=datetime.combine(paper.issued_on, time(), _CAIRO),
    )
    page = document.new_page(A4_LANDSCAPE)
    accent = _color(paper.design["accent"])
    page.place(_frame(accent), 0, 0, width=_WIDTH, height=_HEIGHT)
    _draw_heading(page, paper, accent)
    _draw_name(page, paper)
    _draw_program(page, paper, accent)
    _draw_facts(page, paper)
    _draw_foot(page, paper)
    return document.finish()


def check_printable(facts: Mapping[str, Any]) -> None:
    """Set the texts that people type, so that what cannot be printed is known before a certificate is promised.

    Raises typesetting.MissingGlyph or typesetting.TextDoesNotFit.
    """
    for text, style, min_size in (
        (without_harakat(facts["name_ar"]), _NAME, _NAME_MIN_SIZE),
        (facts["name_en"], _LATIN_NAME, _LATIN_NAME_MIN_SIZE),
        (facts["program_ar"], Style(NASKH_BOLD, 22), 12),
        (facts["program_en"], Style(SANS_BOLD, 12), 7),
    ):
        fit_line(text, style, max_width=_WIDTH - 2 * _MARGIN, min_size=min_size)


def _color(text: str) -> Color:
    """Red, green and blue from 0 to 1 of #RRGGBB."""
    red, green, blue = (int(text[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _centered(
    page: Page,
    text: str,
    style: Style,
    y: float,
    *,
    max_width: float,
    min_size: float,
    role: Role = Role.P,
    language: str | None = None,
) -> None:
    line = fit_line(text, style, max_width=max_width, min_size=min_size)
    page.draw_line(line, _CENTER, y, Align.CENTER, role, language)


def _draw_heading(page: Page, paper: Paper, accent: Color) -> None:
    design = paper.design
    half = _COLUMN - 10 * mm
    for language, x, align, direction in (
        ("ar", _WIDTH - _MARGIN, Align.START, Direction.RTL),
        ("en", _MARGIN, Align.START, Direction.LTR),
    ):
        style = Style(SANS_BOLD, 12, accent, direction=direction)
        line = fit_line(design[f"authority_{language}"], style, max_width=half, min_size=8)
        page.draw_line(line, x, 183 * mm, align, language=language)
    _centered(
        page,
        design["heading_ar"],
        Style(NASKH_BOLD, 30, accent),
        168 * mm,
        max_width=180 * mm,
        min_size=18,
        role=Role.H1,
    )
    _centered(
        page,
        design["heading_en"],
        Style(SANS, 14, _MUTED),
        156 * mm,
        max_width=180 * mm,
        min_size=9,
        language="en",
    )


def _draw_name(page: Page, paper: Paper) -> None:
    facts, design, width = paper.facts, paper.design, _WIDTH - 2 * _MARGIN
    _centered(page, design["statement_ar"], Style(NASKH, 15, _INK), 140 * mm, max_width=width, min_size=9)
    # Names are printed without vowel signs: people write them that way, and copies stay searchable.
    name = without_harakat(facts["name_ar"])
    _centered(page, name, _NAME, 122 * mm, max_width=width, min_size=_NAME_MIN_SIZE, role=Role.H2)
    if facts["name_en"]:
        _centered(
            page,
            facts["name_en"],
            _LATIN_NAME,
            108.5 * mm,
            max_width=width,
            min_size=_LATIN_NAME_MIN_SIZE,
            language="en",
        )
    _centered(
        page,
        design["statement_en"],
        Style(SANS, 10, _MUTED),
        101 * mm,
        max_width=width,
        min_size=7,
        language="en",
    )


def _draw_program(page: Page, paper: Paper, accent: Color) -> None:
    facts, width = paper.facts, _WIDTH - 2 * _MARGIN
    _centered(
        page, facts["program_ar"], Style(NASKH_BOLD, 22, accent), 89.5 * mm, max_width=width, min_size=12
    )
    _centered(
        page,
        facts["program_en"],
        Style(SANS_BOLD, 12, accent),
        80 * mm,
        max_width=width,
        min_size=7,
        language="en",
    )


def _draw_facts(page: Page, paper: Paper) -> None:
    """Labels and values in two columns: English from the left edge, Arabic from the right one."""
    facts = paper.facts
    completed = date.fromisoformat(facts["completed_on"])
    arabic = (
        ("المستوى", facts["level_ar"]),
        ("عدد الساعات", str(facts["hours"]).translate(_ARABIC_DIGITS)),
        ("المركز", f"{facts['center_ar']} – {facts['governorate_ar']}"),
        ("تاريخ الإتمام", arabic_date(completed)),
        ("تاريخ الإصدار", arabic_date(paper.issued_on)),
    )
    english = (
        ("Level", facts["level_en"]),
        ("Hours", str(facts["hours"])),
        ("Center", f"{facts['center_en']}, {facts['governorate_en']}"),
        ("Completed on", english_date(completed)),
        ("Issued on", english_date(paper.issued_on)),
    )
    for rows, direction, language in ((arabic, Direction.RTL, "ar"), (english, Direction.LTR, "en")):
        _draw_rows(page, rows, direction, language)


def _draw_rows(page: Page, rows: tuple[tuple[str, str], ...], direction: Direction, language: str) -> None:
    edge, step = (_WIDTH - _MARGIN, -1) if direction is Direction.RTL else (_MARGIN, 1)
    label_width = 27 * mm
    for place, (label, value) in enumerate(rows):
        y = 69 * mm - place * 6.2 * mm
        style = Style(SANS, 9, _MUTED, direction=direction)
        page.draw_line(set_line(label, style), edge, y, language=language)
        style = Style(SANS_BOLD, 10, _INK, direction=direction)
        line = fit_line(value, style, max_width=_COLUMN - label_width, min_size=6)
        page.draw_line(line, edge + step * label_width, y, language=language)


def _draw_foot(page: Page, paper: Paper) -> None:
    design = paper.design
    size = 25 * mm
    alt = f"رمز للتحقق من الشهادة على الموقع: {paper.verify_url}"
    page.draw_qr(paper.verify_url, _CENTER - size / 2, 20.5 * mm, size=size, alt=alt)
    # A code, so left to right in both languages.
    code = Style(SANS_BOLD, 8.5, _INK, direction=Direction.LTR)
    page.draw_line(set_line(display_code(paper.code), code), _CENTER, 18.2 * mm, Align.CENTER, Role.CAPTION)
    number = Style(SANS_BOLD, 10, _INK, direction=Direction.LTR)
    page.draw_line(set_line(paper.number, number), _MARGIN, 25 * mm)
    page.draw_line(
        set_line("رقم الشهادة · Certificate number", Style(SANS, 7.5, _MUTED, direction=Direction.LTR)),
        _MARGIN,
        20.5 * mm,
    )
    for y, text, style, min_size in (
        (30.5 * mm, design["signatory_ar"], Style(NASKH_BOLD, 13, _INK, direction=Direction.RTL), 8),
        (25 * mm, design["signatory_title_ar"], Style(SANS, 8.5, _MUTED, direction=Direction.RTL), 6),
    ):
        page.draw_line(fit_line(text, style, max_width=80 * mm, min_size=min_size), _WIDTH - _MARGIN, y)
    latin = f"{design['signatory_en']}, {design['signatory_title_en']}"
    style = Style(SANS, 7.5, _MUTED, direction=Direction.LTR)
    page.draw_line(
        fit_line(latin, style, max_width=80 * mm, min_size=5),
        _WIDTH - _MARGIN,
        20.5 * mm,
        Align.END,
        language="en",
    )


@cache
def _frame(accent: Color) -> Artwork:
    """Guilloche border, corner marks and the measuring tape, deflated once per process and color."""

    def paint(canvas: Canvas) -> None:
        canvas.setStrokeColorRGB(*accent)
        canvas.setLineWidth(1.1)
        canvas.rect(9 * mm, 9 * mm, _WIDTH - 18 * mm, _HEIGHT - 18 * mm)
        canvas.setLineWidth(0.3)
        for phase in (0.0, math.pi / 2, math.pi, 3 * math.pi / 2):
            _wave(canvas, lambda t: (t, 12 * mm), (12 * mm, _WIDTH - 12 * mm), phase, vertical=True)
            _wave(canvas, lambda t: (t, _HEIGHT - 12 * mm), (12 * mm, _WIDTH - 12 * mm), phase, vertical=True)
            _wave(canvas, lambda t: (12 * mm, t), (12 * mm, _HEIGHT - 12 * mm), phase, vertical=False)
            _wave(
                canvas, lambda t: (_WIDTH - 12 * mm, t), (12 * mm, _HEIGHT - 12 * mm), phase, vertical=False
            )
        canvas.setLineWidth(0.6)
        canvas.rect(15 * mm, 15 * mm, _WIDTH - 30 * mm, _HEIGHT - 30 * mm)
        _tape(canvas)

    return drawing(_WIDTH, _HEIGHT, paint)


def _wave(
    canvas: Canvas,
    along: Callable[[float], tuple[float, float]],
    span: tuple[float, float],
    phase: float,
    *,
    vertical: bool,
) -> None:
    """One strand of the border: a sine across the line `along`, a whole number of periods so that corners meet."""
    start, end = span
    periods = round((end - start) / (9 * mm))
    steps = periods * 12
    path = canvas.beginPath()
    for step in range(steps + 1):
        t = start + (end - start) * step / steps
        swing = 1.7 * mm * math.sin(2 * math.pi * periods * step / steps + phase)
        x, y = along(t)
        point = (x, y + swing) if vertical else (x + swing, y)
        (path.lineTo if step else path.moveTo)(*point)
    canvas.drawPath(path)


def _tape(canvas: Canvas) -> None:
    """The measuring tape under the headings, the product's mark."""
    width, height, bottom = 90 * mm, 2.6 * mm, 150 * mm
    left = _CENTER - width / 2
    canvas.setFillColorRGB(*_TAPE)
    canvas.rect(left, bottom, width, height, stroke=0, fill=1)
    canvas.setStrokeColorRGB(0.35, 0.24, 0)
    canvas.setLineWidth(0.4)
    for tick in range(1, 46):
        x = left + tick * 2 * mm
        canvas.line(x, bottom + height, x, bottom + height - (1.5 if tick % 5 == 0 else 0.8) * mm)
