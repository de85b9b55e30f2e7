"""Logical structure for screen readers: the elements of a document in reading order, with their content.

Source: ISO 32000-1, 14.7 (logical structure) and 14.8 (tagged PDF); ISO 14289-1, 7 (PDF/UA-1).
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from reportlab.pdfbase import pdfdoc

from .bidi import Direction, base_direction
from .errors import HeadingOutOfOrder
from .objects import Indirect, Literal, reference_to, text_string

# The subset of RFC 5646 that is accepted.
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_FROM_RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}
# Keys of the parent tree: pages count from zero and never reach this number.
_FIRST_FIELD_KEY = 1_000_000

Box = tuple[float, float, float, float]


class Role(StrEnum):
    """What a text is (standard structure types, ISO 32000-1, 14.8.4).

    CAPTION belongs to the figure or table drawn just before it.
    """

    H1 = "H1"
    H2 = "H2"
    H3 = "H3"
    P = "P"
    CAPTION = "Caption"

    @property
    def heading_level(self) -> int | None:
        """1 to 3 for a heading."""
        return int(self[1]) if self.startswith("H") else None


class Element(Indirect):
    """A structure element; its kids are added while pages are drawn and written when every page has its number."""

    def __init__(self, role: str, parent: str, entries: str) -> None:
        self.role = role
        self._parent = parent
        self._entries = entries
        self._kids: list[str] = []
        self._page: str | None = None
        self.reference = ""

    def add(self, kid: str) -> None:
        self._kids.append(kid)

    def mark(self, mcid: int, page: str) -> None:
        """Add marked content of a page as a kid. An element is on one page."""
        self._page = page
        self._kids.append(str(mcid))

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        page = f" /Pg {page_reference(document, self._page)}" if self._page else ""
        data = (
            f"<< /Type /StructElem /S /{self.role} /P {self._parent}{page}{self._entries} "
            f"/K [{' '.join(self._kids)}] >>"
        ).encode("latin-1")
        document.updateSignature(data)
        return data


class FieldElement(Element):
    """The element of a form field: its kid is the annotation (ISO 32000-1, 14.7.4.3)."""

    def __init__(self, parent: str, entries: str, *, widget: str, page: str) -> None:
        super().__init__("Form", parent, entries)
        self._widget = widget
        self._page = page

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        self._kids = [f"<< /Type /OBJR /Obj {self._widget} >>"]
        return super().format(document)


@dataclass(slots=True)
class StructureTree:
    """The elements of a document under construction."""

    document: pdfdoc.PDFDocument
    language: str
    _root: Indirect = field(default_factory=lambda: Indirect(b""))
    _parents_of_pages: dict[str, list[str]] = field(default_factory=dict)
    _fields: list[str] = field(default_factory=list)
    _heading_level: int = 0
    _top: Element = field(init=False)
    _captioned: Element | None = None
    _count: int = 0

    def __post_init__(self) -> None:
        root = reference_to(self.document, self._root, "structure")
        self._top = self._register(Element("Document", root, ""))

    def text(self, role: Role, text: str, language: str | None, *, is_spelled: bool) -> Element:
        """A new element for a text that is drawn next, and the element its content is marked with.

        `is_spelled` says that the glyphs on the page spell the text in its order. Raises HeadingOutOfOrder.
        """
        parent = self._top
        if level := role.heading_level:
            if level > self._heading_level + 1:
                raise HeadingOutOfOrder(text=text, level=level, previous=self._heading_level)
            self._heading_level = level
        if role is Role.CAPTION:
            if self._captioned is None:
                raise ValueError("a caption follows its figure or table")
            parent = self._captioned
        return self._text(role, parent, text, self._language(language, text), is_spelled=is_spelled)

    def figure(self, alt: str, box: Box, language: str | None) -> Element:
        """A picture with its text alternative. Raises ValueError if `alt` is empty."""
        if not alt.strip():
            raise ValueError("a figure says something; decoration has no alternative text at all")
        edges = " ".join(f"{edge:.2f}" for edge in box)
        entries = (
            f" /Alt {text_string(alt).decode()}{self._language(language)}"
            f" /A << /O /Layout /Placement /Block /BBox [{edges}] >>"
        )
        self._captioned = self._new("Figure", self._top, entries)
        return self._captioned

    def table(self) -> Element:
        """A new table."""
        self._captioned = self._new("Table", self._top, "")
        return self._captioned

    def row(self, table: Element) -> Element:
        return self._new("TR", table, "")

    def cell(
        self, row: Element, text: str, *, scope: str | None, language: str | None, is_spelled: bool
    ) -> Element:
        """A cell; `scope` Row or Column makes it the header of those (ISO 14289-1, 7.5)."""
        role, heads = ("TD", "") if scope is None else ("TH", f" /A << /O /Table /Scope /{scope} >>")
        return self._text(role, row, text, self._language(language, text) + heads, is_spelled=is_spelled)

    def form_field(self, label: str, *, widget: str, page: str) -> int:
        """The element of a widget annotation. Returns its key in the parent tree."""
        entries = f" /Alt {text_string(label).decode()}"
        element = FieldElement(self._top.reference, entries, widget=widget, page=page)
        self._top.add(self._register(element).reference)
        self._fields.append(element.reference)
        return _FIRST_FIELD_KEY + len(self._fields) - 1

    def mark(self, element: Element, page: str) -> int:
        """The marked-content identifier of content that belongs to the element."""
        parents = self._parents_of_pages.setdefault(page, [])
        element.mark(len(parents), page)
        parents.append(element.reference)
        return len(parents) - 1

    def write(self, pages: list[str]) -> Literal:
        """Write the tree; the catalog's entry for it."""
        numbers = [
            f"{key} [{' '.join(self._parents_of_pages.get(page, ()))}]" for key, page in enumerate(pages)
        ]
        numbers += [f"{_FIRST_FIELD_KEY + i} {reference}" for i, reference in enumerate(self._fields)]
        self._root.data = (
            f"<< /Type /StructTreeRoot /K {self._top.reference} /ParentTree << /Nums [{' '.join(numbers)}] >> "
            f"/ParentTreeNextKey {_FIRST_FIELD_KEY + len(self._fields)} >>"
        ).encode()
        return Literal(self.document.Reference(self._root).format(self.document))

    def _new(self, role: str, parent: Element, entries: str) -> Element:
        element = self._register(Element(role, parent.reference, entries))
        parent.add(element.reference)
        return element

    def _register(self, element: Element) -> Element:
        self._count += 1
        element.reference = reference_to(self.document, element, f"element.{self._count}")
        return element

    def _text(self, role: str, parent: Element, text: str, entries: str, *, is_spelled: bool) -> Element:
        """An element with its text as it was written, where the page has it glyph by glyph from left to right.

        Then the content belongs to a Span inside: MuPDF takes the text of the element that has the content for the
        content itself and turns it round once more.
        """
        if is_spelled:
            return self._new(role, parent, entries)
        element = self._new(role, parent, f" /ActualText {text_string(text).decode()}{entries}")
        return self._new("Span", element, "")

    def _language(self, language: str | None, text: str = "") -> str:
        if language is None or language == self.language:
            return ""
        # An Arabic title replaces a missing English one, and is read with an Arabic voice.
        if _writes_left_to_right(language) and base_direction(text, default=Direction.LTR) is Direction.RTL:
            return ""
        return f" /Lang ({checked_language(language)})"


def _writes_left_to_right(language: str) -> bool:
    return language.partition("-")[0].lower() not in _FROM_RIGHT_TO_LEFT


def checked_language(tag: str) -> str:
    """The language tag itself. Raises ValueError for what is none."""
    if not _LANGUAGE.fullmatch(tag):
        raise ValueError(f"not a language tag: {tag!r}")
    return tag


def page_reference(document: pdfdoc.PDFDocument, name: str) -> str:
    """A finished page as other objects write it."""
    return f"{document.idToObjectNumberAndVersion[name][0]} 0 R"
