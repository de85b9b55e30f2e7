"""A PDF document and its pages.

Measures are points (1/72 inch) from the left bottom corner of the page, y upward, as in PDF; `mm` converts.
"""

import io
from collections.abc import Sequence
from datetime import datetime

from reportlab.lib.rl_accel import fp_str
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from .artwork import Artwork, mask_entries
from .bidi import Direction
from .embedding import EmbeddedFont
from .fonts import Font
from .layout import Align, Line
from .objects import Information, Literal, date_string, raw_stream, reference_to, stream, text_string
from .operators import placing_operators, qr_operators, text_operators
from .tables import Table

Size = tuple[float, float]

A4: Size = (210 * mm, 297 * mm)
A4_LANDSCAPE: Size = (297 * mm, 210 * mm)

_PRODUCER = "Mihna typesetting"


class _BareCanvas(Canvas):
    """ReportLab's canvas without its habits: no Helvetica that nobody embeds, no ASCII85 around page contents."""

    def _make_preamble(self) -> None:
        self._preamble = ""

    def showPage(self) -> None:  # noqa: N802 - ReportLab's name
        name = self._doc.thisPageName()
        super().showPage()
        page = self._doc.idToObject[name]
        content = page.stream.encode("latin-1")
        page.stream = None
        page.Contents = stream("", content)
        self._doc.updateSignature(content)


class Document:
    """A document under construction; pages are made one after the other.

    The same calls give the same bytes: no clock and no random number is read. `language` is that of the document (RFC
    5646), `created` an aware datetime or None for a file without dates.

    `direction` tells viewers how pages face each other (/Direction, ISO 32000-1, table 150). It moves no text. Pdfium
    also takes it for the base direction of every line it copies: in a right-to-left document it turns round the words
    of an English line.
    """

    def __init__(
        self,
        *,
        title: str,
        language: str = "ar",
        direction: Direction = Direction.RTL,
        author: str = "",
        subject: str = "",
        created: datetime | None = None,
    ) -> None:
        self._buffer = io.BytesIO()
        self._fonts: dict[str, EmbeddedFont] = {}
        self._page: Page | None = None
        # PDF 1.7: what PDF/A-3 builds on.
        self.canvas = _BareCanvas(
            self._buffer, pageCompression=1, invariant=1, lang=language, pdfVersion=(1, 7)
        )
        self._doc = self.canvas._doc
        self._doc.info = Information(
            _information(title=title, author=author, subject=subject, created=created)
        )
        reading = "R2L" if direction is Direction.RTL else "L2R"
        preferences = f"<< /DisplayDocTitle true /Direction /{reading} >>"
        self._doc.Catalog.ViewerPreferences = Literal(preferences.encode())

    def new_page(self, size: Size = A4) -> "Page":
        """End the page before, if any, and begin the next."""
        if self._page is not None:
            self.canvas.showPage()
        self.canvas.setPageSize(size)
        self._page = Page(self, size)
        return self._page

    def finish(self) -> bytes:
        """The PDF file. The document takes no more pages. Raises ValueError for a document without a page."""
        if self._page is None:
            raise ValueError("a document has at least one page")
        self.canvas.showPage()
        self.canvas.save()
        return self._buffer.getvalue()

    def embed(self, font: Font) -> EmbeddedFont:
        """The font's place in this document."""
        embedded = self._fonts.get(font.name)
        if embedded is None:
            embedded = self._fonts[font.name] = EmbeddedFont(font, f"T{len(self._fonts) + 1}")
            self._doc.delayedFonts.append(embedded)
        return embedded

    def include(self, artwork: Artwork) -> str:
        """The name of the artwork's XObject, written into the document at its first use."""
        name: str = pdfdoc.xObjectName(artwork.key)
        if name not in self._doc.idToObject:
            entries = artwork.entries
            if artwork.mask is not None:
                mask = raw_stream(mask_entries(artwork), artwork.mask)
                entries += f" /SMask {reference_to(self._doc, mask, f'{name}.mask')}"
            self._doc.Reference(raw_stream(entries, artwork.data), name)
        return name


class Page:
    """One page. Made by `Document.new_page`; draw on it until the next page is made."""

    def __init__(self, document: Document, size: Size) -> None:
        self.document = document
        self.canvas = document.canvas
        self.width, self.height = size

    def draw_line(self, line: Line, x: float, y: float, align: Align = Align.START) -> None:
        """A line on the base line `y`: starting, centered or ending at `x`. In Arabic it starts at its right end."""
        self._emit(text_operators(line, _left(line, x, 0, align, line.direction), y, self.document.embed))

    def draw_lines(
        self,
        lines: Sequence[Line],
        left: float,
        top: float,
        *,
        width: float,
        align: Align = Align.START,
        direction: Direction | None = None,
    ) -> float:
        """Lines under one another in a column from `left`, the first one hanging from `top`. Returns the bottom.

        The lines come from `wrap` or `fit_paragraph` of the same width. `direction` says which side is the start; None
        leaves it to each line.
        """
        for line in lines:
            height = line.style.size * line.style.leading
            # Fonts differ in how they split their height: center each one's own in the leading.
            baseline = top - (height + line.ascent + line.descent) / 2
            x = _left(line, left, width, align, direction or line.direction)
            self._emit(text_operators(line, x, baseline, self.document.embed))
            top -= height
        return top

    def draw_table(self, table: Table, left: float, top: float) -> float:
        """A table whose left top corner is at (left, top). Returns the bottom."""
        rules = [
            f"{fp_str(left, top + rule)} m {fp_str(left + table.width, top + rule)} l" for rule in table.rules
        ]
        self._emit(f"q {fp_str(*table.rule_color)} RG 0.5 w {' '.join(rules)} S Q")
        for cell in table.cells:
            self.draw_lines(
                cell.lines,
                left + cell.left,
                top + cell.top,
                width=cell.width,
                align=cell.align,
                direction=table.direction,
            )
        return top - table.height

    def place(self, artwork: Artwork, x: float, y: float, *, width: float, height: float) -> None:
        """Artwork in the rectangle whose left bottom corner is at (x, y)."""
        unit_width, unit_height = artwork.unit
        name = self.document.include(artwork)
        self.canvas._formsinuse.append(artwork.key)
        self._emit(placing_operators(name, x, y, width / unit_width, height / unit_height))

    def draw_qr(
        self, payload: str, x: float, y: float, *, size: float, error: str = "m", quiet_zone: int = 4
    ) -> None:
        """A QR code in the square of `size` points at (x, y), which includes the quiet zone of so many modules.

        `error` is the correction level l, m, q or h.
        """
        self._emit(qr_operators(payload, x, y, size, error=error, quiet_zone=quiet_zone))

    def _emit(self, operators: str) -> None:
        self.canvas._code.append(operators)


def _left(line: Line, x: float, width: float, align: Align, direction: Direction) -> float:
    """The origin of a line placed by its extents in the column of `width` from `x`."""
    starts_right = direction is Direction.RTL
    if align is Align.CENTER:
        left = x + (width - line.width) / 2
    elif starts_right == (align is Align.START):
        left = x + width - line.width
    else:
        left = x
    return left - line.extents.left


def _information(*, title: str, author: str, subject: str, created: datetime | None) -> bytes:
    facts = {"Title": title, "Author": author, "Subject": subject, "Producer": _PRODUCER}
    entries = [f"/{name} ".encode() + text_string(fact) for name, fact in facts.items() if fact]
    if created is not None:
        entries += [b"/CreationDate " + date_string(created), b"/ModDate " + date_string(created)]
    return b"<< " + b" ".join(entries) + b" >>"
