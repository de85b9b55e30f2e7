"""A font inside one PDF document: the glyphs it uses, the text they stand for, their widths.

Source: ISO 32000-1, 9.7 (composite fonts) and 9.10 (extraction of text).

A character id (CID) stands for a slot, the pair of a placed glyph and a character, and an explicit CIDToGIDMap leads to
the glyph. Identity would give each glyph one text only, but Amiri draws the dotless body of beh, teh and theh with one
glyph.
"""

import hashlib
from functools import lru_cache

import uharfbuzz as hb
from reportlab.pdfbase import pdfdoc

from .fonts import Font, load_font
from .objects import Indirect, reference_to, stream
from .placing import add_placements
from .shaping import Component, Placement, Slot

_LARGEST_CID = 0xFFFF
_MAPPINGS_PER_BLOCK = 100  # the limit of a bfchar section
_SYMBOLIC = 4
# Layout is done and lookup is by glyph; a viewer needs outlines and metrics only.
_UNUSED_TABLES = (
    "GSUB",
    "GPOS",
    "GDEF",
    "BASE",
    "JSTF",
    "kern",
    "cmap",
    "name",
    "post",
    "OS/2",
    "DSIG",
    "STAT",
    "meta",
    "gasp",
)


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
        placements = tuple(slot.placement for slot in self._codes)
        data, numbers = _subset(self.font.name, placements)
        name = f"{_subset_tag(data)}+{self.font.name}"

        def reference(role: str, obj: Indirect) -> str:
            return reference_to(document, obj, f"{self.resource}.{role}")

        file = reference("file", stream(f"/Length1 {len(data)}", data))
        gids = b"".join(number.to_bytes(2) for number in numbers)
        map_to_gids = reference("gids", stream("", b"\0\0" + gids))
        descriptor = reference("descriptor", Indirect(self._descriptor(name, file)))
        widths = " ".join(f"{placement.advance * self.font.unit:g}" for placement in placements)
        descendant = reference(
            "descendant",
            Indirect(
                f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} "
                "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
                f"/FontDescriptor {descriptor} /DW 1000 /W [1 [{widths}]] /CIDToGIDMap {map_to_gids} >>".encode()
            ),
        )
        texts = _to_unicode([slot.text for slot in self._codes])
        to_unicode = reference("unicode", stream("", texts))
        font = Indirect(
            f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
            f"/DescendantFonts [{descendant}] /ToUnicode {to_unicode} >>".encode()
        )
        # Codes are numbers in the order of use: two names may differ in their fonts only.
        document.updateSignature(texts + data)
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
def _subset(font_name: str, placements: tuple[Placement, ...]) -> tuple[bytes, tuple[int, ...]]:
    """A font file of these placed glyphs, and the number of each in it.

    Cached, because the labels of a batch of documents are often the same.
    """
    request = hb.SubsetInput()
    request.glyph_set.update(
        component.glyph for placement in placements for component in placement.components
    )
    # Hinting is for the pixels of old screens, and would move a placed glyph off its place.
    request.flags = (
        hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.NOTDEF_OUTLINE | hb.SubsetFlags.NO_HINTING
    )
    for tag in _UNUSED_TABLES:
        request.drop_table_tag_set.add(int.from_bytes(tag.encode()))
    plan = hb.SubsetPlan(load_font(font_name).face, request)
    subset = plan.execute()
    numbers = dict(plan.old_to_new_glyph_mapping.items())
    renumbered = [
        Placement(
            tuple(Component(numbers[c.glyph], c.dx, c.dy) for c in placement.components), placement.advance
        )
        for placement in placements
    ]
    return add_placements(subset, renumbered)


def _subset_tag(data: bytes) -> str:
    """Six capital letters that tell subsets of one font apart (ISO 32000-1, 9.6.4)."""
    return "".join(chr(ord("A") + byte % 26) for byte in hashlib.sha256(data).digest()[:6])


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
