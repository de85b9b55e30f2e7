"""From letters to placed glyphs, by HarfBuzz."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, islice

import uharfbuzz as hb

from .errors import MissingGlyph
from .fonts import Font

# Stands for no text where one letter is drawn by more glyphs than it has characters, even decomposed.
_NO_TEXT = "\u2060"
_FLAGS = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES | hb.BufferFlags.DO_NOT_INSERT_DOTTED_CIRCLE


@dataclass(frozen=True, slots=True)
class Placement:
    """A glyph of a font drawn off the pen by (dx, dy), and what the pen then moves to the right. In font units."""

    glyph: int
    dx: int
    dy: int
    advance: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A placement and the one character it stands for."""

    placement: Placement
    text: str


@dataclass(frozen=True, slots=True)
class ShapedRun:
    """Slots of one font from left to right: drawn one after the other they need no further positioning."""

    font: Font
    slots: tuple[Slot, ...]
    advance: int


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
    infos, positions = buffer.glyph_infos, buffer.glyph_positions
    if lost := [text[info.cluster] for info in infos if info.codepoint == 0]:
        raise MissingGlyph(text=text, characters=tuple(dict.fromkeys(lost)))
    slots = []
    glyphs = zip(infos, positions, strict=True)
    for cluster, letters in _cluster_texts([info.cluster for info in infos], text, start, end):
        placements = [
            Placement(info.codepoint, position.x_offset, position.y_offset, position.x_advance)
            for info, position in islice(glyphs, cluster)
        ]
        slots += _slots(font, placements, letters, rtl=rtl)
    advance = sum(position.x_advance for position in positions)
    return ShapedRun(font=font, slots=tuple(_spread(slots, rtl=rtl)), advance=advance)


def _cluster_texts(clusters: list[int], text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """The number of glyphs and the text of each cluster, from left to right."""
    ascending = sorted(set(clusters))
    # What HarfBuzz removed before the first cluster, such as a joiner, belongs to that cluster's text.
    edges = [start, *ascending[1:], end]
    texts = {cluster: text[edges[i] : edges[i + 1]] for i, cluster in enumerate(ascending)}
    for cluster, group in groupby(clusters):
        yield len(list(group)), texts[cluster]


def _slots(font: Font, placements: list[Placement], letters: str, *, rtl: bool) -> list[Slot]:
    """The glyphs of a cluster with a character each; what is left of a ligature's characters stands on blanks.

    Readers turn right-to-left text round character by character. The text of a ligature on a single code would come out
    reversed.
    """
    if len(letters) < len(placements):
        letters = unicodedata.normalize("NFD", letters).ljust(len(placements), _NO_TEXT)
    logical = placements[::-1] if rtl else placements
    logical = logical + [Placement(font.blank, 0, 0, 0)] * (len(letters) - len(placements))
    slots = [Slot(placement, letter) for placement, letter in zip(logical, letters, strict=True)]
    return slots[::-1] if rtl else slots


def _spread(slots: list[Slot], *, rtl: bool) -> Iterator[Slot]:
    """The slots with the advance of each letter shared by its marks and blanks, and every glyph where it was.

    Readers order characters by where they stand, and confuse two that stand on one point.
    """
    group: list[Slot] = []
    for slot in slots:
        if not rtl and slot.placement.advance:
            yield from _share_advance(group)
            group = []
        group.append(slot)
        if rtl and slot.placement.advance:
            yield from _share_advance(group)
            group = []
    yield from _share_advance(group)


def _share_advance(group: list[Slot]) -> Iterator[Slot]:
    if not group:
        return
    share, rest = divmod(sum(slot.placement.advance for slot in group), len(group))
    before = 0
    for number, slot in enumerate(group):
        place = slot.placement
        advance = share + rest if number == len(group) - 1 else share
        yield Slot(replace(place, dx=place.dx + before - number * share, advance=advance), slot.text)
        before += place.advance
