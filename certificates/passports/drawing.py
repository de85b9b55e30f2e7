"""The paper of a skills passport: A4 upright, Arabic and English, as many pages as its certificates need.

The same passport gives the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from typesetting import (
    A4,
    NASKH_BOLD,
    SANS,
    SANS_BOLD,
    Align,
    Attachment,
    Column,
    Direction,
    Document,
    Page,
    Relationship,
    Role,
    SignatureField,
    Style,
    Table,
    TextDoesNotFit,
    fit_line,
    fit_paragraph,
    mm,
    set_line,
    set_table,
    set_tables,
    without_harakat,
)

from ..codes import display_code
from ..drawing import arabic_date, english_date
from ..jose import Json
from ..openbadges.credential import parse_timestamp
from .signed import FILE_NAME

Color = tuple[float, float, float]

_INK: Color = (0.08, 0.15, 0.16)
_MUTED: Color = (0.30, 0.37, 0.39)
_ACCENT: Color = (0.05, 0.40, 0.36)
_TAPE: Color = (0.95, 0.71, 0.20)
_CAIRO = ZoneInfo("Africa/Cairo")
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_WIDTH, _HEIGHT = A4
_MARGIN = 14 * mm
_INNER = _WIDTH - 2 * _MARGIN
_FOOT = 22 * mm
# Where the certificates begin: on the first page at the highest, and on the others.
_FIRST_TOP, _FURTHER_TOP = 189 * mm, 268 * mm
# Between the sums, where they are long, and the certificates.
_BELOW_SUMS = 4 * mm
_PADDING = 3.0
_QR = 32 * mm
_BESIDE_QR = _INNER - _QR - 6 * mm
# From the start side: Arabic name, English name, level, hours, occupation, dates, code. Together `_INNER`.
_COLUMNS = tuple(width * mm for width in (43, 39, 21, 12, 15, 23, 29))
_HEADERS = (
    "الشهادة والبرنامج",
    "Certificate and program",
    "المستوى\nLevel",
    "ساعات\nHours",
    "المهنة\nISCO-08",
    "الإصدار · السريان\nIssued · valid until",
    "رمز التحقق\nCode",
)
_SIZES = (8, 7, 6, 5)


@dataclass(frozen=True)
class PassportPaper:
    """A passport to be drawn. `content` is that of `passport_content`; `file` is attached and holds the signed form.

    `share_address` is what the QR code holds; `seal_size` the bytes to keep for the seal; `watermark` stands across a
    paper that counts for nothing.
    """

    content: Json
    file: bytes
    share_address: str
    seal_size: int
    watermark: str = ""


def draw_passport(paper: PassportPaper) -> bytes:
    """The PDF with an empty seal. Raises typesetting.MissingGlyph or typesetting.TextDoesNotFit."""
    content, made_at = paper.content, _moment(paper.content["made_at"])
    document = Document(
        title=f"جواز المهارات – {content['holder']['name_ar']}",
        # As for certificates: ADR 0006.
        direction=Direction.LTR,
        author=content["issuer"]["name_ar"],
        subject=content["id"],
        created=made_at,
        watermark=paper.watermark,
    )
    document.attach(
        Attachment(
            FILE_NAME,
            paper.file,
            "application/json",
            Relationship.DATA,
            "محتوى جواز المهارات موقَّعا إلكترونيا · The content of the skills passport, signed",
            made_at,
        )
    )
    sums = _set_sums(content)
    first_top = min(_FIRST_TOP, _sums_top(content) - max(table.height for table in sums) - _BELOW_SUMS)
    rows = [_row(credential) for credential in content["credentials"]]
    size = _size_for([_HEADERS, *rows])
    tables = set_tables(
        _columns(size),
        _HEADERS,
        rows,
        first=first_top - _FOOT,
        further=_FURTHER_TOP - _FOOT,
        padding=_PADDING,
    )
    for number, table in enumerate(tables, 1):
        page = document.new_page(A4)
        if number == 1:
            _draw_first(page, paper, sums)
            top = first_top
        else:
            top = _draw_further(page, content)
            header = set_table(_columns(size), [_HEADERS], header_rows=1, padding=_PADDING)
            top = page.draw_table(header, _MARGIN, top, is_repeated=True)
        page.draw_table(table, _MARGIN, top, continues=tables[0] if number > 1 else None)
        if number == len(tables):
            document.reserve_signature(
                SignatureField(
                    label="ختم إلكتروني لجهة الإصدار",
                    reason="Skills passport",
                    signed_at=made_at,
                    size=paper.seal_size,
                )
            )
        _draw_foot(page, number, len(tables))
    return document.finish()


def _moment(text: str) -> datetime:
    return parse_timestamp(text).astimezone(_CAIRO)


def _last_day(content: Json) -> date:
    return (_moment(content["expires_at"]) - timedelta(seconds=1)).date()


def _draw_first(page: Page, paper: PassportPaper, sums: Sequence[Table]) -> None:
    """Heading, person, sums and the way to check."""
    content = paper.content
    holder, issuer = content["holder"], content["issuer"]
    right = _WIDTH - _MARGIN
    for name, x, direction, language in (
        (issuer["name_ar"], right, Direction.RTL, "ar"),
        (issuer["name_en"], _MARGIN, Direction.LTR, "en"),
    ):
        style = Style(SANS_BOLD, 10, _ACCENT, direction=direction)
        line = fit_line(name, style, max_width=_INNER / 2 - 4 * mm, min_size=6)
        page.draw_line(line, x, 279 * mm, language=language)
    _tape(page, 273.5 * mm)
    page.draw_line(set_line("جواز المهارات", Style(NASKH_BOLD, 26, _ACCENT)), right, 258 * mm, role=Role.H1)
    page.draw_line(set_line("Skills passport", Style(SANS, 15, _MUTED)), _MARGIN, 258.5 * mm, language="en")
    name = without_harakat(holder["name_ar"])
    page.draw_line(
        fit_line(name, Style(NASKH_BOLD, 22, _INK), max_width=_BESIDE_QR, min_size=10),
        right,
        241 * mm,
        role=Role.H2,
    )
    if holder["name_en"]:
        latin = Style(SANS_BOLD, 11, _INK, direction=Direction.LTR)
        line = fit_line(holder["name_en"], latin, max_width=_BESIDE_QR, min_size=6)
        page.draw_line(line, right, 232.5 * mm, Align.END, language="en")
    arabic, english = sums
    page.draw_table(arabic, right - arabic.width, _sums_top(content), language="ar")
    page.draw_table(english, _MARGIN + _QR + 6 * mm, _sums_top(content), language="en")
    x, bottom = _MARGIN, 205 * mm
    page.draw_qr(
        paper.share_address,
        x,
        bottom,
        size=_QR,
        alt=f"رمز يفتح صفحة هذا الجواز على الموقع: {paper.share_address}",
    )
    for text, y, language in (("حالة الشهادات اليوم", 201, "ar"), ("Standing of today", 197, "en")):
        style = Style(SANS, 7.5, _MUTED)
        page.draw_line(set_line(text, style), x + _QR / 2, y * mm, Align.CENTER, language=language)


def _sums_top(content: Json) -> float:
    return (229 if content["holder"]["name_en"] else 236) * mm


def _set_sums(content: Json) -> tuple[Table, Table]:
    """What it comes to, as a list in Arabic and one in English."""
    made, until = _moment(content["made_at"]).date(), _last_day(content)
    hours, count = content["hours"], len(content["credentials"])
    codes = " · ".join(content["isco_08"]) or "–"
    half = _BESIDE_QR / 2 - 2 * mm
    arabic = (
        ("الشهادات", str(count).translate(_ARABIC_DIGITS)),
        ("ساعات التدريب", str(hours).translate(_ARABIC_DIGITS)),
        ("المهن (ISCO-08)", codes),
        ("تاريخ الإصدار", arabic_date(made)),
        ("صالح حتى", arabic_date(until)),
    )
    english = (
        ("Certificates", str(count)),
        ("Hours of training", str(hours)),
        ("Occupations (ISCO-08)", codes),
        ("Made on", english_date(made)),
        ("Good until", english_date(until)),
    )
    set_arabic, set_english = (
        set_table(
            (
                Column(half * 0.5, Style(SANS, 7.5, _MUTED, direction=direction), is_header=True),
                Column(half * 0.5, Style(SANS_BOLD, 8, _INK, direction=direction)),
            ),
            rows,
            direction=direction,
            padding=2.2,
        )
        for rows, direction in ((arabic, Direction.RTL), (english, Direction.LTR))
    )
    return set_arabic, set_english


def _draw_further(page: Page, content: Json) -> float:
    style = Style(NASKH_BOLD, 13, _ACCENT)
    name = without_harakat(content["holder"]["name_ar"])
    line = fit_line(f"جواز المهارات – {name}", style, max_width=_INNER, min_size=7)
    page.draw_line(line, _WIDTH - _MARGIN, 279 * mm, role=None)
    _tape(page, 273.5 * mm)
    return _FURTHER_TOP


def _row(one: Json) -> tuple[str, ...]:
    dates = f"{one['issued_on']}\n{one['valid_until'] or '–'}"
    level = "\n".join(text for text in (one["level_ar"], one["level_en"]) if text) or "–"
    return (
        f"{one['type_ar']}\n{one['program_ar']}",
        f"{one['type_en']}\n{one['program_en']}",
        level,
        str(one["hours"]) if one["hours"] else "–",
        one["isco_08"] or "–",
        dates,
        f"{display_code(one['code'])}\n{one['number']}",
    )


def _size_for(rows: Sequence[Sequence[str]]) -> float:
    """The largest size at which every word keeps to its column, or the smallest that people can read."""
    for size in _SIZES[:-1]:
        try:
            set_table(_columns(size), rows, padding=_PADDING)
        except TextDoesNotFit:
            continue
        return size
    return _SIZES[-1]


def _columns(size: float) -> list[Column]:
    directions = (Direction.RTL, Direction.LTR, None, None, None, Direction.LTR, Direction.LTR)
    return [
        Column(
            width,
            Style(SANS, size - (1.2 if place == len(_COLUMNS) - 1 else 0), _INK, direction=direction),
            is_header=place == 0,
            language="en" if place == 1 else None,
        )
        for place, (width, direction) in enumerate(zip(_COLUMNS, directions, strict=True))
    ]


def _draw_foot(page: Page, number: int, pages: int) -> None:
    width = (_INNER - 8 * mm) / 2
    arabic = "تُراجَع كل شهادة برمزها على صفحة التحقق، وتُظهر صفحة هذا الجواز حالتها اليوم. يمكن لصاحب الجواز سحبه في أي وقت."
    english = (
        "Check each certificate by its code on the public page; the page of this passport tells its standing of today."
        " The holder may withdraw this passport at any time."
    )
    for text, left, direction, language in (
        (arabic, _WIDTH - _MARGIN - width, Direction.RTL, "ar"),
        (english, _MARGIN, Direction.LTR, "en"),
    ):
        style = Style(SANS, 7, _MUTED, direction=direction)
        lines = fit_paragraph(text, style, width=width, height=11 * mm, min_size=5)
        page.draw_lines(
            lines,
            left,
            18 * mm,
            width=width,
            direction=direction,
            language=language,
            role=Role.P if number == pages else None,
        )
    if pages > 1:
        line = set_line(f"{number} / {pages}", Style(SANS, 7.5, _MUTED, direction=Direction.LTR))
        page.draw_line(line, _WIDTH / 2, 6 * mm, Align.CENTER, role=None)


def _tape(page: Page, bottom: float) -> None:
    """The measuring tape, the product's mark."""
    canvas, height = page.canvas, 2.4 * mm
    canvas.setFillColorRGB(*_TAPE)
    canvas.rect(_MARGIN, bottom, _INNER, height, stroke=0, fill=1)
    canvas.setStrokeColorRGB(0.35, 0.24, 0)
    canvas.setLineWidth(0.4)
    for tick in range(1, int(_INNER / (2 * mm)) + 1):
        x = _MARGIN + tick * 2 * mm
        canvas.line(x, bottom + height, x, bottom + height - (1.4 if tick % 5 == 0 else 0.7) * mm)
