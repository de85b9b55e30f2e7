"""What a page of nineteen texts, an ornament and a QR code costs: `python -m tests.typesetting.speed`."""

import io
import time
from collections.abc import Callable

from reportlab.pdfgen.canvas import Canvas

from typesetting import (
    A4_LANDSCAPE,
    NASKH_BOLD,
    SANS,
    SANS_BOLD,
    Align,
    Document,
    Style,
    drawing,
    fit_line,
    set_line,
)

PAGES = 200
LABEL = Style(SANS, size=10)
VALUE = Style(SANS_BOLD, size=12)
FRAME = drawing(100, 70, lambda canvas: [canvas.ellipse(0, 0, x, 70) for x in range(1, 100)])


def certificate(number: int) -> bytes:
    """Labels that repeat, values and a name that do not."""
    document = Document(title=f"شهادة {number}")
    page = document.new_page(A4_LANDSCAPE)
    page.place(FRAME, 20, 20, width=800, height=550)
    names = ["السيد", "حسن", "علي", "محمود", "سعيد", "فوزي"]
    name = f"أحمد محمد عبد الرحمن {names[number % 6]} {names[number % 5]}"
    line = fit_line(name, Style(NASKH_BOLD, size=32), max_width=500, min_size=15)
    page.draw_line(line, page.width / 2, 350, Align.CENTER)
    for row in range(9):
        y = 300 - 20 * row
        page.draw_line(set_line(f"البند {'ابجدهوزحط'[row]}", LABEL), 700, y)
        page.draw_line(set_line(f"٢٠٢٦/{row}/{number % 28} CTR-{number:06d}", VALUE), 600, y)
    page.draw_qr(f"https://example.org/c/7K3M9QXD{number:04d}R", 70, 90, size=80, alt="رمز التحقق")
    return document.finish()


def bare_canvas(number: int) -> bytes:
    """The same number of Latin strings by ReportLab alone."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4_LANDSCAPE, pageCompression=1)
    for row in range(19):
        canvas.drawString(100, 500 - 20 * row, f"Text of row {row} {number:06d}")
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def milliseconds(make: Callable[[int], bytes]) -> float:
    """Processor time a document, after a first one that loads fonts and fills caches."""
    make(0)
    start = time.process_time()
    for number in range(1, PAGES + 1):
        make(number)
    return (time.process_time() - start) / PAGES * 1000


def main() -> None:
    ours, bare = milliseconds(certificate), milliseconds(bare_canvas)
    size = len(certificate(1)) / 1000
    print(
        f"{ours:.2f} ms a certificate of {size:.0f} kB, {ours / bare:.1f} times a bare canvas ({bare:.2f} ms)"
    )


if __name__ == "__main__":
    main()
