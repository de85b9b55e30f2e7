"""Lines of text: measured, fitted, wrapped. All measures are points."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from .bidi import Direction, Run, base_direction, embedding_levels, strip_controls, visual_runs
from .errors import TextDoesNotFit
from .fonts import NASKH, Font, Typeface, font_of, font_spans
from .shaping import ShapedRun, shape

Color = tuple[float, float, float]

_PARAGRAPH_SIZE_STEP = 0.25
_WHITE_SPACE = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")


class Align(StrEnum):
    """The alignment of a line in its column; start is on the right for right-to-left text."""

    START = "start"
    CENTER = "center"
    END = "end"


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks.

    `size` is in points, `leading` is the distance of base lines in sizes, `color` is red, green, blue from 0 to 1.
    `direction` None asks the text itself: the direction of its first letter. With `whole_words`, a text with a
    letter that the first font of the typeface lacks is drawn by the first that has all of it, or else word by word.
    """

    typeface: Typeface = NASKH
    size: float = 12
    color: Color = (0, 0, 0)
    leading: float = 1.6
    direction: Direction | None = None
    whole_words: bool = False

    def direction_of(self, text: str) -> Direction:
        return self.direction or base_direction(strip_controls(text))


@dataclass(frozen=True, slots=True)
class Extents:
    """A rectangle around the origin of a line, its left end on the base line; what is below the base line is negative."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    def scaled(self, factor: float) -> "Extents":
        return Extents(self.left * factor, self.bottom * factor, self.right * factor, self.top * factor)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, ready to draw.

    `runs` are from left to right. `extents` hold both the advance and the ink, so that a line placed by them overhangs
    nothing: not with the tail of a final letter, not with a vowel sign.
    """

    text: str
    style: Style
    direction: Direction
    runs: tuple[ShapedRun, ...]
    extents: Extents

    @property
    def width(self) -> float:
        return self.extents.width

    @property
    def ascent(self) -> float:
        """How far the fonts of the line reach above the base line, whatever its letters."""
        return max((run.font.ascent for run in self.runs), default=0) * self.style.size / 1000

    @property
    def descent(self) -> float:
        """How far the fonts of the line reach below the base line; negative."""
        return min((run.font.descent for run in self.runs), default=0) * self.style.size / 1000


def set_line(text: str, style: Style) -> Line:
    """The text on one line at the style's size. White space is collapsed, bidi controls are dropped.

    Raises MissingGlyph.
    """
    text = tidy(text)
    style = _evened(text, style)
    direction = style.direction_of(text)
    return _composed(text, embedding_levels(text, direction), direction, style)


def fit_line(text: str, style: Style, *, max_width: float, min_size: float) -> Line:
    """The text on one line, at the style's size or as much smaller as `max_width` needs.

    Raises TextDoesNotFit where that is below `min_size`, and MissingGlyph.
    """
    line = set_line(text, style)
    if line.width <= max_width:
        return line
    # A hundredth of a point smaller, so that rounding does not make the text too wide.
    size = int(style.size * max_width / line.width * 100) / 100
    if size < min_size:
        needed = line.width * min_size / style.size
        raise TextDoesNotFit(text=line.text, needed=needed, available=max_width, min_size=min_size)
    return set_line(text, replace(style, size=size))


def wrap(text: str, style: Style, *, width: float) -> list[Line]:
    """The text as lines no wider than `width`. Line breaks in the text stay; an empty line gives an empty Line.

    Lines are cut from the logical text, then each is put in visual order: words keep their lines in either direction.
    Raises TextDoesNotFit for a word wider than a line, and MissingGlyph.
    """
    return [
        line for paragraph in text.splitlines() for line in _wrap_paragraph(tidy(paragraph), style, width)
    ]


def fit_paragraph(text: str, style: Style, *, width: float, height: float, min_size: float) -> list[Line]:
    """The text wrapped into `width` and `height`, at the style's size or as much smaller as it needs.

    Raises TextDoesNotFit where that is below `min_size`, and MissingGlyph.
    """
    size = style.size
    while True:
        too_long: TextDoesNotFit | None = None
        try:
            lines = wrap(text, replace(style, size=size), width=width)
        except TextDoesNotFit as error:
            too_long = error
        else:
            if lines_height(lines) <= height:
                return lines
        if size <= min_size:
            raise too_long or TextDoesNotFit(
                text=text, needed=lines_height(lines), available=height, min_size=min_size
            )
        size = max(size - _PARAGRAPH_SIZE_STEP, min_size)


def fit_two_lines(
    text: str, style: Style, *, width: float, min_size: float, bound: frozenset[str] = frozenset()
) -> list[Line]:
    """The text on one line, on two where it is wider than `width`, and only then smaller.

    The two are as even as its words allow; none of the words that are `bound` to the next one ends the first. Raises
    TextDoesNotFit where the size would be below `min_size`, and MissingGlyph.
    """
    return list(_two_lines(text, style, width, min_size, bound))


