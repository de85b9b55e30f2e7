"""One certificate drawn in five ways: the processor time of each, alone in its process."""

import datetime as dt
import html
import io
import math
import time
from collections.abc import Callable
from importlib import resources

from PIL import Image, ImageDraw
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from certificates.codes import new_code
from certificates.drawing import Paper, draw_certificate
from certificates.sealing import Sealer, seal
from typesetting import A4_LANDSCAPE, Attachment, SignatureField

WIDTH, HEIGHT = A4_LANDSCAPE
NAMES = ["السيد", "حسن", "علي", "محمود", "سعيد", "فوزي", "الشربيني"]
LATIN = ["Elsayed", "Hassan", "Ali", "Mahmoud", "Saeed", "Fawzi", "Elsherbini"]
STRINGS = 19
Draw = Callable[[int], bytes]


def facts(number: int) -> dict[str, object]:
    """What a paper says: names that differ from one to the next, a program and a center that do not."""
    first, second = number % 7, number // 7 % 7
    return {
        "type_ar": "شهادة إتمام برنامج تدريبي",
        "type_en": "Certificate of Completion",
        "name_ar": f"أحمد محمد {NAMES[first]} {NAMES[second]}",
        "name_en": f"Ahmed Mohamed {LATIN[first]} {LATIN[second]}",
        "identity": None,
        "program_ar": "تمديدات كهربائية للمباني",
        "program_en": "Electrical Installation in Buildings",
        "program_code": "ELE-H2",
        "level_ar": "عامل ماهر",
        "level_en": "skilled worker",
        "hours": 420,
        "center_ar": "مركز التدريب المهني بالقاهرة",
        "center_en": "Cairo Vocational Training Center",
        "governorate_ar": "القاهرة",
        "governorate_en": "Cairo",
        "completed_on": "2026-11-20",
    }


def paper(number: int, design: dict[str, object], **more: object) -> Paper:
    code = new_code()
    return Paper(
        number=f"CAI-03/2026/{number:06}",
        code=code,
        issued_on=dt.date(2026, 11, 26),
        facts=facts(number),
        design=design,
        verify_url=f"https://v.example.org/v/{code}",
        **more,  # type: ignore[arg-type]
    )


def bare(number: int) -> bytes:
    """Nineteen strings on ReportLab's canvas, nothing else."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4_LANDSCAPE, pageCompression=1)
    for row in range(STRINGS):
        canvas.drawString(100, 500 - 20 * row, f"Text of row {row} {number:06d}")
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def unsigned(design: dict[str, object]) -> Draw:
    return lambda number: draw_certificate(paper(number, design))


def sealed(design: dict[str, object], sealer: Sealer, badge: Callable[[int], str]) -> Draw:
    """As it is issued: with the credential for machines attached, and sealed."""

    def draw(number: int) -> bytes:
        now = dt.datetime.now(dt.UTC)
        field = SignatureField(label="الختم الإلكتروني", reason="issued", signed_at=now, size=sealer.size)
        return seal(draw_certificate(paper(number, design, seal=field, badge=badge(number))), sealer)

    return draw


def naive(number: int) -> bytes:
    """What a first try with ReportLab does: fonts, logo, frame and QR code anew for every paper."""
    buffer = io.BytesIO()
    font = f"Amiri{number}"
    with resources.as_file(resources.files("fontpkg_amiri") / "files" / "Amiri-Regular.ttf") as file:
        pdfmetrics.registerFont(TTFont(font, str(file)))
    canvas = Canvas(buffer, pagesize=A4_LANDSCAPE, pageCompression=1)
    for strand in range(16):
        path = canvas.beginPath()
        path.moveTo(30, 30)
        for x in range(30, int(WIDTH) - 30, 2):
            path.lineTo(x, 30 + 5 * math.sin(x / 9 + strand))
        canvas.drawPath(path)
    canvas.drawImage(ImageReader(io.BytesIO(logo())), WIDTH / 2 - 28, 500, 56, 56, mask="auto")
    canvas.setFont(font, 14)
    for row in range(STRINGS):
        canvas.drawString(100, 480 - 20 * row, f"شهادة رقم {row} – أحمد محمد {number:06d}")
    widget = QrCodeWidget(f"https://v.example.org/v/{new_code()}", barLevel="M")
    left, bottom, right, top = widget.getBounds()
    scaled = Drawing(80, 80, transform=[80 / (right - left), 0, 0, 80 / (top - bottom), 0, 0])
    scaled.add(widget)
    renderPDF.draw(scaled, canvas, 70, 90)
    canvas.showPage()
    canvas.save()
    del pdfmetrics._fonts[font]
    return buffer.getvalue()


_LOGO: list[bytes] = []


def logo() -> bytes:
    """A logo as ministries have them: a PNG with transparency, 300 by 300 pixels."""
    if not _LOGO:
        picture = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
        pencil = ImageDraw.Draw(picture)
        for step in range(150):
            pencil.ellipse(
                (step, step, 299 - step, 299 - step), fill=(13, 101 + step // 2, 92 + step // 3, 255 - step)
            )
        buffer = io.BytesIO()
        picture.save(buffer, "PNG")
        _LOGO.append(buffer.getvalue())
    return _LOGO[0]


def weasyprint() -> Draw | None:
    """The same page by WeasyPrint, where it is installed."""
    try:
        from weasyprint import HTML  # noqa: PLC0415 - not ours to install: compared with where it is there
    except ImportError:
        return None

    def draw(number: int) -> bytes:
        said = facts(number)
        rows = "".join(f"<p>{html.escape(str(value))}</p>" for value in said.values())
        page = f"<style>@page {{ size: A4 landscape }} body {{ direction: rtl; font-family: Amiri }}</style>{rows}"
        pdf: bytes = HTML(string=page).write_pdf()
        return pdf

    return draw


def milliseconds(draw: Draw, papers: int) -> float:
    """Processor time a paper."""
    start = time.process_time()
    for number in range(papers):
        draw(number)
    return (time.process_time() - start) / papers * 1000


def attachment(badge: str, moment: dt.datetime) -> Attachment:
    return Attachment("credential.jwt", badge.encode(), "application/vc+jwt", "Data", "", moment)
