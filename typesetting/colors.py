"""Arithmetic on colors `#rrggbb`, so that an accent that a ministry picks stays readable on screens and on paper.

Contrast follows WCAG 2.2, "contrast ratio" and "relative luminance".
"""

PAPER = "#ffffff"
INK = "#000000"


def channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def luminance(color: str) -> float:
    """Relative luminance of `#rrggbb`, 0 (black) to 1 (white)."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in channels(color))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two `#rrggbb` colors, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(color: str, into: str, share: float) -> str:
    """`color` mixed with a `share` (0 to 1) of `into`."""
    blended = (round(a + (b - a) * share) for a, b in zip(channels(color), channels(into), strict=True))
    return "#{:02x}{:02x}{:02x}".format(*blended)


def readable(color: str, *, on: str, toward: str, ratio: float = 4.5) -> str:
    """The shade of `color` nearest to it, moved `toward` a color, that reaches `ratio` on `on`."""
    for step in range(101):
        shade = mix(color, toward, step / 100)
        if contrast(shade, on) >= ratio:
            return shade
    return toward
