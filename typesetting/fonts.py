"""The fonts of a document: loaded once per process, chosen per letter by what they cover.

The files come from the packages `fontpkg-amiri` and `fontpkg-ibm-plex-sans-arabic` (both SIL Open Font License, static
TrueType). A typeface is an ordered tuple of their names; the first font that has a letter and all its marks draws it.
"""

import re
import struct
import unicodedata
from functools import cache
from importlib import resources
from itertools import pairwise

import uharfbuzz as hb

from .errors import MissingGlyph
from .graphemes import graphemes, is_invisible

Typeface = tuple[str, ...]

NASKH: Typeface = ("Amiri-Regular", "IBMPlexSansArabic-Regular")
NASKH_BOLD: Typeface = ("Amiri-Bold", "IBMPlexSansArabic-Bold")
SANS: Typeface = ("IBMPlexSansArabic-Regular", "Amiri-Regular")
SANS_MEDIUM: Typeface = ("IBMPlexSansArabic-Medium", "Amiri-Regular")
SANS_BOLD: Typeface = ("IBMPlexSansArabic-Bold", "Amiri-Bold")

_PACKAGES = {"Amiri": "fontpkg_amiri", "IBMPlexSansArabic": "fontpkg_ibm_plex_sans_arabic"}


class Font:
    """One font file.

    Measures are thousandths of an em, as in PDF; `unit` is a font unit in them. `coverage` holds the code points it
    draws.
    """

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self.face = hb.Face(hb.Blob(data))
        self.hb = hb.Font(self.face)
        self.unit = 1000 / self.face.upem
        self.coverage = frozenset(self.face.unicodes)
        extents = self.hb.get_font_extents("ltr")
        self.ascent = extents.ascender * self.unit
        self.descent = extents.descender * self.unit
        self.cap_height = self.hb.get_metric_position_with_fallback(hb.OTMetricsTag.CAP_HEIGHT) * self.unit
        # OpenType: xMin, yMin, xMax, yMax are at byte 36 of head, italicAngle (16.16) at byte 4 of post.
        box = struct.unpack_from(">4h", self.face.reference_table("head").data, 36)
        self.box = tuple(edge * self.unit for edge in box)
        self.italic_angle = struct.unpack_from(">i", self.face.reference_table("post").data, 4)[0] / 65536

    def __repr__(self) -> str:
        return f"Font({self.name})"

    def covers(self, grapheme: str) -> bool:
        """Whether the font draws a letter with its marks, composed or decomposed."""
        forms = (grapheme, unicodedata.normalize("NFC", grapheme), unicodedata.normalize("NFD", grapheme))
        return any(all(ord(char) in self.coverage or is_invisible(char) for char in form) for form in forms)


@cache
def load_font(name: str) -> Font:
    """The font of this PostScript name, such as `Amiri-Bold`; the file is read and parsed once per process."""
    package = _PACKAGES[name.partition("-")[0]]
    return Font(name, (resources.files(package) / "files" / f"{name}.ttf").read_bytes())


def fonts_of(typeface: Typeface) -> tuple[Font, ...]:
    return tuple(load_font(name) for name in typeface)


def font_spans(text: str, typeface: Typeface, *, whole_words: bool = False) -> list[tuple[int, int, Font]]:
    """The text as `(start, end, font)` stretches: the first font that has it draws each letter or, with `whole_words`, each
    word, so that one letter that the first font lacks is no serif inside a word without.

    A word that no font has whole is drawn by letters. Raises MissingGlyph.
    """
    fonts = fonts_of(typeface)
    if whole_words:
        return [span for start, end in _words(text) for span in _word_spans(text, start, end, fonts)]
    return _letter_spans(text, fonts)


def _words(text: str) -> list[tuple[int, int]]:
    """Where each word begins and where the next one does: a space goes with the word before it."""
    starts = [0, *(match.end() for match in re.finditer(" +", text) if 0 < match.end() < len(text))]
    return list(pairwise([*starts, len(text)]))


def _word_spans(text: str, start: int, end: int, fonts: tuple[Font, ...]) -> list[tuple[int, int, Font]]:
    parts = graphemes(text[start:end])
    font = next((font for font in fonts if all(map(font.covers, parts))), None)
    if font:
        return [(start, end, font)] if end > start else []
    return [
        (start + first, start + last, font) for first, last, font in _letter_spans(text[start:end], fonts)
    ]


def _letter_spans(text: str, fonts: tuple[Font, ...]) -> list[tuple[int, int, Font]]:
    spans: list[tuple[int, int, Font]] = []
    missing: list[str] = []
    position = 0
    for grapheme in graphemes(text):
        end = position + len(grapheme)
        font = next((font for font in fonts if font.covers(grapheme)), None)
        if font is None:
            missing += _uncovered(grapheme, fonts)
        elif spans and spans[-1][2] is font and spans[-1][1] == position:
            spans[-1] = (spans[-1][0], end, font)
        else:
            spans.append((position, end, font))
        position = end
    if missing:
        raise MissingGlyph(text=text, characters=tuple(dict.fromkeys(missing)))
    return spans


def font_of(text: str, typeface: Typeface) -> str | None:
    """The name of the first font of the typeface that has the whole text."""
    parts = graphemes(text)
    return next((font.name for font in fonts_of(typeface) if all(map(font.covers, parts))), None)


def _uncovered(grapheme: str, fonts: tuple[Font, ...]) -> list[str]:
    """The characters no font has; where each is in some font but no font has them together, all of them."""
    alone = [char for char in grapheme if not any(font.covers(char) for font in fonts)]
    return alone or list(grapheme)
