"""ISO 19005-3, 6.2.11, and ISO 14289-1, 7.21: fonts as `typesetting.embedding` writes them, composite TrueType."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
import uharfbuzz as hb

from .subject import Rule, Subject

_WIDTH_TOLERANCE = 1  # thousandths of an em
_MAPPING = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>")


@dataclass(frozen=True, slots=True)
class _Font:
    """The parsed composite font and its embedded font file."""

    name: str
    dictionary: Any
    descendant: Any

    @property
    def file(self) -> Any:
        return self.descendant.get("/FontDescriptor", pikepdf.Dictionary()).get("/FontFile2")

    def face(self) -> hb.Face:
        return hb.Face(hb.Blob(self.file.read_bytes()))

    def glyph(self, code: int) -> int:
        """The glyph of a code, 0 where there is none."""
        leading = self.descendant.get("/CIDToGIDMap", "/Identity")
        if not isinstance(leading, pikepdf.Stream):
            return code
        return int.from_bytes(leading.read_bytes()[2 * code : 2 * code + 2])

    def widths(self) -> dict[int, float]:
        entries = list(self.descendant.get("/W", ()))
        widths: dict[int, float] = {}
        while entries:
            first, following = int(entries.pop(0)), entries.pop(0)
            if isinstance(following, pikepdf.Array):
                widths |= {first + i: float(width) for i, width in enumerate(following)}
            else:
                width = float(entries.pop(0))
                widths |= dict.fromkeys(range(first, int(following) + 1), width)
        return widths

    def texts(self) -> dict[int, str]:
        if "/ToUnicode" not in self.dictionary:
            return {}
        blocks = [
            block.partition(b"endbfchar")[0]
            for block in self.dictionary.ToUnicode.read_bytes().split(b"beginbfchar")[1:]
        ]
        return {
            int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
            for block in blocks
            for code, text in _MAPPING.findall(block)
        }


def embedded(subject: Subject) -> Iterator[str]:
    for name, dictionary in _dictionaries(subject).items():
        descendants = dictionary.get("/DescendantFonts", ())
        if not descendants or "/FontFile2" not in descendants[0].get("/FontDescriptor", pikepdf.Dictionary()):
            yield f"{name} is not an embedded composite TrueType font"


def mapped(subject: Subject) -> Iterator[str]:
    for font in _fonts(subject):
        information = font.descendant.get("/CIDSystemInfo", pikepdf.Dictionary())
        if font.dictionary.get("/Encoding") != "/Identity-H" or information.get("/Ordering") != "Identity":
            yield f"{font.name} has codes that do not mean themselves"
        if not isinstance(font.descendant.get("/CIDToGIDMap"), pikepdf.Stream):
            yield f"{font.name} does not say which glyph a code draws"


def widths(subject: Subject) -> Iterator[str]:
    for font, codes in _shown(subject):
        face = font.face()
        file = hb.Font(face)
        stated = font.widths()
        for code in sorted(codes):
            drawn = file.get_glyph_h_advance(font.glyph(code)) * 1000 / face.upem
            said = stated.get(code, float(font.descendant.get("/DW", 1000)))
            if abs(said - drawn) > _WIDTH_TOLERANCE:
                yield f"{font.name}: code {code} is {said:g} wide here and {drawn:g} in the font"


def unicode(subject: Subject) -> Iterator[str]:
    for font, codes in _shown(subject):
        texts = font.texts()
        for code in sorted(codes):
            text = texts.get(code, "")
            if not text or any(
                char in "\0\ufeff\ufffe\ufffd" or "\ue000" <= char <= "\uf8ff" for char in text
            ):
                yield f"{font.name}: code {code} has no text"


def not_notdef(subject: Subject) -> Iterator[str]:
    for font, codes in _shown(subject):
        count = font.face().glyph_count
        for code in sorted(codes):
            if not 0 < font.glyph(code) < count:
                yield f"{font.name}: code {code} draws no glyph"


def _dictionaries(subject: Subject) -> dict[str, Any]:
    found = {}
    for page in subject.pdf.pages:
        for font in page.get("/Resources", pikepdf.Dictionary()).get("/Font", pikepdf.Dictionary()).values():
            found[str(font.get("/BaseFont", "/?"))[1:]] = font
    return found


def _fonts(subject: Subject) -> Iterator[_Font]:
    """The composite fonts that are embedded; the others are found above."""
    for name, dictionary in _dictionaries(subject).items():
        if dictionary.get("/Subtype") == "/Type0":
            font = _Font(name, dictionary, dictionary.DescendantFonts[0])
            if font.file is not None:
                yield font


def _shown(subject: Subject) -> Iterator[tuple[_Font, set[int]]]:
    """Each font with the codes that pages show by it."""
    codes: dict[str, set[int]] = {}
    for page, paints in zip(subject.pdf.pages, subject.paints, strict=True):
        known = page.get("/Resources", pikepdf.Dictionary()).get("/Font", pikepdf.Dictionary())
        for paint in paints:
            if paint.font is not None and paint.font in known:
                name = str(known[paint.font].get("/BaseFont", "/?"))[1:]
                shown = codes.setdefault(name, set())
                shown |= {int.from_bytes(paint.codes[i : i + 2]) for i in range(0, len(paint.codes), 2)}
    for font in _fonts(subject):
        yield font, codes.get(font.name, set())


RULES = tuple(
    Rule(f"ISO 19005-3, {clause}", function)
    for clause, function in (
        ("6.2.11.3", mapped),
        ("6.2.11.4", embedded),
        ("6.2.11.5", widths),
        ("6.2.11.7", unicode),
        ("6.2.11.8", not_notdef),
    )
)
