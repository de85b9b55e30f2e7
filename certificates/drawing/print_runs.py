"""Print runs: the pages of many certificates in one PDF, with bleed and trim marks, and without seals.

A seal covers one file and is invalid in any other, so none is copied. Boxes are those of ISO 32000-1, section 14.11.2:
the page as it was is the TrimBox; color that reaches its edge may go on into the BleedBox.
"""

import io
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

import pikepdf
from pikepdf import Name, Pdf

from typesetting import SANS, Align, Document, Style, fit_line, mm

BLEED = 3 * mm
# Between the edge of the trimmed page and that of the sheet: the bleed, a gap, the marks.
MARGIN = 10 * mm
_MARK = 5 * mm
_HAIRLINE = 0.25
# Of a page that is part of a file: its structure, its form and the actions of both.
_REMOVED_KEYS = ("/Annots", "/StructParents", "/Tabs", "/AA", "/Metadata", "/AF")
# Tells a print run from other files without a seal; a forger gains nothing by it.
MARKER = b"/MihnaPrintRun true"


def write_print_run(papers: Iterable[Path], file: Path, *, about: str) -> int:
    """Write the pages of some PDFs into one for the press; `about` is printed outside the trim. Returns how many PDFs.

    Raises OSError, pikepdf.PdfError.
    """
    count = 0
    with Pdf.new() as run, ExitStack() as opened:
        for certificate in papers:
            source = opened.enter_context(Pdf.open(certificate))
            if not count:
                _keep_output_intent(source, run)
            _remove_document_parts(source)
            run.pages.extend(source.pages)
            count += 1
        overlays: dict[tuple[float, float], pikepdf.Object] = {}
        for page in run.pages:
            _prepare(run, page, overlays, about)
        run.Root.MihnaPrintRun = True
        with run.open_metadata() as metadata:
            metadata["dc:title"] = about
        run.save(file, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return count


def _keep_output_intent(source: Pdf, run: Pdf) -> None:
    """The output intent of the certificates."""
    intents = source.Root.get(Name.OutputIntents)
    if intents is not None:
        run.Root.OutputIntents = run.copy_foreign(source.make_indirect(intents))


def _remove_document_parts(source: Pdf) -> None:
    """Drop what belongs to the file that a page comes from."""
    if Name.AcroForm in source.Root:
        del source.Root.AcroForm
    for page in source.pages:
        for key in _REMOVED_KEYS:
            if key in page.obj:
                del page.obj[key]


def _prepare(
    run: Pdf, page: pikepdf.Page, overlays: dict[tuple[float, float], pikepdf.Object], about: str
) -> None:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    size = (right - left, top - bottom)
    if size not in overlays:
        with Pdf.open(io.BytesIO(_marks(*size, about))) as marks:
            overlays[size] = run.copy_foreign(marks.pages[0].as_form_xobject())
    page.mediabox = pikepdf.Array([left - MARGIN, bottom - MARGIN, right + MARGIN, top + MARGIN])
    page.cropbox = page.mediabox
    page.trimbox = pikepdf.Array([left, bottom, right, top])
    page.obj.BleedBox = pikepdf.Array([left - BLEED, bottom - BLEED, right + BLEED, top + BLEED])
    name = page.add_resource(overlays[size], Name.XObject)
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"Q q 1 0 0 1 %f %f cm %s Do Q" % (left - MARGIN, bottom - MARGIN, str(name).encode()))


def _marks(width: float, height: float, about: str) -> bytes:
    """A sheet with nothing but the marks around a trimmed page, and what it is."""
    document = Document(title=about)
    page = document.new_page((width + 2 * MARGIN, height + 2 * MARGIN))
    canvas = page.canvas
    canvas.setLineWidth(_HAIRLINE)
    for x in (MARGIN, MARGIN + width):
        canvas.line(x, 0, x, _MARK)
        canvas.line(x, page.height, x, page.height - _MARK)
    for y in (MARGIN, MARGIN + height):
        canvas.line(0, y, _MARK, y)
        canvas.line(page.width, y, page.width - _MARK, y)
    line = fit_line(about, Style(SANS, size=6), max_width=width, min_size=3)
    page.draw_line(line, page.width / 2, 2 * mm, Align.CENTER)
    return document.finish()
