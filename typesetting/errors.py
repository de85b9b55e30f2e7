"""Errors of typesetting.

The messages are for developers and logs. Each error has its details as attributes, so that an application can
translate them.
"""

import unicodedata


class TypesettingError(Exception):
    """The base class: a text or picture cannot be printed."""


class MissingGlyph(TypesettingError):
    """No font of the typeface has these characters; printing anyway would drop or box them."""

    def __init__(self, *, text: str, characters: tuple[str, ...]) -> None:
        self.text = text
        self.characters = characters
        named = ", ".join(f"U+{ord(c):04X} {unicodedata.name(c, 'unnamed')}" for c in characters)
        super().__init__(f"no glyph for {named}")


class HeadingOutOfOrder(TypesettingError):
    """A heading more than one level below the one before; `previous` is 0 before the first (ISO 14289-1, 7.4.2)."""

    def __init__(self, *, text: str, level: int, previous: int) -> None:
        self.text = text
        self.level = level
        self.previous = previous
        super().__init__(f"a heading of level {level} after level {previous}: {text!r}")


class TextDoesNotFit(TypesettingError):
    """The text is larger than its box, even at the smallest size allowed. Measures are points."""

    def __init__(self, *, text: str, needed: float, available: float, min_size: float) -> None:
        self.text = text
        self.needed = needed
        self.available = available
        self.min_size = min_size
        super().__init__(
            f"{needed:.1f} pt needed at {min_size:g} pt type, {available:.1f} pt available: {text!r}"
        )
