"""Typesetting of Arabic and English text in PDF files for archives (PDF/A) and screen readers (PDF/UA).

Independent of Django and of the other packages of this project. Measures are points from the left bottom corner of the page, y
upward; multiply millimeters by `mm`.

A document:

    document = Document(title="شهادة إتمام")
    page = document.new_page(A4_LANDSCAPE)
    name = fit_line("أحمد محمد", Style(NASKH_BOLD, size=32), max_width=180 * mm, min_size=18)
    page.draw_line(name, page.width / 2, 110 * mm, Align.CENTER, Role.H1)
    pdf = document.finish()

Text is set first and drawn afterwards, so that a text that does not fit or has no glyph fails before a page exists:

- `set_line`, `fit_line`: a text on one line, as it is or shrunk to a width.
- `fit_two_lines`: a text on one line, on two where one is too narrow, and shrunk after that.
- `wrap`, `fit_paragraph`: a text on lines of a width, as it is or shrunk to a height.
- `set_table`: rows of cells in columns; a list of labels and values is two columns.
- `arabic_digits`: a text with ٠-٩ for 0-9; `ARABIC_INDIC` is their table.
- `image`, `drawing`, `form`: artwork, made once per process and placed on many pages; `outline_operators`: letters as paths.

Every call that draws makes an element of the structure, in the order of the calls, which is the reading order. `Role` is the
structure type of a text, `language` its language if not that of the document, `alt` the text alternative of a picture;
artwork without `alt` and drawings of `page.canvas` are artifacts. A `Document` is PDF/A-3a and PDF/UA-1 in any case;
`typesetting.lint` checks a file against their rules.

- `Document.attach`: a file inside the file. `Document.reserve_signature`: a signature field that a seal fills in one pass.
- `watermark`, and `Document(watermark=...)`: a word across the page that screen readers skip.

Text is always drawn as it is: markup has no meaning here. Errors are subclasses of TypesettingError.
"""

from reportlab.lib.units import mm

from .artwork import Artwork, drawing, eight_bits, form, image
from .attachments import Attachment, Relationship
from .bidi import Direction, base_direction, strip_controls
from .document import Document
from .errors import HeadingOutOfOrder, MissingGlyph, TextDoesNotFit, TypesettingError
from .fonts import NASKH, NASKH_BOLD, SANS, SANS_BOLD, SANS_MEDIUM, Typeface
from .graphemes import without_harakat
from .layout import (
    Align,
    Extents,
    Line,
    Style,
    fit_line,
    fit_paragraph,
    fit_two_lines,
    lines_height,
    set_line,
    wrap,
)
from .numerals import ARABIC_INDIC, arabic_digits
from .pages import A4, A4_LANDSCAPE, Page
from .signatures import SignatureField
from .structure import Role
from .tables import Column, Table, set_table, set_tables
from .watermark import outline_operators, watermark

__all__ = [
    "A4",
    "A4_LANDSCAPE",
    "ARABIC_INDIC",
    "NASKH",
    "NASKH_BOLD",
    "SANS",
    "SANS_BOLD",
    "SANS_MEDIUM",
    "Align",
    "Artwork",
    "Attachment",
    "Column",
    "Direction",
    "Document",
    "Extents",
    "HeadingOutOfOrder",
    "Line",
    "MissingGlyph",
    "Page",
    "Relationship",
    "Role",
    "SignatureField",
    "Style",
    "Table",
    "TextDoesNotFit",
    "Typeface",
    "TypesettingError",
    "arabic_digits",
    "base_direction",
    "drawing",
    "eight_bits",
    "fit_line",
    "fit_paragraph",
    "fit_two_lines",
    "form",
    "image",
    "lines_height",
    "mm",
    "outline_operators",
    "set_line",
    "set_table",
    "set_tables",
    "strip_controls",
    "watermark",
    "without_harakat",
    "wrap",
]
