"""PDF documents that conform to PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1).

Measures are points (1/72 inch) from the left bottom corner of the page, y upward, as in PDF; `mm` converts.
"""

import io
import re
from datetime import datetime

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from .artwork import Artwork, mask_entries
from .attachments import Attachment, name_tree
from .bidi import Direction
from .embedding import EmbeddedFont
from .fonts import Font
from .layout import tidy
from .metadata import Metadata, output_intent
from .objects import Indirect, Information, Literal, raw_stream, reference_to, stream
from .pages import A4, Page, Size
from .signatures import SignatureField
from .structure import Element, StructureTree, checked_language, page_reference
from .tables import Table
from .watermark import watermark as watermark_of

_CATALOG_ENTRIES = ["OutputIntents", "AF", "Perms"]
_NO_CHARACTERS = re.compile("[\\x00-\\x1f\\x7f\\ud800-\\udfff\\ufffe\\uffff]")


class _BareCanvas(Canvas):
    """ReportLab's canvas without two defaults: Helvetica, which is not embedded, and ASCII85 around page contents."""

    def _make_preamble(self) -> None:
        self._preamble = ""

    def showPage(self) -> None:  # noqa: N802 - ReportLab's name
        name = self._doc.thisPageName()
        key = self._doc.pageCounter - 1
        super().showPage()
        page = self._doc.idToObject[name]
        content = page.stream.encode("latin-1")
        page.stream = None
        page.Contents = stream("", content)
        # ReportLab writes the entries it knows. Trans is its /Trans of a slide show, which archives refuse.
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents = key
        page.Tabs = pdfdoc.PDFName("S")
        self._doc.updateSignature(content)


class Document:
    """A document under construction; pages are made one after the other.

    The same calls give the same bytes: no clock and no random number is read. `language` is that of the document (RFC
    5646), `created` an aware datetime or None for a file without dates. `watermark` is printed across every page and
    skipped by screen readers: use it for documents that are not in force. Title, author and subject are tidied as drawn text is, since XML has
    no place for what word processors leave behind.

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
        watermark: str = "",
    ) -> None:
        title, author, subject = (_readable(text) for text in (title, author, subject))
        if not title:
            raise ValueError("a document has a title")
        self._metadata = Metadata(
            title=title, language=checked_language(language), author=author, subject=subject, created=created
        )
        self._watermark = watermark
        self._buffer = io.BytesIO()
        self._fonts: dict[str, EmbeddedFont] = {}
        self._files: list[tuple[str, str]] = []
        self._tables: dict[int, tuple[Table, Element]] = {}
        self._page: Page | None = None
        self._pages: list[str] = []
        self._is_signed = False
        # PDF 1.7: what PDF/A-3 builds on.
        self.canvas = _BareCanvas(
            self._buffer, pageCompression=1, invariant=1, lang=language, pdfVersion=(1, 7)
        )
        self._doc = self.canvas._doc
        self._doc.info = Information(self._metadata.information())
        self.structure = StructureTree(self._doc, language)
        catalog = self._doc.Catalog
        catalog.__NoDefault__ = [*catalog.__NoDefault__, *_CATALOG_ENTRIES]
        reading = "R2L" if direction is Direction.RTL else "L2R"
        catalog.ViewerPreferences = Literal(f"<< /DisplayDocTitle true /Direction /{reading} >>".encode())
        catalog.MarkInfo = Literal(b"<< /Marked true >>")
        catalog.OutputIntents = Literal(f"[{output_intent(self._doc)}]".encode())

    def new_page(self, size: Size = A4) -> Page:
        """End the page before, if any, and begin the next."""
        self._end_page()
        self.canvas.setPageSize(size)
        name = self._doc.thisPageName()
        self._pages.append(name)
        self._page = Page(self, size, name)
        return self._page

    def attach(self, attachment: Attachment) -> None:
        """Put a file into the document, as a file of the whole document. Raises ValueError for a name used already."""
        if attachment.name in dict(self._files):
            raise ValueError(f"attached already: {attachment.name}")
        self._files.append((attachment.name, attachment.specification(self._doc)))

    def reserve_signature(self, field: SignatureField) -> None:
        """Reserve a signature field, which screen readers announce at this point of the reading order.

        Raises ValueError before the first page and for a second one: the seal is of the whole file.
        """
        if self._page is None or self._is_signed:
            raise ValueError("a document has one seal, on a page")
        self._is_signed = True
        signature = reference_to(self._doc, Indirect(field.dictionary()), "seal")
        widget = _Widget(field, signature, self._page.name)
        reference = self._doc.Reference(widget, "seal.field")
        written = reference.format(self._doc).decode()
        self.canvas._annotationrefs.append(reference)
        widget.key = self.structure.form_field(field.label, widget=written, page=self._page.name)
        self._doc.Catalog.AcroForm = Literal(f"<< /Fields [{written}] /SigFlags 3 >>".encode())
        self._doc.Catalog.Perms = Literal(f"<< /DocMDP {signature} >>".encode())

    def finish(self) -> bytes:
        """The PDF file. The document takes no more pages. Raises ValueError for a document without a page."""
        if self._page is None:
            raise ValueError("a document has at least one page")
        self._end_page()
        catalog = self._doc.Catalog
        catalog.StructTreeRoot = self.structure.write(self._pages)
        catalog.Metadata = self._metadata.xmp()
        if self._files:
            references = " ".join(reference for _, reference in self._files)
            catalog.AF = Literal(f"[{references}]".encode())
            catalog.Names = Literal(name_tree(self._files))
        written = {*_CATALOG_ENTRIES, "AcroForm", "MarkInfo", "Names", "StructTreeRoot", "ViewerPreferences"}
        catalog.__Refs__ = [entry for entry in catalog.__Refs__ if entry not in written]
        self.canvas._code = []
        self.canvas.save()
        return self._buffer.getvalue()

    def embed(self, font: Font) -> EmbeddedFont:
        """The font's place in this document."""
        embedded = self._fonts.get(font.name)
        if embedded is None:
            embedded = self._fonts[font.name] = EmbeddedFont(font, f"T{len(self._fonts) + 1}")
            self._doc.delayedFonts.append(embedded)
        return embedded

    def element_of(self, table: Table, continues: Table | None) -> Element:
        """The element that the rows of the table belong to: a new one, or that of the table it continues."""
        if continues is None:
            element = self.structure.table()
        elif id(continues) in self._tables:
            element = self._tables[id(continues)][1]
        else:
            raise ValueError("no table to continue")
        # With the table, whose id is its own as long as it lives.
        self._tables[id(table)] = table, element
        return element

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

    def _end_page(self) -> None:
        page = self._page
        if page is None:
            return
        if self._watermark:
            page.place(
                watermark_of(self._watermark, page.width, page.height),
                0,
                0,
                width=page.width,
                height=page.height,
            )
        page.close()
        self.canvas.showPage()


def _readable(text: str) -> str:
    """The text without what XML cannot hold (XML 1.0, 2.2)."""
    return _NO_CHARACTERS.sub("", tidy(text))


class _Widget(Indirect):
    """A field whose page has no number yet when the field is made."""

    def __init__(self, field: SignatureField, signature: str, page: str) -> None:
        self._field = field
        self._signature = signature
        self._page = page
        self.key = 0

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        return self._field.widget(self._signature, page=page_reference(document, self._page), key=self.key)
