"""The PDF of a skills passport: A4 portrait, Arabic and English, as many pages as its certificates need.

The same passport gives the same bytes. It is engraved as certificates are: `certificates.drawing.kinds.ornaments`.
"""

from typesetting import (
    A4,
    NASKH_BOLD,
    SANS,
    SANS_BOLD,
    Align,
    Attachment,
    Direction,
    Document,
    Page,
    Relationship,
    Role,
    SignatureField,
    Table,
    fit_line,
    fit_paragraph,
    mm,
    set_line,
    set_table,
    without_harakat,
)

from ..drawing import arabic_date, english_date
from ..drawing.design import INK, MUTED
from ..drawing.kinds.ornaments import (
    border,
    large_rosette,
    microtext,
    plaque,
    toned,
    void,
)
from ..jose import Json
from .certificate_list import (
    END,
    FIRST_TOP,
    FURTHER_TOP,
    HEADERS,
    LEAST_VOID,
    PADDING,
    columns,
    row_of,
    set_pages,
    size_for,
)
from .heading import BELOW_SUMS, Holder, draw_first
from .layout import (
    EDGE,
    FOOT,
    HEIGHT,
    INNER,
    MARGIN,
    RIGHT,
    SMALLEST,
    WIDTH,
    Face,
    PassportData,
    moment_of,
    styled,
)
from .signed import FILE_NAME

_SEAL, _SEAL_BOTTOM = 13 * mm, 35 * mm


def draw_passport(passport: PassportData) -> bytes:
    """The PDF with an empty seal. Raises typesetting.MissingGlyph or typesetting.TextDoesNotFit."""
    content, made_at = passport.content, moment_of(passport.content["made_at"])
    document = Document(
        title=f"جواز المهارات – {content['holder']['name_ar']}",
        # As for certificates: ADR 0006.
        direction=Direction.LTR,
        author=content["issuer"]["name_ar"],
        subject=content["id"],
        created=made_at,
        watermark=passport.watermark,
    )
    document.attach(
        Attachment(
            FILE_NAME,
            passport.file,
            "application/json",
            Relationship.DATA,
            "محتوى جواز المهارات موقَّعا إلكترونيا · The content of the skills passport, signed",
            made_at,
        )
    )
    holder = Holder(content, passport.face)
    first_top = min(FIRST_TOP, holder.bottom - BELOW_SUMS)
    rows = [row_of(credential) for credential in content["credentials"]]
    size = size_for([HEADERS, *rows])
    tables = set_pages(rows, size, first_top)
    for number, table in enumerate(tables, 1):
        page = document.new_page(A4)
        _draw_ornaments(page, passport)
        if number == 1:
            draw_first(page, passport, holder)
            top = first_top
            _tint_header(page, table, top, passport.face)
        else:
            top = _draw_further(page, content, passport.face)
            header = set_table(columns(size), [HEADERS], header_rows=1, padding=PADDING)
            top = page.draw_table(header, MARGIN, top, is_repeated=True)
        bottom = page.draw_table(table, MARGIN, top, continues=tables[0] if number > 1 else None)
        if number == len(tables):
            _draw_end(page, bottom, passport.face)
            _draw_seal(page, content, passport.face)
            document.reserve_signature(
                SignatureField(
                    label="ختم إلكتروني لجهة الإصدار",
                    reason="Skills passport",
                    signed_at=made_at,
                    size=passport.seal_size,
                )
            )
        _draw_foot(page, number, len(tables))
    return document.finish()


def _draw_ornaments(page: Page, passport: PassportData) -> None:
    face, issuer = passport.face, passport.content["issuer"]
    accent, other = face.color, face.second
    behind = large_rosette(120 * mm, 120 * mm, accent, other)
    page.place(behind, (WIDTH - behind.width) / 2, 62 * mm, width=behind.width, height=behind.height)
    frame = border(WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE, accent, other)
    page.place(frame, EDGE, EDGE, width=frame.width, height=frame.height)
    names = (face.state_ar, issuer["name_ar"], face.state_en.upper(), issuer["name_en"].upper(), "")
    words = " · ".join(name for name in names if name) + " ·"
    line = microtext(WIDTH - 40 * mm, 0.5 * mm, accent, words)
    for bottom in (18 * mm, HEIGHT - 18.5 * mm):
        page.place(line, 20 * mm, bottom, width=line.width, height=line.height)


