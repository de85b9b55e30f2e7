# /// script
# requires-python = ">=3.12"
# dependencies = ["fonttools[woff]>=4.60", "fontpkg-ibm-plex-sans-arabic>=1.101,<2"]
# ///
"""Cut the site's web fonts and its mark from IBM Plex Sans Arabic.

The published web files cost 128 kB for two weights in two scripts, most of a trainee's first view.
Arabic as Egypt writes it, Latin and the marks of a page need 47 kB in two files for each weight: a page in
Arabic alone loads half of them. The results are committed, so running the site does not need this:
`uv run scripts/build_fonts.py`.

The font's license (SIL OFL 1.1, in the same folder) reserves the name "Plex", so the cut font is named
"Mihna Sans". A character outside the cut falls back to the reader's own Arabic font.
"""

from pathlib import Path

import fontpkg_ibm_plex_sans_arabic as plex
from fontTools import subset
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

SOURCE = Path(plex.__file__).parent
STATIC = Path(__file__).resolve().parent.parent / "lms" / "static"
WEIGHTS = {400: "Regular", 600: "SemiBold"}

ARABIC = {
    *range(0x0621, 0x063B),
    *range(0x0640, 0x0653),  # letters, tatweel and the marks of vowels
    *range(0x0660, 0x066E),  # Arabic-Indic digits, percent and separators
    *map(ord, "،؛؟ٰٱپچژڤگ"),  # punctuation, and the letters of foreign names
}
# What is between words of both scripts comes with the Arabic ones. `unicode-range` of base/fonts.css, base/base.css, room/fonts.css and design_preview.css has the same split.
BETWEEN = {*map(ord, ' \u00a0!"%()*+-./:·×–…«»←→−'), 0x200C, 0x200D, 0x200E, 0x200F}
LATIN = {*range(0x21, 0x7F), *map(ord, "—‘’“”•")} - BETWEEN
PARTS = {"arabic": ARABIC | BETWEEN, "latin": LATIN}

# The mark: the first letter of the trade, as the font draws it, on a tile with a ruler's edge.
MARK = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="Mihna">
<rect width="64" height="64" rx="14" fill="#f2b632"/>
<path d="{letter}" fill="#3d2a00"/>
<path d="M10 0v9M18.8 0v5M27.600 0v5M36.400 0v9M45.200 0v5M54 0v5" stroke="#3d2a00" stroke-width="2" opacity=".55"/>
</svg>
"""


def cut(weight: int, style: str, part: str) -> None:
    font = TTFont(next(SOURCE.rglob(f"*-{style}.ttf")))
    options = subset.Options(flavor="woff2", hinting=False, name_IDs=[0, 1, 2, 13, 14], notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=PARTS[part])
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID == 1:
            record.string = "Mihna Sans"
    subset.save_font(font, STATIC / "fonts" / f"mihna-sans-{part}-{weight}.woff2", options)


def draw_mark() -> None:
    font = TTFont(next(SOURCE.rglob("*-SemiBold.ttf")))
    glyphs = font.getGlyphSet()
    meem = font.getBestCmap()[ord("م")]
    bounds = BoundsPen(glyphs)
    glyphs[meem].draw(bounds)
    x0, y0, x1, y1 = bounds.bounds
    scale = 37 / (y1 - y0)
    pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.4g}")
    center = (32 - scale * (x0 + x1) / 2, 36 + scale * (y0 + y1) / 2)
    glyphs[meem].draw(TransformPen(pen, (scale, 0, 0, -scale, *center)))
    (STATIC / "img" / "mark.svg").write_text(MARK.format(letter=pen.getCommands()), encoding="utf-8")


if __name__ == "__main__":
    for weight, style in WEIGHTS.items():
        for part in PARTS:
            cut(weight, style, part)
    draw_mark()
