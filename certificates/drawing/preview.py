"""The real thing as pictures: what the renderer made, shown by a reader of PDF."""

import io
from threading import Lock

import pypdfium2

# Pdfium is not thread-safe, and a web process has many threads.
_pdfium = Lock()


def sheets_as_png(pdf: bytes, *, width: int) -> list[bytes]:
    """Each sheet as a PNG of `width` pixels."""
    pictures = []
    with _pdfium:
        document = pypdfium2.PdfDocument(pdf)
        try:
            for page in document:
                written = io.BytesIO()
                page.render(scale=width / page.get_width()).to_pil().save(written, "PNG")
                pictures.append(written.getvalue())
        finally:
            document.close()
    return pictures