def _draw_foot(page: Page, number: int, pages: int) -> None:
    width = (INNER - 8 * mm) / 2
    arabic = "تُراجَع كل شهادة برمزها على صفحة التحقق، وتُظهر صفحة هذا الجواز حالتها اليوم. ويمكن سحب هذا الجواز في أي وقت."
    english = (
        "Check each certificate by its code on the public page; the page of this passport tells its standing of today."
        " This passport may be withdrawn at any time."
    )
    for text, left, direction, language in (
        (arabic, RIGHT - width, Direction.RTL, "ar"),
        (english, MARGIN, Direction.LTR, "en"),
    ):
        style = styled(SANS, 6.8, MUTED, direction)
        lines = fit_paragraph(text, style, width=width, height=11 * mm, min_size=SMALLEST)
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
        line = set_line(f"{number} / {pages}", styled(SANS, 7.5, MUTED, Direction.LTR))
        page.draw_line(line, WIDTH / 2, 20.5 * mm, Align.CENTER, role=None)


def _draw_further(page: Page, content: Json, face: Face) -> float:
    style = styled(NASKH_BOLD, 13, face.color)
    name = without_harakat(content["holder"]["name_ar"])
    line = fit_line(f"جواز المهارات – {name}", style, max_width=INNER, min_size=7)
    page.draw_line(line, RIGHT, 267 * mm, role=None)
    return FURTHER_TOP


def _tint_header(page: Page, table: Table, top: float, face: Face) -> None:
    height = -table.rules[1]
    page.canvas.setFillColorRGB(*toned(face.color, 0.1))
    page.canvas.rect(MARGIN, top - height, table.width, height, stroke=0, fill=1)


def _draw_end(page: Page, bottom: float, face: Face) -> None:
    """The mark of the end of the list; free space under it is crossed out, so that nothing can be added."""
    if bottom - FOOT < END:
        return
    for words, x, direction in (
        ("انتهت قائمة الشهادات", RIGHT, Direction.RTL),
        ("End of the list", MARGIN, Direction.LTR),
    ):
        page.draw_line(set_line(words, styled(SANS, 7, MUTED, direction)), x, bottom - 4.5 * mm, role=None)
    height = bottom - END - FOOT
    if height >= LEAST_VOID:
        line = void(INNER, height, face.second)
        page.place(line, MARGIN, FOOT, width=line.width, height=line.height)


def _draw_seal(page: Page, content: Json, face: Face) -> None:
    """Signer and date of the seal, on a plaque: the seal itself is invisible."""
    field_of = plaque(INNER, _SEAL, face.color, face.second)
    page.place(field_of, MARGIN, _SEAL_BOTTOM, width=INNER, height=_SEAL)
    made, issuer = moment_of(content["made_at"]).date(), content["issuer"]
    room, inset = INNER / 2 - 8 * mm, 5 * mm
    for text, day, x, direction, language in (
        (f"ختم إلكتروني: {issuer['name_ar']}", arabic_date(made), RIGHT - inset, Direction.RTL, "ar"),
        (f"Electronic seal: {issuer['name_en']}", english_date(made), MARGIN + inset, Direction.LTR, "en"),
    ):
        name = fit_line(text, styled(SANS_BOLD, 9, face.color, direction), max_width=room, min_size=SMALLEST)
        page.draw_line(name, x, _SEAL_BOTTOM + 7.4 * mm, language=language)
        page.draw_line(
            set_line(day, styled(SANS, 8, INK, direction)), x, _SEAL_BOTTOM + 3.2 * mm, language=language
        )
