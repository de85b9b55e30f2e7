"""From letters to positioned glyphs, by HarfBuzz."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import uharfbuzz as hb

from .errors import MissingGlyph
from .fonts import Font

# Stands for no text where one letter is drawn by more glyphs than it has characters, even decomposed.
_NO_TEXT = "\u2060"
_FLAGS = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES | hb.BufferFlags.DO_NOT_INSERT_DOTTED_CIRCLE


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph of a font, the text it stands for, and its place from the run's left end, in thousandths of an em."""

    index: int
    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class ShapedRun:
    """Glyphs of one font in one direction, from left to right."""

    font: Font
    glyphs: tuple[Glyph, ...]
    advance: float


@lru_cache(maxsize=8192)
def shape(font: Font, text: str, start: int, end: int, *, rtl: bool) -> ShapedRun:
    """The glyphs of `text[start:end]`, a stretch of one direction.

    The rest of the text is context: letters join across a change of font. Raises MissingGlyph.
    """
    buffer = hb.Buffer()
    buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.flags = _FLAGS
    buffer.add_codepoints([ord(char) for char in text], start, end - start)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    # Left to itself HarfBuzz takes the language of the process's locale, and pages would differ between servers.
    buffer.language = "ar" if rtl else "en"
    hb.shape(font.hb, buffer)
    infos = buffer.glyph_infos
    if any(info.codepoint == 0 for info in infos):
        lost = [text[info.cluster] for info in infos if info.codepoint == 0]
        raise MissingGlyph(text=text, characters=tuple(dict.fromkeys(lost)))
    texts = _texts([info.cluster for info in infos], text, end, rtl=rtl)
    glyphs = []
    pen = 0.0
    for info, position, part in zip(infos, buffer.glyph_positions, texts, strict=True):
        x = pen + position.x_offset * font.unit
        glyphs.append(Glyph(index=info.codepoint, text=part, x=x, y=position.y_offset * font.unit))
        pen += position.x_advance * font.unit
    return ShapedRun(font=font, glyphs=tuple(glyphs), advance=pen)


def _texts(clusters: list[int], text: str, end: int, *, rtl: bool) -> list[str]:
    """The text of each glyph, such that the glyphs in logical order spell the stretch."""
    logical = clusters[::-1] if rtl else clusters
    counts = [(cluster, len(list(group))) for cluster, group in groupby(logical)]
    limits = [cluster for cluster, _ in counts[1:]] + [end]
    texts = []
    for (cluster, count), limit in zip(counts, limits, strict=True):
        texts += _share(text[cluster:limit], count)
    return texts[::-1] if rtl else texts


def _share(text: str, count: int) -> list[str]:
    """A cluster's text shared among its glyphs: one character each, the last takes the rest."""
    if len(text) < count:
        text = unicodedata.normalize("NFD", text)
    text = text.ljust(count, _NO_TEXT)
    return [*text[: count - 1], text[count - 1 :]]
