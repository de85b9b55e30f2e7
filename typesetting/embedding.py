"""An embedded font of one PDF document: the glyphs it uses, their text, their widths.

Source: ISO 32000-1, 9.7 (composite fonts) and 9.10 (extraction of text).

A character id (CID) identifies a slot, the pair of a placed glyph and a character, and an explicit CIDToGIDMap maps it to
the glyph. Identity would give each glyph one text only, but Amiri draws the dotless body of beh, teh and theh with one
glyph.
"""

import hashlib
from dataclasses import dataclass
from functools import cache, lru_cache

from reportlab.pdfbase import pdfdoc

from .fonts import Font, load_font
from .objects import Indirect, reference_to, stream
from .placing import Outlines, font_file
from .shaping import Slot

_LARGEST_CID = 0xFFFF
_MAPPINGS_PER_BLOCK = 100  # the limit of a bfchar section
_SYMBOLIC = 4


@dataclass(frozen=True, slots=True)
class _Written:
    """The serialized subset of a font for these codes. It is cached, as labels repeat from one document to the next."""

    name: str
    file: bytes
    gids: bytes
    unicode: bytes
    widths: str
    digest: bytes


class EmbeddedFont:
    """Hands out the character ids of one font in one document and writes the font's objects at the end."""

    def __init__(self, font: Font, resource: str) -> None:
        self.font = font
        self.resource = resource
        self._codes: dict[Slot, str] = {}

    def code(self, slot: Slot) -> str:
        """The character id of this slot in hexadecimal digits: 1, 2, ... in the order of first use."""
        code = self._codes.get(slot)
        if code is None:
            cid = len(self._codes) + 1
            if cid > _LARGEST_CID:
                raise OverflowError(f"more than {_LARGEST_CID} glyphs of {self.font} in one document")
            code = self._codes[slot] = f"{cid:04X}"
        return code

    def addObjects(self, document: pdfdoc.PDFDocument) -> None:  # noqa: N802 - ReportLab calls delayed fonts by this name
        """Write the subset, its descriptor, widths and maps into the document."""
        written = _written(self.font.name, tuple(self._codes))
        name = written.name

        def reference(role: str, data: bytes) -> str:
            return reference_to(document, Indirect(data), f"{self.resource}.{role}")

        file = reference("file", written.file)
        map_to_gids = reference("gids", written.gids)
        descriptor = reference("descriptor", self._descriptor(name, file))
        descendant = reference(
            "descendant",
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
            f"/FontDescriptor {descriptor} /DW 1000 /W [1 [{written.widths}]] /CIDToGIDMap {map_to_gids} >>".encode(),
        )
        to_unicode = reference("unicode", written.unicode)
        font = Indirect(
            f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
            f"/DescendantFonts [{descendant}] /ToUnicode {to_unicode} >>".encode()
        )
        # Codes are numbers in the order of use: two names may differ in their fonts only.
        document.updateSignature(written.digest)
        fonts = document.idToObject[pdfdoc.BasicFonts].dict
        fonts[self.resource] = document.Reference(font, self.resource)

    def _descriptor(self, name: str, file: str) -> bytes:
        font = self.font
        box = " ".join(f"{edge:g}" for edge in font.box)
        return (
            f"<< /Type /FontDescriptor /FontName /{name} /Flags {_SYMBOLIC} /FontBBox [{box}] "
            f"/ItalicAngle {font.italic_angle:g} /Ascent {font.ascent:g} /Descent {font.descent:g} "
            f"/CapHeight {font.cap_height:g} /StemV 80 /FontFile2 {file} >>".encode()
        )


@lru_cache(maxsize=256)
def _written(font_name: str, slots: tuple[Slot, ...]) -> _Written:
    font = load_font(font_name)
    data, numbers = font_file(_outlines(font_name), [slot.placement for slot in slots])
    digest = hashlib.sha256(data).digest()
    texts = _to_unicode([slot.text for slot in slots])
    gids = b"".join(number.to_bytes(2) for number in numbers)
    return _Written(
        name=f"{_subset_tag(digest)}+{font_name}",
        file=stream(f"/Length1 {len(data)}", data).data,
        gids=stream("", b"\0\0" + gids).data,
        unicode=stream("", texts).data,
        widths=" ".join(f"{slot.placement.advance * font.unit:g}" for slot in slots),
        digest=digest + hashlib.sha256(texts).digest(),
    )


@cache
def _outlines(font_name: str) -> Outlines:
    return Outlines(load_font(font_name).face)


def _subset_tag(digest: bytes) -> str:
    """Six capital letters that tell subsets of one font apart (ISO 32000-1, 9.6.4)."""
    return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])


def _to_unicode(texts: list[str]) -> bytes:
    """The map from character ids, 1 for the first text, to text (ISO 32000-1, 9.10.3)."""
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<0000> <FFFF>",
        "endcodespacerange",
    ]
    mappings = [
        f"<{cid:04X}> <{text.encode('utf-16-be').hex().upper()}>" for cid, text in enumerate(texts, start=1)
    ]
    for first in range(0, len(mappings), _MAPPINGS_PER_BLOCK):
        block = mappings[first : first + _MAPPINGS_PER_BLOCK]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines).encode()
