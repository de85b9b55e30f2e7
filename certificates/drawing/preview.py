"""Previews: rendered PDFs as PNG pictures, by pdfium."""

import io
from threading import Lock

import pypdfium2
from PIL import Image

# Pdfium is not thread-safe, and a web process has many threads.
_pdfium = Lock()
_GAP = 24


def sheets_as_png(pdf: bytes, *, width: int) -> list[bytes]:
    """Each sheet as a PNG of `width` pixels."""
    return [_written(sheet) for sheet in _sheets(pdf, width)]


def stacked_as_png(*files: bytes, width: int) -> bytes:
    """All sheets of some PDFs in one PNG of `width` pixels, one under the other."""
    sheets = [sheet for pdf in files for sheet in _sheets(pdf, width)]
    height = sum(sheet.height for sheet in sheets) + _GAP * (len(sheets) - 1)
    picture = Image.new("RGB", (width, height), "#d7d7d7")
    top = 0
    for sheet in sheets:
        picture.paste(sheet, (0, top))
        top += sheet.height + _GAP
    return _written(picture)


def _sheets(pdf: bytes, width: int) -> list[Image.Image]:
    with _pdfium:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return [page.render(scale=width / page.get_width()).to_pil() for page in document]
        finally:
            document.close()


def _written(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
