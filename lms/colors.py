"""The colors of pages that follow from the accent and the signal color a ministry picks, readable on every surface.

The arithmetic of contrast is that of paper, too: `typesetting.colors`.
"""

import colorsys

from typesetting.colors import channels, contrast, mix, readable


def hue_saturation_lightness(color: str) -> tuple[str, str, str]:
    """`#0d655c` as "173.9", "77.2%", "22.4%": how the Wagtail admin wants its colors."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in channels(color)))
    return f"{hue * 360:.1f}", f"{saturation * 100:.1f}%", f"{lightness * 100:.1f}%"


def admin_tokens(light: dict[str, str]) -> dict[str, str]:
    """The Wagtail admin's two brand colors, from the light tokens of `identity_tokens`."""
    return {
        f"w-color-{role}-{part}": value
        for role, token in (("primary", "bar"), ("secondary", "accent"))
        for part, value in zip(
            ("hue", "saturation", "lightness"), hue_saturation_lightness(light[token]), strict=True
        )
    }


def identity_tokens(*, accent: str, signal: str) -> tuple[dict[str, str], dict[str, str]]:
    """The tokens of `tokens.css` that follow from an accent and a signal color: (light, dark)."""
    white, black = "#ffffff", "#000000"
    text = readable(accent, on="#eeeadf", toward=black)
    soft = mix(text, "#fffefb", 0.88)
    tape_soft = mix(signal, "#fffefb", 0.78)
    light = {
        "accent": text,
        "accent-hover": mix(text, black, 0.25),
        "accent-soft": soft,
        "on-accent-soft": readable(text, on=soft, toward=black, ratio=7),
        "bar": readable(mix(text, black, 0.2), on=white, toward=black, ratio=9),
        "tape": signal,
        "on-tape": _ink_on(signal),
        "tape-soft": tape_soft,
        "on-tape-soft": readable(signal, on=tape_soft, toward=black, ratio=7),
    }
    bright = readable(accent, on="#1d2b28", toward=white, ratio=6)
    dark_soft = mix(bright, "#0f1817", 0.82)
    dark_tape_soft = mix(signal, "#0f1817", 0.8)
    dark = {
        "accent": bright,
        "accent-hover": mix(bright, white, 0.3),
        "on-accent": _ink_on(bright),
        "accent-soft": dark_soft,
        "on-accent-soft": readable(bright, on=dark_soft, toward=white, ratio=7),
        "bar": readable(mix(accent, black, 0.6), on=white, toward=black, ratio=12),
        "tape-soft": dark_tape_soft,
        "on-tape-soft": readable(signal, on=dark_tape_soft, toward=white, ratio=7),
    }
    return light, dark


def _ink_on(surface: str) -> str:
    dark = mix(surface, "#000000", 0.85)
    return dark if contrast(dark, surface) >= 4.5 else "#ffffff"
