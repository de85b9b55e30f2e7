"""The vertical position of a line in its box."""

# Half of what letters of a family reach above the base line less what they reach below it, in sizes.
_MIDDLES = {"Amiri": 0.2, "IBMPlexSansArabic": 0.24}


def middle_of(font: str) -> float:
    """The height of the middle of a line above its base line, in sizes, by the PostScript name of its font."""
    return _MIDDLES[font.partition("-")[0]]
