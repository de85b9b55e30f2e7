"""A parsed frozen design: sheets, boxes and colors."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from certificates.drawing.wording import blocks_of_wording
from typesetting import NASKH, NASKH_BOLD, SANS, SANS_BOLD, SANS_MEDIUM, Role, Typeface, mm

Color = tuple[float, float, float]

INK: Color = (0.08, 0.15, 0.16)
MUTED: Color = (0.30, 0.37, 0.39)
WARNING: Color = (0.62, 0.08, 0.08)
WHITE: Color = (1, 1, 1)

FONTS: dict[str, Typeface] = {
    "naskh": NASKH,
    "naskh-bold": NASKH_BOLD,
    "sans": SANS,
    "sans-medium": SANS_MEDIUM,
    "sans-bold": SANS_BOLD,
}
# None: an artifact, which screen readers skip.
ROLES: dict[str, Role | None] = {
    "title": Role.H1,
    "heading": Role.H2,
    "paragraph": Role.P,
    "caption": Role.CAPTION,
    "artifact": None,
}


class Side(StrEnum):
    """A sheet of a design: the page, or one of the two sides of a card."""

    PAGE = "page"
    FRONT = "front"
    BACK = "back"


class PageFormat(StrEnum):
    A4_LANDSCAPE = "a4-landscape"
    A4_PORTRAIT = "a4-portrait"
    CARD = "card"


# A third of a millimeter, in points.
_TOUCH = 0.33 * mm

# Width and height in millimeters; cards are ID-1 of ISO/IEC 7810.
CARD_SIZE = (85.6, 53.98)
_PAGE_SIZES = {PageFormat.A4_LANDSCAPE: (297.0, 210.0), PageFormat.A4_PORTRAIT: (210.0, 297.0)}


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points: left and bottom from the left bottom corner of its sheet."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def top(self) -> float:
        return self.bottom + self.height

    @property
    def middle(self) -> float:
        return self.bottom + self.height / 2

    def holds(self, other: "Box") -> bool:
        """Whether no more than an edge of the other is outside."""
        return (
            self.left <= other.left + _TOUCH
            and self.right >= other.right - _TOUCH
            and self.bottom <= other.bottom + _TOUCH
            and self.top >= other.top - _TOUCH
        )

    def overlaps(self, other: "Box") -> bool:
        """Whether the interiors overlap: edges may touch."""
        across = min(self.right, other.right) - max(self.left, other.left)
        along = min(self.top, other.top) - max(self.bottom, other.bottom)
        return across > _TOUCH and along > _TOUCH


@dataclass(frozen=True)
class Block:
    """One thing on a sheet. `number` counts from 1 in the order of the design; `values` are as the editor stores them."""

    number: int
    kind: str
    side: Side
    box: Box
    values: Mapping[str, Any]

    @property
    def role(self) -> Role | None:
        """That of a text; pictures have theirs from their description."""
        return ROLES.get(self.values.get("role", "paragraph"))


@dataclass(frozen=True)
class Design:
    """A design read once per process; what it has of fixed blocks is laid out once, too."""

    format: PageFormat
    blocks: tuple[Block, ...]
    colors: Mapping[str, Color]
    wording: Mapping[str, Any]
    # Whether a word with a letter that its font lacks is drawn by another font whole: since the second edition.
    whole_words: bool = False
    # The painters of fixed blocks, by block number.
    laid: dict[int, Any] = field(default_factory=dict)

    @property
    def has_card_beside_page(self) -> bool:
        """Whether the design has a card in addition to its page. False for a design that is a card."""
        return self.format is not PageFormat.CARD and any(
            block.side is not Side.PAGE for block in self.blocks
        )

    def sides(self, *, card: bool) -> tuple[Side, ...]:
        if card or self.format is PageFormat.CARD:
            return (Side.FRONT, Side.BACK)
        return (Side.PAGE,)

    def size(self, side: Side) -> tuple[float, float]:
        """Width and height of a sheet in points."""
        width, height = _PAGE_SIZES[self.format] if side is Side.PAGE else CARD_SIZE
        return width * mm, height * mm

    def on(self, side: Side) -> list[Block]:
        return [block for block in self.blocks if block.side is side]


def read_design(frozen: Mapping[str, Any]) -> Design:
    """The design of a certificate; one from before designs had blocks is its wording in the layout of then."""
    written = _written(frozen)
    return _read(_digest_of(written), written)


def design_digest(frozen: Mapping[str, Any]) -> str:
    """SHA-256 of a design in hexadecimal: equal for designs that print alike."""
    return _digest_of(_written(frozen))


def _written(frozen: Mapping[str, Any]) -> str:
    return json.dumps(frozen, sort_keys=True, ensure_ascii=False)


def _digest_of(written: str) -> str:
    return hashlib.sha256(written.encode()).hexdigest()


@lru_cache(maxsize=64)
def _read(_digest: str, written: str) -> Design:
    wording = json.loads(written)
    format_ = PageFormat(wording.get("format", PageFormat.A4_LANDSCAPE))
    blocks = wording["blocks"] if "blocks" in wording else blocks_of_wording()
    return Design(
        format=format_,
        blocks=tuple(_block(number, values, format_) for number, values in enumerate(blocks, start=1)),
        colors={
            "ink": INK,
            "muted": MUTED,
            "warning": WARNING,
            "white": WHITE,
            "accent": color(wording["accent"]),
            "signal": color(wording.get("signal", "#f2b533")),
        },
        wording=wording,
        whole_words=wording.get("edition", 1) > 1,
    )


def _block(number: int, values: Mapping[str, Any], format_: PageFormat) -> Block:
    place = values["place"]
    side = Side(place["side"])
    if (side is Side.PAGE) and format_ is PageFormat.CARD:
        side = Side.FRONT
    sheet = _PAGE_SIZES[format_] if side is Side.PAGE else CARD_SIZE
    box = Box(
        left=place["x"] * mm,
        bottom=(sheet[1] - place["y"] - place["height"]) * mm,
        width=place["width"] * mm,
        height=place["height"] * mm,
    )
    return Block(number=number, kind=values["kind"], side=side, box=box, values=values)


def color(text: str) -> Color:
    """Red, green and blue from 0 to 1 of #RRGGBB."""
    red, green, blue = (int(text[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue
