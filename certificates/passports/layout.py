"""Measures, colors and fonts of the PDF of a skills passport."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from typesetting import (
    A4,
    Direction,
    Style,
    Typeface,
    mm,
)

from ..drawing.design import Color, color
from ..drawing.kinds.ornaments import (
    second_of,
)
from ..jose import Json
from ..openbadges.credential import parse_timestamp

_CAIRO = ZoneInfo("Africa/Cairo")
WIDTH, HEIGHT = A4
# Of the border from the edge of the sheet, and of what is printed inside it.
EDGE, MARGIN = 6 * mm, 24 * mm
INNER = WIDTH - 2 * MARGIN
RIGHT = WIDTH - MARGIN
# Millimeters.
EMBLEM_SIDE = 21
# What every page leaves free below its certificates.
FOOT = 52 * mm
SMALLEST = 6


@dataclass(frozen=True)
class Face:
    """The printed identity: state, colors of the ministry, and the emblem as bytes of a picture, if there is one."""

    state_ar: str = ""
    state_en: str = ""
    accent: str = "#0d655c"
    signal: str = "#f2b632"
    emblem: bytes = b""

    @property
    def color(self) -> Color:
        return color(self.accent)

    @property
    def second(self) -> Color:
        return second_of(color(self.signal))


@dataclass(frozen=True)
class PassportData:
    """A passport to be drawn. `content` is that of `passport_content`; `file` is attached and holds the signed form.

    `share_address` is the content of the QR code; `seal_size` the bytes to reserve for the seal; `watermark` is printed across a
    demo passport.
    """

    content: Json
    file: bytes
    share_address: str
    seal_size: int
    watermark: str = ""
    face: Face = field(default_factory=Face)


def styled(
    typeface: Typeface, size: float, ink: Color, direction: Direction | None = None, leading: float = 1.4
) -> Style:
    return Style(typeface, size, ink, leading=leading, direction=direction, whole_words=True)


def moment_of(text: str) -> datetime:
    return parse_timestamp(text).astimezone(_CAIRO)


def last_day(content: Json) -> date:
    return (moment_of(content["expires_at"]) - timedelta(seconds=1)).date()