@lru_cache(maxsize=4096)
def _two_lines(
    text: str, style: Style, width: float, min_size: float, bound: frozenset[str]
) -> tuple[Line, ...]:
    """Cached: certificates of one cohort have the same texts except the names."""
    style = _evened(tidy(text), style)
    whole = set_line(text, style)
    if whole.width <= width:
        return (whole,)
    halves = _halves(whole.text, style, bound) or [whole]
    widest = max(line.width for line in halves)
    if widest <= width:
        return tuple(halves)
    # A hundredth of a point smaller, so that rounding does not make the text too wide.
    size = int(style.size * width / widest * 100) / 100
    if size < min_size:
        needed = widest * min_size / style.size
        raise TextDoesNotFit(text=whole.text, needed=needed, available=width, min_size=min_size)
    smaller = replace(style, size=size)
    return tuple(_halves(whole.text, smaller, bound) or [set_line(text, smaller)])


def _halves(text: str, style: Style, bound: frozenset[str]) -> list[Line]:
    """The two lines whose longer one is shortest; none where the text cannot be parted."""
    direction = style.direction_of(text)
    levels = embedding_levels(text, direction)
    best: list[Line] = []
    for space in re.finditer(" ", text):
        start, end = space.span()
        if text[:start].rpartition(" ")[2] in bound:
            continue
        lines = [
            _composed(text[:start], levels[:start], direction, style),
            _composed(text[end:], levels[end:], direction, style),
        ]
        if not best or max(line.width for line in lines) < max(line.width for line in best):
            best = lines
    return best


def _evened(text: str, style: Style) -> Style:
    """The style with the font first that has the whole text, so that all lines of a text are drawn by it."""
    if not style.whole_words:
        return style
    typeface = _typeface_of(text, style.typeface)
    return style if typeface is style.typeface else replace(style, typeface=typeface)


@lru_cache(maxsize=8192)
def _typeface_of(text: str, typeface: Typeface) -> Typeface:
    whole = font_of(text, typeface)
    if whole is None or whole == typeface[0]:
        return typeface
    return (whole, *(name for name in typeface if name != whole))


def lines_height(lines: list[Line]) -> float:
    """The height of lines under one another, each as high as its leading."""
    return sum(line.style.size * line.style.leading for line in lines)


def tidy(text: str) -> str:
    """The text as a line says it: white space is one space, bidi controls are dropped."""
    return _WHITE_SPACE.sub(" ", strip_controls(text)).strip(" ")


def _wrap_paragraph(text: str, style: Style, width: float) -> list[Line]:
    style = _evened(text, style)
    direction = style.direction_of(text)
    # Levels are the paragraph's: a number at the start of a line still follows the Arabic word before the break.
    levels = embedding_levels(text, direction)

    def line(start: int, end: int) -> Line:
        return _composed(text[start:end], levels[start:end], direction, style)

    lines: list[Line] = []
    start = 0
    fitting: Line | None = None
    for word in re.finditer(r"[^ ]+", text):
        candidate = line(start, word.end())
        if fitting is not None and candidate.width > width:
            lines.append(fitting)
            start = word.start()
            candidate = line(start, word.end())
        if candidate.width > width:
            raise TextDoesNotFit(
                text=candidate.text, needed=candidate.width, available=width, min_size=style.size
            )
        fitting = candidate
    lines.append(fitting or line(0, 0))
    return lines


def _composed(text: str, levels: tuple[int, ...], direction: Direction, style: Style) -> Line:
    runs, extents = _compose(text, levels, direction, style.typeface, whole_words=style.whole_words)
    return Line(
        text=text, style=style, direction=direction, runs=runs, extents=extents.scaled(style.size / 1000)
    )


@lru_cache(maxsize=8192)
def _compose(
    text: str, levels: tuple[int, ...], direction: Direction, typeface: Typeface, *, whole_words: bool
) -> tuple[tuple[ShapedRun, ...], Extents]:
    """The runs of a line from left to right and its extents in thousandths of the size, the same at every size."""
    spans = font_spans(text, typeface, whole_words=whole_words)
    runs = tuple(
        shape(font, text, start, end, rtl=run.is_rtl)
        for run in visual_runs(text, levels, direction)
        for start, end, font in _visual_spans(run, spans)
    )
    return runs, _extents(runs)


def _visual_spans(run: Run, spans: list[tuple[int, int, Font]]) -> list[tuple[int, int, Font]]:
    """The font spans inside a run, from left to right."""
    inside = [
        (max(start, run.start), min(end, run.end), font)
        for start, end, font in spans
        if start < run.end and end > run.start
    ]
    return inside[::-1] if run.is_rtl else inside


def _extents(runs: tuple[ShapedRun, ...]) -> Extents:
    """Advance and ink together."""
    left = bottom = right = top = pen = 0.0
    for run in runs:
        unit = run.font.unit
        for placement in (slot.placement for slot in run.slots):
            for component in placement.components:
                ink = run.font.hb.get_glyph_extents(component.glyph)
                # A space has no ink to measure.
                if ink is not None and ink.width:
                    # HarfBuzz measures ink from its top left corner; height is negative.
                    x = pen + (component.dx + ink.x_bearing) * unit
                    y = (component.dy + ink.y_bearing) * unit
                    left, right = min(left, x), max(right, x + ink.width * unit)
                    bottom, top = min(bottom, y + ink.height * unit), max(top, y)
            pen += placement.advance * unit
    return Extents(left=left, bottom=bottom, right=max(right, pen), top=top)
