"""A document that uses everything typesetting can do."""

import io
from datetime import UTC, datetime

from PIL import Image

from typesetting import (
    A4,
    A4_LANDSCAPE,
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
    drawing,
    image,
    set_line,
    set_table,
    wrap,
)

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SEAL = SignatureField(label="الختم الإلكتروني للوزارة", reason="إصدار شهادة", signed_at=NOW, size=4096)
CREDENTIAL = Attachment(
    name="credential.jwt",
    data=b"eyJhbGciOiJFUzI1NiJ9.e30." * 20,
    media_type="application/vc+jwt",
    relationship=Relationship.DATA,
    description="Open Badges 3.0",
    modified=NOW,
)
SENTENCE = (
    "تشهد وزارة العمل بأن المتدرب المذكور قد أتم بنجاح برنامج لحام القوس المعدني في مركز تدريب المعادي "
    "بمحافظة القاهرة وذلك بعد اجتيازه جميع الاختبارات النظرية والعملية المقررة"
)
FRAME = drawing(100, 70, lambda canvas: canvas.rect(1, 1, 98, 68))


def logo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 90, 90, 128)).save(buffer, "PNG")
    return buffer.getvalue()


def whole_document(*, watermark: str = "") -> bytes:
    """Two pages: headings, paragraphs, tables over both pages, figures, decoration, a file, a seal."""
    document = Document(
        title="شهادة إتمام <&> تدريب",
        author="وزارة العمل",
        subject="CTR-2026-000123",
        direction=Direction.LTR,
        created=NOW,
        watermark=watermark,
    )
    _certificate(document.new_page(A4_LANDSCAPE))
    document.attach(CREDENTIAL)
    document.reserve_signature(SEAL)
    _annex(document.new_page(A4))
    return document.finish()


def _certificate(page: Page) -> None:
    page.place(FRAME, 10, 10, width=820, height=575)
    page.place(image(logo()), 390, 530, width=40, height=40, alt="شعار الوزارة")
    middle = page.width / 2
    page.draw_line(
        set_line("شهادة إتمام تدريب", Style(NASKH_BOLD, size=30)), middle, 490, Align.CENTER, Role.H1
    )
    page.draw_line(set_line("Ahmed Mohamed", Style(SANS, size=15)), middle, 450, Align.CENTER, language="en")
    page.draw_lines(wrap(SENTENCE, Style(size=14), width=300), 300, 430, width=300)
    claims = [Column(100, Style(SANS, size=9), is_header=True), Column(150, Style(SANS_BOLD, size=10))]
    page.draw_table(set_table(claims, [["الاسم", "أحمد محمد"], ["الرقم", "CTR-2026-000123"]]), 100, 250)
    page.draw_table(RESULTS, 450, 250)
    url = "https://example.org/c/7K3M9QXD0109R"
    page.draw_qr(url, 50, 50, size=80, alt=f"رمز التحقق: {url}")
    code = Style(SANS, size=8, direction=Direction.LTR)
    page.draw_line(set_line("7K3M-9QXD-0109", code), 90, 45, Align.CENTER, Role.CAPTION)
    page.canvas.rect(5, 5, page.width - 10, page.height - 10)


def _annex(page: Page) -> None:
    page.draw_table(set_table(_results(), [["المادة", "الدرجة"]], header_rows=1), 200, 780, is_repeated=True)
    page.draw_table(set_table(_results(), [["السلامة", "٨٥"], ["", ""]]), 200, 750, continues=RESULTS)
    page.draw_line(set_line("الملاحق", Style(size=20)), 500, 650, role=Role.H2)
    page.draw_line(set_line("٢", Style(size=9)), 300, 30, role=None)


def _results() -> list[Column]:
    return [Column(100, Style(SANS, size=9)), Column(150, Style(SANS_BOLD, size=10))]


RESULTS = set_table(_results(), [["المادة", "الدرجة"], ["اللحام", "٩٠"]], header_rows=1)
