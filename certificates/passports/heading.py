"""The first page of a skills passport: emblem and authority, heading, person, totals, and the QR code of its page."""

import hashlib

from typesetting import (
    NASKH_BOLD,
    SANS,
    SANS_BOLD,
    SANS_MEDIUM,
    Align,
    Column,
    Direction,
    Line,
    Page,
    Role,
    Table,
    Typeface,
    arabic_digits,
    fit_line,
    fit_two_lines,
    lines_height,
    mm,
    set_line,
    set_table,
    without_harakat,
)

from ..drawing import arabic_date, english_date
from ..drawing.design import INK, MUTED
from ..drawing.kinds.ornaments import (
    medallion,
)
from ..drawing.kinds.pictures import artwork_of
from ..drawing.kinds.sentences import BOUND
from ..jose import Json
from .layout import (
    EMBLEM_SIDE,
    HEIGHT,
    INNER,
    MARGIN,
    RIGHT,
    SMALLEST,
    WIDTH,
    Face,
    PassportData,
    last_day,
    moment_of,
    styled,
)

_EMBLEM = EMBLEM_SIDE * mm
_SUMS_BELOW_NAME, BELOW_SUMS = 3 * mm, 7 * mm
_QR = 34 * mm
# How much of it is white: its modules begin at the margin.
_QUIET = 3.6 * mm
_QR_TOP = 222 * mm
_BESIDE_QR = INNER - _QR - 6 * mm


class Holder:
    """Person and totals next to the QR code. They are laid out first, as the list begins below them."""

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
        style = styled(typeface, size, INK, direction, leading)
        return fit_two_lines(text, style, width=_BESIDE_QR, min_size=8, bound=BOUND)


def draw_first(page: Page, passport: PassportData, holder: Holder) -> None:
    """Authority, heading, person, totals and how to verify."""
    content, face = passport.content, passport.face
    _draw_issuer(page, content["issuer"], face)
    heading = set_line("جواز المهارات", styled(NASKH_BOLD, 30, face.color))
    page.draw_line(heading, WIDTH / 2, 238 * mm, Align.CENTER, role=Role.H1)
    title = set_line("Skills passport", styled(SANS, 13, MUTED, Direction.LTR))
    page.draw_line(title, WIDTH / 2, 230 * mm, Align.CENTER, language="en")
    top, left = _QR_TOP, RIGHT - _BESIDE_QR
    top = page.draw_lines(
        holder.arabic,
        left,
        top,
        width=_BESIDE_QR,
        direction=Direction.RTL,
        role=Role.H2,
        has_actual_text=True,
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
            has_actual_text=True,
        )
    arabic, english = holder.sums
    page.draw_table(arabic, RIGHT - arabic.width, holder.sums_top, language="ar")
    page.draw_table(english, left, holder.sums_top, language="en")
    bottom = _QR_TOP - _QR
    page.draw_qr(
        passport.share_address,
        MARGIN - _QUIET,
        bottom,
        size=_QR,
        alt=f"رمز يفتح صفحة هذا الجواز على الموقع: {passport.share_address}",
    )
    for text, below, language in (("حالة الشهادات اليوم", 3, "ar"), ("Standing of today", 6.4, "en")):
        line = set_line(text, styled(SANS, 7, MUTED))
        page.draw_line(line, MARGIN + _QR / 2 - _QUIET, bottom - below * mm, Align.CENTER, language=language)


def _draw_issuer(page: Page, issuer: Json, face: Face) -> None:
    """State and ministry on both sides of the emblem."""
    bottom = HEIGHT - 23.5 * mm - _EMBLEM
    left = (WIDTH - _EMBLEM) / 2
    if face.emblem:
        picture = artwork_of(hashlib.sha256(face.emblem).hexdigest(), face.emblem)
        scale = min(_EMBLEM / picture.width, _EMBLEM / picture.height)
        width, height = picture.width * scale, picture.height * scale
        page.place(
            picture,
            (WIDTH - width) / 2,
            bottom + (_EMBLEM - height) / 2,
            width=width,
            height=height,
            alt=f"شعار {face.state_ar or issuer['name_ar']}",
        )
    else:
        emblem = medallion(_EMBLEM, face.color, face.second)
        page.place(emblem, left, bottom, width=_EMBLEM, height=_EMBLEM)
    room = (INNER - _EMBLEM) / 2 - 4 * mm
    for state, name, typeface, sizes, x, direction, language in (
        (face.state_ar, issuer["name_ar"], NASKH_BOLD, (16, 11.5), RIGHT, Direction.RTL, "ar"),
        (face.state_en, issuer["name_en"], SANS_BOLD, (12, 10.5), MARGIN, Direction.LTR, "en"),
    ):
        side = x - room if direction is Direction.RTL else x
        if state:
            line = fit_line(
                state, styled(typeface, sizes[0], face.color, direction), max_width=room, min_size=7
            )
            page.draw_line(line, x, bottom + 12.5 * mm, language=language)
        lines = fit_two_lines(
            name, styled(SANS_MEDIUM, sizes[1], INK, direction), width=room, min_size=SMALLEST
        )
        page.draw_lines(
            lines,
            side,
            bottom + 9.5 * mm,
            width=room,
            direction=direction,
            language=language,
            has_actual_text=True,
        )


def _set_sums(content: Json) -> tuple[Table, Table]:
    """The totals, as a list in Arabic and one in English."""
    made, until = moment_of(content["made_at"]).date(), last_day(content)
    hours, count = content["hours"], len(content["credentials"])
    codes = " · ".join(content["isco_08"]) or "–"
    half = _BESIDE_QR / 2 - 2 * mm
    arabic = (
        ("الشهادات", arabic_digits(count)),
        ("ساعات البرامج", arabic_digits(hours)),
        ("المهن (ISCO-08)", codes),
        ("تاريخ الإصدار", arabic_date(made)),
        ("صالح حتى", arabic_date(until)),
    )
    english = (
        ("Certificates", str(count)),
        ("Hours of the programs", str(hours)),
        ("Occupations (ISCO-08)", codes),
        ("Made on", english_date(made)),
        ("Good until", english_date(until)),
    )
    set_arabic, set_english = (
        set_table(
            (
                Column(half * share, styled(SANS, 8, MUTED, direction, 1.5), is_header=True),
                Column(half * (1 - share), styled(SANS_BOLD, 8.5, INK, direction, 1.5)),
            ),
            rows,
            direction=direction,
            padding=2.2,
        )
        for rows, direction, share in ((arabic, Direction.RTL, 0.5), (english, Direction.LTR, 0.44))
    )
    return set_arabic, set_english
