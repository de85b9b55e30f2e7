"""Shaping: from letters to placed glyphs, by HarfBuzz."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby, islice

import uharfbuzz as hb

from .errors import MissingGlyph
from .fonts import Font

# How much of a letter's advance a mark on it takes for itself.
_MARK_SHARE_IN_EMS = 0.02
_FLAGS = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES | hb.BufferFlags.DO_NOT_INSERT_DOTTED_CIRCLE


@dataclass(frozen=True, slots=True)
class Component:
    """A glyph of a font drawn off the pen by (dx, dy) font units."""

    glyph: int
    dx: int
    dy: int

    def moved(self, distance: int) -> "Component":
        return Component(self.glyph, self.dx + distance, self.dy)


@dataclass(frozen=True, slots=True)
class Placement:
    """The glyphs drawn at the pen position, none for a blank, and the advance in font units."""

    components: tuple[Component, ...]
    advance: int


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """A placement and the one character it represents.

    There is one object for each pair, made by `slot_of`: documents look slots up by the thousand, and hashing what is in
    them costs more than all the rest of that.
    """

    placement: Placement
    text: str


@cache
def slot_of(placement: Placement, text: str) -> Slot:
    """The slot of this pair. Their number is that of the glyphs, marks and kerned pairs of the fonts."""
    return Slot(placement, text)


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
    slots: list[Slot] = []
    glyphs = zip(infos, positions, strict=True)
    for count, letters in _cluster_texts([info.cluster for info in infos], text, start, end):
        placements = [
            Placement((Component(info.codepoint, position.x_offset, position.y_offset),), position.x_advance)
            for info, position in islice(glyphs, count)
        ]
        slots += _slots(placements, letters, rtl=rtl)
    advance = sum(position.x_advance for position in positions)
    mark_share = round(font.face.upem * _MARK_SHARE_IN_EMS)
    spread = _forward(_spread(slots, mark_share, rtl=rtl))
    return ShapedRun(font=font, slots=tuple(spread), advance=advance)


def _cluster_texts(clusters: list[int], text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """The number of glyphs and the text of each cluster, from left to right."""
    ascending = sorted(set(clusters))
    # What HarfBuzz removed before the first cluster, such as a joiner, belongs to that cluster's text.
    edges = [start, *ascending[1:], end]
    texts = {cluster: text[edges[i] : edges[i + 1]] for i, cluster in enumerate(ascending)}
    for cluster, group in groupby(clusters):
        yield len(list(group)), texts[cluster]


def _slots(placements: list[Placement], letters: str, *, rtl: bool) -> list[Slot]:
    """The glyphs of a cluster with a character each.

    Readers turn right-to-left text round character by character: the text of a ligature on a single code would come out
    reversed. So the other characters are put on blanks. Where one letter is drawn by several glyphs, those are
    one placement.
    """
    surplus = len(placements) - len(letters)
    if surplus > 0:
        last = slice(0, surplus + 1) if rtl else slice(len(letters) - 1, None)
        placements[last] = [_merge(placements[last])]
    blanks = [Placement((), 0)] * -surplus
    visual = blanks + placements if rtl else placements + blanks
    return [
        Slot(place, letter) for place, letter in zip(visual, letters[::-1] if rtl else letters, strict=True)
    ]


def _merge(placements: list[Placement]) -> Placement:
    """Neighbors as one placement."""
    components: list[Component] = []
    pen = 0
    for place in placements:
        components += [component.moved(pen) for component in place.components]
        pen += place.advance
    return Placement(tuple(components), pen)


def _spread(slots: list[Slot], mark_share: int, *, rtl: bool) -> Iterator[Slot]:
    """The slots with the advance of each letter shared by its marks and blanks, and every glyph where it was.

    Readers order characters by position, and confuse two at the same position.
    """
    group: list[Slot] = []
    for slot in slots:
        if not rtl and slot.placement.advance:
            yield from _share_advance(group, mark_share)
            group = []
        group.append(slot)
        if rtl and slot.placement.advance:
            yield from _share_advance(group, mark_share)
            group = []
    yield from _share_advance(group, mark_share)


def _forward(slots: Iterable[Slot]) -> Iterator[Slot]:
    """The slots with advances that go forward, and every glyph where it was.

    A letter that is kerned below another one may have an advance to the left: a font file has none (OpenType, `hmtx`), and
    readers would take the two letters in the wrong order.
    """
    behind = 0
    for slot in slots:
        wanted = slot.placement.advance + behind
        if not behind and wanted >= 0:
            yield slot
            continue
        advance = max(wanted, 1)
        components = tuple(component.moved(behind) for component in slot.placement.components)
        yield slot_of(Placement(components, advance), slot.text)
        behind = wanted - advance


def _share_advance(group: list[Slot], mark_share: int) -> Iterator[Slot]:
    """Letters share equally and marks get little, so that two equal letters in a row stay apart.

    Poppler takes equal letters less than a tenth of an em apart for one, printed twice to look bold.
    """
    total = sum(slot.placement.advance for slot in group)
    is_mark = [unicodedata.category(slot.text) == "Mn" for slot in group]
    letter_count = is_mark.count(False)
    mark_share = min(mark_share, total // len(group)) if letter_count and total else 0
    rest = total - mark_share * is_mark.count(True)
    before = shared = 0
    for i, slot in enumerate(group):
        place = slot.placement
        if i == len(group) - 1:
            advance = total - shared
        else:
            advance = mark_share if is_mark[i] else rest // letter_count
        components = tuple(component.moved(before - shared) for component in place.components)
        yield slot_of(Placement(components, advance), slot.text)
        before += place.advance
        shared += advance
