"""One set of style sheets for both directions and both color schemes, with enough contrast."""

import re
from pathlib import Path

import pytest

from lms.colors import identity_tokens
from tests.bundles import ASSETS, bundle, bundled
from typesetting.colors import contrast

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ASSETS / "css").rglob("*.css"))
PHYSICAL = re.compile(
    r"(?<![\w-])(?:left|right|top|bottom)\s*:"
    r"|(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)\b"
    r"|text-align\s*:\s*(?:left|right)|float\s*:\s*(?:left|right)|clear\s*:\s*(?:left|right)"
    r"|(?<![\w-])(?:min-|max-)?(?:width|height)\s*:"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
    r"|to\s+(?:left|right)\b"
)
TRADES = ("electricity", "metal", "garments", "networks", "building", "services")
# Text and the surface behind it.
TEXT_PAIRS = [
    *[
        ("ink", surface)
        for surface in ("paper", "card", "sunken", "accent-soft", "tape-soft", "ok-soft", "bad-soft")
    ],
    *[
        ("ink-soft", surface)
        for surface in ("paper", "card", "sunken", "tape-case", "ok-soft", "warn-soft", "bad-soft")
    ],
    *[("accent", surface) for surface in ("paper", "card")],
    ("accent-hover", "paper"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("on-accent-soft", "accent-soft"),
    ("on-bar", "bar"),
    ("on-bar-soft", "bar"),
    ("on-tape", "tape"),
    ("on-tape-soft", "tape-soft"),
    ("ok", "ok-soft"),
    ("ok", "card"),
    ("on-ok", "ok"),
    ("warn", "card"),
    ("bad", "card"),
    ("bad", "paper"),
    ("bad", "bad-soft"),
    ("on-bad", "bad"),
    *[pair for trade in TRADES for pair in ((trade, f"{trade}-soft"), (trade, "card"), (trade, "paper"))],
    *[("ink-soft", f"{trade}-soft") for trade in TRADES],
]
# Edges of controls, signs and the focus ring.
SHAPE_PAIRS = [
    ("line-strong", "card"),
    ("line-strong", "paper"),
    ("focus", "paper"),
    ("focus", "card"),
    ("tape", "bar"),
]


def tokens(scheme: str) -> dict[str, str]:
    text = (ASSETS / "css" / "base" / "tokens.css").read_text(encoding="utf-8")
    light, dark, *_rest = text.split("@media")
    found = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", light))
    return found if scheme == "light" else found | dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", dark))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_a_sheet_names_no_physical_side(sheet: Path):
    # A screen's safe areas have physical names only.
    rules = re.sub(
        r"/\*.*?\*/|@media[^{]*|env\([^)]*\)", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL
    )

    assert PHYSICAL.findall(rules) == []


def test_the_side_check_sees_a_physical_side():
    assert PHYSICAL.search("a { margin-left: 1px }")
    assert PHYSICAL.search("a { width: 1px }")
    assert not PHYSICAL.search("a { margin-inline-start: 1px; inline-size: 2px; border-width: 1px }")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ink, surface", TEXT_PAIRS)
def test_text_is_readable(scheme: str, ink: str, surface: str):
    named = tokens(scheme)

    assert contrast(named[ink], named[surface]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("shape, surface", SHAPE_PAIRS)
def test_edges_and_signs_are_visible(scheme: str, shape: str, surface: str):
    named = tokens(scheme)

    assert contrast(named[shape], named[surface]) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_end_of_a_tape_is_seen_by_its_hook_or_its_color(scheme: str):
    named = tokens(scheme)

    hook, color = contrast(named["ink"], named["tape"]), contrast(named["tape"], named["tape-case"])
    assert max(hook, color) >= 3


@pytest.mark.parametrize(
    "accent", ["#0d655c", "#ffffff", "#000000", "#ffe000", "#7a1f2b", "#1e3a8a", "#888888"]
)
@pytest.mark.parametrize("signal", ["#f2b632", "#ffffff", "#000000", "#c8102e"])
def test_any_colors_a_ministry_picks_stay_readable(accent: str, signal: str):
    named = zip(("light", "dark"), identity_tokens(accent=accent, signal=signal), strict=True)

    for scheme, own in named:
        merged = tokens(scheme) | own
        unreadable = [
            (scheme, ink, surface)
            for ink, surface in TEXT_PAIRS
            if contrast(merged[ink], merged[surface]) < 4.5
        ]
        assert unreadable == []


def test_contrast_is_the_ratio_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_every_token_a_sheet_uses_is_defined():
    text = bundled("css/site.css")

    used = set(re.findall(r"var\(--([\w-]+)\)", text))
    defined = set(re.findall(r"--([\w-]+):", text))
    assert used - defined == set()


@pytest.mark.parametrize(("name", "folder"), [("site", "components"), ("room", "room")])
def test_a_bundle_holds_every_sheet_of_its_folder_and_no_comment(name: str, folder: str):
    sheets = {str(sheet.relative_to(ROOT)) for sheet in (ASSETS / "css" / folder).glob("*.css")}

    assert sheets - set(bundle()[f"css/{name}.css"]) == set()
    assert "/*" not in bundled(f"css/{name}.css")


def test_the_fonts_of_a_first_view_stay_small():
    fonts = list((ROOT / "lms" / "static" / "fonts").glob("*.woff2"))

    arabic = [font for font in fonts if "arabic" in font.name]
    assert (len(fonts), len(arabic)) == (4, 2)
    assert sum(font.stat().st_size for font in fonts) <= 60_000
    assert sum(font.stat().st_size for font in arabic) <= 27_000


def test_each_font_of_rooms_takes_the_place_of_one_of_the_site():
    """A face replaces the one before it whose descriptors are the same, but for how it is shown while it loads."""

    def faces(name: str) -> list[str]:
        text = (ASSETS / "css" / name).read_text()
        found = re.findall(r"@font-face \{(.*?)\}", text, re.DOTALL)
        return [re.sub(r"font-display: \w+;", "", face) for face in found]

    assert faces("room/fonts.css") == faces("base/fonts.css") != []
