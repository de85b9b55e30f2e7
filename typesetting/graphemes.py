"""Grapheme clusters: letters with their marks."""

import re
import unicodedata

# Characters that HarfBuzz never draws: soft hyphen, joiners, invisible operators, variation selectors.
_INVISIBLE = re.compile("[\u00ad\u034f\u180b-\u180f\u200b-\u200d\u2060-\u2064\ufe00-\ufe0f]")
# Short vowels, tanween, shadda, sukun and Koranic signs. Not maddah and hamza (U+0653-0655): they are spelling.
_HARAKAT = re.compile(
    "[\u0610-\u061a\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]"
)


def is_invisible(char: str) -> bool:
    """Whether the character shapes its neighbors but is itself never drawn."""
    return _INVISIBLE.match(char) is not None


def without_harakat(text: str) -> str:
    """The text without Arabic vowel signs, as names are usually printed."""
    return _HARAKAT.sub("", text)


def graphemes(text: str) -> list[str]:
    """The text cut into letters with the marks and joiners that follow them (a subset of UAX #29 that needs no tables)."""
    parts: list[str] = []
    for char in text:
        if parts and (unicodedata.category(char) in {"Mn", "Mc", "Me"} or is_invisible(char)):
            parts[-1] += char
        else:
            parts.append(char)
    return parts
