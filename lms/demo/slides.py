"""Pictures of the demo: slides with shaped Arabic text, a distribution board, a phone's view of a test.

Drawn as PDF pages by `typesetting` and turned into pixels by pdfium.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pypdfium2
from PIL import Image

from typesetting import SANS, SANS_BOLD, SANS_MEDIUM, Align, Direction, Document, Page, Style, fit_paragraph

Color = tuple[float, float, float]

SCREEN = (1280.0, 720.0)
INK: Color = (0.07, 0.15, 0.16)
ACCENT: Color = (0.05, 0.40, 0.36)
SIGNAL: Color = (0.95, 0.71, 0.20)
PAPER: Color = (0.98, 0.97, 0.94)
MUTED: Color = (0.35, 0.42, 0.43)
WHITE: Color = (1, 1, 1)
STEEL: Color = (0.80, 0.83, 0.84)
RED: Color = (0.78, 0.20, 0.16)
BLUE: Color = (0.16, 0.36, 0.66)
GREEN: Color = (0.22, 0.55, 0.25)
# The printed circuit numbers of the board, right to left.
CIRCUITS = ("الإنارة", "المقابس", "المطبخ", "السخان", "التكييف", "احتياطي")


@dataclass(frozen=True)
class Slide:
    title: str
    lines: Sequence[str]
    footer: str = "Residential wiring · Lesson 1"


def render(size: tuple[float, float], paint: Callable[[Page], None]) -> Image.Image:
    """What `paint` draws on a page of `size` points, one pixel a point."""
    document = Document(title="Mihna")
    paint(document.new_page(size))
    page = pypdfium2.PdfDocument(document.finish())[0]
    return page.render(scale=1).to_pil()


def encoded(picture: Image.Image, kind: str) -> bytes:
    """The file of a picture; `kind` as Pillow names it."""
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


def slide_picture(slide: Slide, number: int, count: int) -> Image.Image:
    return render(SCREEN, lambda page: _paint_slide(page, slide, number, count))


def slides_pdf(slides: Sequence[Slide], *, title: str) -> bytes:
    """A deck as instructors upload it, a page for each slide."""
    document = Document(title=title)
    for number, slide in enumerate(slides, start=1):
        _paint_slide(document.new_page(SCREEN), slide, number, len(slides))
    return document.finish()


def _paint_slide(page: Page, slide: Slide, number: int, count: int) -> None:
    box(page, 0, 0, *SCREEN, PAPER)
    box(page, 0, 560, 1280, 160, ACCENT)
    box(page, 0, 548, 1280, 12, SIGNAL)
    write(page, slide.title, Style(SANS_BOLD, 62, WHITE), (80, 690), (1120, 120))
    top = 500.0
    for line in slide.lines:
        box(page, 1170, top - 46, 18, 18, SIGNAL)
        write(page, line, Style(SANS_MEDIUM, 40, INK), (90, top), (1050, 80))
        top -= 92
    write(page, slide.footer, Style(SANS, 24, MUTED, direction=Direction.LTR), (80, 74), (800, 40))
    for step in range(count):
        box(page, 1180 - step * 34, 48, 22, 10, ACCENT if step < number else STEEL)


def board_picture(width: int, height: int) -> Image.Image:
    """The front of a distribution board with its breakers, each circuit named."""

    def paint(page: Page) -> None:
        box(page, 0, 0, width, height, (0.86, 0.82, 0.75))
        for row in range(0, height, 64):
            box(page, 0, row, width, 2, (0.78, 0.74, 0.67))
        left, bottom = width * 0.12, height * 0.12
        panel_width, panel_height = width * 0.76, height * 0.76
        box(page, left - 8, bottom - 12, panel_width + 16, panel_height + 16, (0.60, 0.58, 0.54))
        box(page, left, bottom, panel_width, panel_height, (0.94, 0.94, 0.92))
        write(
            page, "لوحة التوزيع الرئيسية", Style(SANS_BOLD, height / 18, INK),
            (left, bottom + panel_height - 20), (panel_width, height * 0.12), Align.CENTER,
        )  # fmt: skip
        _breakers(
            page, left + panel_width * 0.06, bottom + panel_height * 0.26, panel_width * 0.88, panel_height
        )
        for index, color in enumerate((RED, BLUE, GREEN)):
            box(page, left + panel_width * 0.06, bottom + 30 + index * 26, panel_width * 0.88, 10, color)

    return render((width, height), paint)


def _breakers(page: Page, left: float, bottom: float, width: float, panel_height: float) -> None:
    pitch = width / len(CIRCUITS)
    for index, name in enumerate(CIRCUITS):
        x = left + width - (index + 1) * pitch
        tall = panel_height * 0.42
        box(page, x + 8, bottom, pitch - 16, tall, WHITE)
        box(page, x + 8, bottom + tall * 0.30, pitch - 16, tall * 0.42, STEEL)
        is_on = name != "احتياطي"
        lever = bottom + tall * (0.52 if is_on else 0.34)
        box(page, x + pitch / 2 - 22, lever, 44, tall * 0.16, ACCENT if is_on else INK)
        write(page, name, Style(SANS_MEDIUM, 30, INK), (x, bottom - 6), (pitch, 60), Align.CENTER)


def phone_picture() -> Image.Image:
    """A portrait view: a test screwdriver at a socket."""

    def paint(page: Page) -> None:
        box(page, 0, 0, 900, 1600, (0.80, 0.84, 0.86))
        box(page, 0, 0, 900, 360, (0.55, 0.44, 0.33))
        box(page, 250, 700, 400, 400, (0.70, 0.70, 0.70))
        box(page, 262, 716, 376, 376, WHITE)
        page.canvas.setFillColorRGB(*INK)
        page.canvas.circle(390, 900, 26, stroke=0, fill=1)
        page.canvas.circle(510, 900, 26, stroke=0, fill=1)
        box(page, 380, 560, 20, 340, STEEL)
        box(page, 352, 250, 76, 330, SIGNAL)
        page.canvas.setFillColorRGB(*RED)
        page.canvas.circle(390, 540, 14, stroke=0, fill=1)
        write(page, "المفك الاختباري", Style(SANS_BOLD, 70, INK), (60, 1460), (780, 160), Align.CENTER)
        write(page, "أين الطرف الحي؟", Style(SANS_MEDIUM, 54, ACCENT), (60, 1330), (780, 130), Align.CENTER)

    return render((900, 1600), paint)


def box(page: Page, x: float, y: float, width: float, height: float, color: Color) -> None:
    page.canvas.setFillColorRGB(*color)
    page.canvas.rect(x, y, width, height, stroke=0, fill=1)


def write(
    page: Page,
    text: str,
    style: Style,
    left_top: tuple[float, float],
    size: tuple[float, float],
    align: Align = Align.START,
) -> None:
    """Text in a column from its left top corner, made smaller where it does not fit."""
    lines = fit_paragraph(text, style, width=size[0], height=size[1], min_size=10)
    page.draw_lines(lines, *left_top, width=size[0], align=align)
