"""The paper of a skills passport: A4 upright, Arabic and English, as many pages as its certificates need.

The same passport gives the same bytes. It is engraved as certificates are: `certificates.drawing.kinds.ornaments`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from typesetting import (
    A4,
    NASKH_BOLD,
    SANS,
    SANS_BOLD,
    SANS_MEDIUM,
    Align,
    Attachment,
    Column,
    Direction,
    Document,
    Line,
    Page,
    Relationship,
    Role,
    SignatureField,
    Style,
    Table,
    TextDoesNotFit,
    Typeface,
    fit_line,
    fit_paragraph,
    fit_two_lines,
    lines_height,
    mm,
    set_line,
    set_table,
    set_tables,
    without_harakat,
)

from ..codes import display_code
from ..drawing import arabic_date, arabic_digits, english_date
from ..drawing.design import INK, MUTED, Color, color
from ..drawing.kinds.ornaments import (
    border,
    large_rosette,
    medallion,
    microtext,
    plaque,
    second_of,
    toned,
    void,
)
from ..drawing.kinds.pictures import artwork_of
from ..drawing.kinds.sentences import BOUND
from ..jose import Json
from ..openbadges.credential import parse_timestamp
from .signed import FILE_NAME

_CAIRO = ZoneInfo("Africa/Cairo")
_WIDTH, _HEIGHT = A4
# Of the border from the edge of the sheet, and of what is printed inside it.
_EDGE, _MARGIN = 6 * mm, 24 * mm
_INNER = _WIDTH - 2 * _MARGIN
_RIGHT = _WIDTH - _MARGIN
# Millimeters.
EMBLEM_SIDE = 21
_EMBLEM = EMBLEM_SIDE * mm
# What every page leaves free below its certificates.
_FOOT = 52 * mm
_SEAL, _SEAL_BOTTOM = 13 * mm, 35 * mm
# Where the certificates begin: on the first page at the highest, and on the others.
_FIRST_TOP, _FURTHER_TOP = 178 * mm, 262 * mm
_SUMS_BELOW_NAME, _BELOW_SUMS = 3 * mm, 7 * mm
# Around the words of a cell, and what a list that is shorter than its page may have instead.
_PADDING, _SPREAD = 3.0, (8.0, 6.0, 5.0, 4.0)
# Under the last certificate: what says so, and how much free room is worth a line across it.
_END, _LEAST_VOID = 8 * mm, 12 * mm
_QR = 34 * mm
# How much of it is white: its modules begin at the margin.
_QUIET = 3.6 * mm
_QR_TOP = 222 * mm
_BESIDE_QR = _INNER - _QR - 6 * mm
# From the start side: in Arabic, in English, days and occupation, code and number. Together `_INNER`.
_COLUMNS = tuple(width * mm for width in (45, 42, 31, 44))
_HEADERS = (
    "الشهادة والبرنامج",
    "Certificate and program",
    "الإصدار · السريان\nIssued · valid until",
    "رمز التحقق · الرقم\nCode · number",
)
_SIZES = (9, 8, 7, 6.5, 6)
_SMALLEST = 6


@dataclass(frozen=True)
class Face:
    """Whose paper it is: the state, the colors of its ministry, and the emblem as bytes of a picture, if there is one."""

    state_ar: str = ""
    state_en: str = ""
    accent: str = "#0d655c"
    signal: str = "#f2b632"
    emblem: bytes = b""

    @property
    def color(self) -> Color:
        return color(self.accent)

    @property
    def second(self) -> Color:
        return second_of(color(self.signal))


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
    face: Face = field(default_factory=Face)


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
    holder = _Holder(content, paper.face)
    first_top = min(_FIRST_TOP, holder.bottom - _BELOW_SUMS)
    rows = [_row(credential) for credential in content["credentials"]]
    size = _size_for([_HEADERS, *rows])
    tables = _tables(rows, size, first_top)
    for number, table in enumerate(tables, 1):
        page = document.new_page(A4)
        _draw_ornaments(page, paper)
        if number == 1:
            _draw_first(page, paper, holder)
            top = first_top
            _tint_header(page, table, top, paper.face)
        else:
            top = _draw_further(page, content, paper.face)
            header = set_table(_columns(size), [_HEADERS], header_rows=1, padding=_PADDING)
            top = page.draw_table(header, _MARGIN, top, is_repeated=True)
        bottom = page.draw_table(table, _MARGIN, top, continues=tables[0] if number > 1 else None)
        if number == len(tables):
            _draw_end(page, bottom, paper.face)
            _draw_seal(page, content, paper.face)
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


def _style(
    typeface: Typeface, size: float, ink: Color, direction: Direction | None = None, leading: float = 1.4
) -> Style:
    return Style(typeface, size, ink, leading=leading, direction=direction, whole_words=True)


def _moment(text: str) -> datetime:
    return parse_timestamp(text).astimezone(_CAIRO)


def _last_day(content: Json) -> date:
    return (_moment(content["expires_at"]) - timedelta(seconds=1)).date()


# --- Every page --------------------------------------------------------------------------------------------------


def _draw_ornaments(page: Page, paper: PassportPaper) -> None:
    face, issuer = paper.face, paper.content["issuer"]
    accent, other = face.color, face.second
    behind = large_rosette(120 * mm, 120 * mm, accent, other)
    page.place(behind, (_WIDTH - behind.width) / 2, 62 * mm, width=behind.width, height=behind.height)
    frame = border(_WIDTH - 2 * _EDGE, _HEIGHT - 2 * _EDGE, accent, other)
    page.place(frame, _EDGE, _EDGE, width=frame.width, height=frame.height)
    names = (face.state_ar, issuer["name_ar"], face.state_en.upper(), issuer["name_en"].upper(), "")
    words = " · ".join(name for name in names if name) + " ·"
    line = microtext(_WIDTH - 40 * mm, 0.5 * mm, accent, words)
    for bottom in (18 * mm, _HEIGHT - 18.5 * mm):
        page.place(line, 20 * mm, bottom, width=line.width, height=line.height)


def _draw_foot(page: Page, number: int, pages: int) -> None:
    width = (_INNER - 8 * mm) / 2
    arabic = "تُراجَع كل شهادة برمزها على صفحة التحقق، وتُظهر صفحة هذا الجواز حالتها اليوم. ويمكن سحب هذا الجواز في أي وقت."
    english = (
        "Check each certificate by its code on the public page; the page of this passport tells its standing of today."
        " This passport may be withdrawn at any time."
    )
    for text, left, direction, language in (
        (arabic, _RIGHT - width, Direction.RTL, "ar"),
        (english, _MARGIN, Direction.LTR, "en"),
    ):
        style = _style(SANS, 6.8, MUTED, direction)
        lines = fit_paragraph(text, style, width=width, height=11 * mm, min_size=_SMALLEST)
        page.draw_lines(
            lines,
            left,
            32.5 * mm,
            width=width,
            direction=direction,
            language=language,
            role=Role.P if number == pages else None,
        )
    if pages > 1:
        line = set_line(f"{number} / {pages}", _style(SANS, 7.5, MUTED, Direction.LTR))
        page.draw_line(line, _WIDTH / 2, 20.5 * mm, Align.CENTER, role=None)


# --- First page --------------------------------------------------------------------------------------------------


class _Holder:
    """The person and what the certificates come to, next to the code: laid out before it is known where the list begins."""

    def __init__(self, content: Json, face: Face) -> None:
        holder = content["holder"]
        name = without_harakat(holder["name_ar"])
        self.arabic = self._name(name, NASKH_BOLD, 22, Direction.RTL)
        self.latin = self._name(holder["name_en"], SANS_BOLD, 12, Direction.LTR) if holder["name_en"] else []
        names = lines_height(self.arabic) + lines_height(self.latin)
        self.sums = _set_sums(content)
        self.sums_top = _QR_TOP - names - _SUMS_BELOW_NAME
        lowest = self.sums_top - max(table.height for table in self.sums)
        self.bottom = min(lowest, _QR_TOP - _QR - 8 * mm)

    def _name(self, text: str, typeface: Typeface, size: float, direction: Direction) -> list[Line]:
        leading = 1.55 if typeface is NASKH_BOLD else 1.3
        style = _style(typeface, size, INK, direction, leading)
        return fit_two_lines(text, style, width=_BESIDE_QR, min_size=8, bound=BOUND)


def _draw_first(page: Page, paper: PassportPaper, holder: _Holder) -> None:
    """Whose paper it is, heading, person, sums and the way to check."""
    content, face = paper.content, paper.face
    _draw_issuer(page, content["issuer"], face)
    heading = set_line("جواز المهارات", _style(NASKH_BOLD, 30, face.color))
    page.draw_line(heading, _WIDTH / 2, 238 * mm, Align.CENTER, role=Role.H1)
    title = set_line("Skills passport", _style(SANS, 13, MUTED, Direction.LTR))
    page.draw_line(title, _WIDTH / 2, 230 * mm, Align.CENTER, language="en")
    top, left = _QR_TOP, _RIGHT - _BESIDE_QR
    top = page.draw_lines(
        holder.arabic, left, top, width=_BESIDE_QR, direction=Direction.RTL, role=Role.H2, is_told_whole=True
    )
    if holder.latin:
        page.draw_lines(
            holder.latin,
            left,
            top,
            width=_BESIDE_QR,
            align=Align.START,
            direction=Direction.RTL,
            language="en",
            is_told_whole=True,
        )
    arabic, english = holder.sums
    page.draw_table(arabic, _RIGHT - arabic.width, holder.sums_top, language="ar")
    page.draw_table(english, left, holder.sums_top, language="en")
    bottom = _QR_TOP - _QR
    page.draw_qr(
        paper.share_address,
        _MARGIN - _QUIET,
        bottom,
        size=_QR,
        alt=f"رمز يفتح صفحة هذا الجواز على الموقع: {paper.share_address}",
    )
    for text, below, language in (("حالة الشهادات اليوم", 3, "ar"), ("Standing of today", 6.4, "en")):
        line = set_line(text, _style(SANS, 7, MUTED))
        page.draw_line(line, _MARGIN + _QR / 2 - _QUIET, bottom - below * mm, Align.CENTER, language=language)


def _draw_issuer(page: Page, issuer: Json, face: Face) -> None:
    """State and ministry on both sides of the emblem."""
    bottom = _HEIGHT - 23.5 * mm - _EMBLEM
    left = (_WIDTH - _EMBLEM) / 2
    if face.emblem:
        picture = artwork_of(hashlib.sha256(face.emblem).hexdigest(), face.emblem)
        scale = min(_EMBLEM / picture.width, _EMBLEM / picture.height)
        width, height = picture.width * scale, picture.height * scale
        page.place(
            picture,
            (_WIDTH - width) / 2,
            bottom + (_EMBLEM - height) / 2,
            width=width,
            height=height,
            alt=f"شعار {face.state_ar or issuer['name_ar']}",
        )
    else:
        emblem = medallion(_EMBLEM, face.color, face.second)
        page.place(emblem, left, bottom, width=_EMBLEM, height=_EMBLEM)
    room = (_INNER - _EMBLEM) / 2 - 4 * mm
    for state, name, typeface, sizes, x, direction, language in (
        (face.state_ar, issuer["name_ar"], NASKH_BOLD, (16, 11.5), _RIGHT, Direction.RTL, "ar"),
        (face.state_en, issuer["name_en"], SANS_BOLD, (12, 10.5), _MARGIN, Direction.LTR, "en"),
    ):
        side = x - room if direction is Direction.RTL else x
        if state:
            line = fit_line(
                state, _style(typeface, sizes[0], face.color, direction), max_width=room, min_size=7
            )
            page.draw_line(line, x, bottom + 12.5 * mm, language=language)
        lines = fit_two_lines(
            name, _style(SANS_MEDIUM, sizes[1], INK, direction), width=room, min_size=_SMALLEST
        )
        page.draw_lines(
            lines,
            side,
            bottom + 9.5 * mm,
            width=room,
            direction=direction,
            language=language,
            is_told_whole=True,
        )


def _set_sums(content: Json) -> tuple[Table, Table]:
    """What it comes to, as a list in Arabic and one in English."""
    made, until = _moment(content["made_at"]).date(), _last_day(content)
    hours, count = content["hours"], len(content["credentials"])
    codes = " · ".join(content["isco_08"]) or "–"
    half = _BESIDE_QR / 2 - 2 * mm
    arabic = (
        ("الشهادات", arabic_digits(count)),
        ("ساعات التدريب", arabic_digits(hours)),
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
                Column(half * share, _style(SANS, 8, MUTED, direction, 1.5), is_header=True),
                Column(half * (1 - share), _style(SANS_BOLD, 8.5, INK, direction, 1.5)),
            ),
            rows,
            direction=direction,
            padding=2.2,
        )
        for rows, direction, share in ((arabic, Direction.RTL, 0.5), (english, Direction.LTR, 0.44))
    )
    return set_arabic, set_english


# --- Certificates ------------------------------------------------------------------------------------------------


def _draw_further(page: Page, content: Json, face: Face) -> float:
    style = _style(NASKH_BOLD, 13, face.color)
    name = without_harakat(content["holder"]["name_ar"])
    line = fit_line(f"جواز المهارات – {name}", style, max_width=_INNER, min_size=7)
    page.draw_line(line, _RIGHT, 267 * mm, role=None)
    return _FURTHER_TOP


def _row(one: Json) -> tuple[str, ...]:
    hours = one["hours"]
    arabic = [one["level_ar"], f"{arabic_digits(hours)} ساعة" if hours else ""]
    english = [one["level_en"], f"{hours} hours" if hours else ""]
    days = [one["issued_on"], one["valid_until"] or "–"]
    if one["isco_08"]:
        days.append(f"ISCO-08: {one['isco_08']}")
    return (
        "\n".join(text for text in (one["type_ar"], one["program_ar"], *arabic) if text),
        "\n".join(text for text in (one["type_en"], one["program_en"], *english) if text),
        "\n".join(days),
        f"{display_code(one['code'])}\n{one['number']}",
    )


def _tables(rows: Sequence[Sequence[str]], size: float, first_top: float) -> list[Table]:
    """The list as those of its pages; one that a page holds is spread over it."""
    first, further = first_top - _FOOT, _FURTHER_TOP - _FOOT

    def set_with(padding: float) -> list[Table]:
        return set_tables(_columns(size), _HEADERS, rows, first=first, further=further, padding=padding)

    tables = set_with(_PADDING)
    if len(tables) > 1:
        return tables
    for padding in _SPREAD:
        # Less is free for words in a cell with more around them: some take a line more, some do not fit.
        try:
            spread = set_with(padding)
        except TextDoesNotFit:
            continue
        if len(spread) == 1 and spread[0].height <= first - _END:
            return spread
    return tables


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
            _style(SANS, max(size - (1.2 if place == len(_COLUMNS) - 1 else 0), _SMALLEST), INK, direction),
            align,
            is_header=place == 0,
            language="en" if place == 1 else None,
        )
        for place, (width, (direction, align)) in enumerate(zip(_COLUMNS, looks, strict=True))
    ]


def _tint_header(page: Page, table: Table, top: float, face: Face) -> None:
    height = -table.rules[1]
    page.canvas.setFillColorRGB(*toned(face.color, 0.1))
    page.canvas.rect(_MARGIN, top - height, table.width, height, stroke=0, fill=1)


def _draw_end(page: Page, bottom: float, face: Face) -> None:
    """What says that the list ends here; free room under it is crossed out, so that nothing is added to it."""
    if bottom - _FOOT < _END:
        return
    for words, x, direction in (
        ("انتهت قائمة الشهادات", _RIGHT, Direction.RTL),
        ("End of the list", _MARGIN, Direction.LTR),
    ):
        page.draw_line(set_line(words, _style(SANS, 7, MUTED, direction)), x, bottom - 4.5 * mm, role=None)
    height = bottom - _END - _FOOT
    if height >= _LEAST_VOID:
        line = void(_INNER, height, face.second)
        page.place(line, _MARGIN, _FOOT, width=line.width, height=line.height)


def _draw_seal(page: Page, content: Json, face: Face) -> None:
    """Who sealed it and when, on a plaque: the seal itself is in the file and has no picture."""
    field_of = plaque(_INNER, _SEAL, face.color, face.second)
    page.place(field_of, _MARGIN, _SEAL_BOTTOM, width=_INNER, height=_SEAL)
    made, issuer = _moment(content["made_at"]).date(), content["issuer"]
    room, inset = _INNER / 2 - 8 * mm, 5 * mm
    for text, day, x, direction, language in (
        (f"ختم إلكتروني: {issuer['name_ar']}", arabic_date(made), _RIGHT - inset, Direction.RTL, "ar"),
        (f"Electronic seal: {issuer['name_en']}", english_date(made), _MARGIN + inset, Direction.LTR, "en"),
    ):
        name = fit_line(text, _style(SANS_BOLD, 9, face.color, direction), max_width=room, min_size=_SMALLEST)
        page.draw_line(name, x, _SEAL_BOTTOM + 7.4 * mm, language=language)
        page.draw_line(
            set_line(day, _style(SANS, 8, INK, direction)), x, _SEAL_BOTTOM + 3.2 * mm, language=language
        )
