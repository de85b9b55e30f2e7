"""Items of every kind, as somebody might write them."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from assessment.exchange.canonical import checked
from assessment.exchange.item import FALSE, TRUE, Item, Picture
from assessment.exchange.texts import tidy, tidy_line, tidy_name
from assessment.marking.choice import even_weights

# A PNG of 40 by 30, as far as anybody reads it here.
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (40).to_bytes(4, "big") + (30).to_bytes(4, "big")

_signs = st.sampled_from(
    [*"abZ 19=~#{}:\\<>&%[]/|'\"*-_.،؟؛ مسةآلك٣ً\n", "->", "{mlang", "<b>", "&amp;", "//", "::", "π"]
)
_words = st.lists(_signs, min_size=1, max_size=12).map("".join)


def _has_no_gap(text: str) -> bool:
    return bool(text) and "[[" not in text and "\\(" not in text and "\\[" not in text


texts = _words.map(tidy).filter(_has_no_gap)
lines = _words.map(tidy_line).filter(_has_no_gap)
names = _words.map(tidy_name)
languages = st.sampled_from([("ar",), ("en",), ("ar", "en")])


@st.composite
def said(draw: Any, spoken: Sequence[str]) -> dict[str, str]:
    return {language: draw(texts) for language in spoken}


@st.composite
def options(draw: Any, spoken: Sequence[str], least: int = 2) -> list[dict[str, Any]]:
    found = draw(
        st.lists(said(spoken), min_size=least, max_size=4, unique_by=lambda text: str(sorted(text.items())))
    )
    return [{"id": f"o{number}", "text": text} for number, text in enumerate(found)]


shares = st.sampled_from(["1/2", "1/3", "0.25", "2/7", "1/12", "0.333"])


@st.composite
def single(draw: Any, spoken: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    shown = draw(options(spoken))
    weights = {shown[-1]["id"]: "1"}
    if draw(st.booleans()):
        weights[shown[0]["id"]] = draw(st.one_of(shares, shares.map(lambda share: f"-{share}")))
    return {"options": shown}, {"weights": weights}


@st.composite
def multiple(draw: Any, spoken: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    shown = draw(options(spoken))
    right = draw(st.integers(1, len(shown)))
    ids = [one["id"] for one in shown]
    return {"options": shown}, {"weights": even_weights(ids[:right], ids[right:], takes_one=False)}


@st.composite
def true_false(draw: Any, _spoken: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    shown = [{"id": "true", "text": TRUE}, {"id": "false", "text": FALSE}]
    return {"options": shown}, {"weights": {draw(st.sampled_from(["true", "false"])): "1"}}


decimals = st.decimals(-1000, 1000, allow_nan=False, places=3).map(lambda number: str(Fraction(number)))
widths = st.sampled_from(["0", "0.01", "3", "5%", "0.5%"])


@st.composite
def numeric(
    draw: Any, _spoken: Sequence[str], *, has_units: bool = True
) -> tuple[dict[str, Any], dict[str, Any]]:
    answers = [{"value": draw(decimals), "tolerance": draw(widths)}]
    if draw(st.booleans()):
        answers.append({"value": draw(decimals), "tolerance": draw(widths), "share": draw(shares)})
    units = draw(st.sampled_from([{}, {"m": "1", "cm": "1/100"}, {"أمبير": "1"}])) if has_units else {}
    return {"unit": {"is_asked": bool(units) and draw(st.booleans())}}, {"answers": answers, "units": units}


@st.composite
def generated(draw: Any, _spoken: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    answer = {
        "value": draw(st.sampled_from(["a + {b}", "ln({a})*2", "rad(a)/{b}"])),
        "tolerance": draw(widths),
    }
    variables = [
        {"name": "a", "low": "1", "high": "10", "step": "0.25"},
        {"name": "b", "low": "2", "high": "9", "step": "1"},
    ]
    return {"variables": ["a", "b"]}, {"answers": [answer], "variables": variables}


@st.composite
def short_text(
    draw: Any, _spoken: Sequence[str], *, is_exact: bool | None = None, without: str = "\n"
) -> tuple[dict[str, Any], dict[str, Any]]:
    letters = lines.filter(
        lambda text: any(sign.isalnum() for sign in text) and text.count("*") < 5 and without not in text
    )
    accepted = [{"text": draw(letters)}]
    if draw(st.booleans()):
        other = draw(letters.filter(lambda text: text != accepted[0]["text"]))
        accepted.append({"text": other, "share": draw(shares)})
    exact = draw(st.booleans()) if is_exact is None else is_exact
    return {}, {"accepted": accepted, "is_exact": exact}


@st.composite
def matching(draw: Any, spoken: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    stems, choices = draw(options(spoken)), draw(options(spoken))
    pairs = {stem["id"]: draw(st.sampled_from(choices))["id"] for stem in stems}
    return {"stems": stems, "choices": choices}, {"pairs": pairs}


@st.composite
def ordering(
    draw: Any, spoken: Sequence[str], *, grading: Sequence[str] = ("all", "places", "neighbors")
) -> tuple[dict[str, Any], dict[str, Any]]:
    shown = draw(options(spoken))
    order = draw(st.permutations([one["id"] for one in shown]))
    return {"items": shown}, {"order": order, "credit": draw(st.sampled_from(grading))}


@st.composite
def gaps(
    draw: Any, spoken: Sequence[str], *, most: int = 3, without: str = "\n", is_exact: bool | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    kinds = draw(st.lists(st.sampled_from(["single", "short_text", "numeric"]), min_size=1, max_size=most))
    shown, keys = [], {}
    for number, kind in enumerate(kinds):
        parts = {
            "single": single(spoken),
            "short_text": short_text(spoken, without=without, is_exact=is_exact),
            "numeric": numeric(spoken, has_units=False),
        }
        content, key = draw(parts[kind])
        shown.append({"id": f"g{number}", "kind": kind, "content": content})
        keys[f"g{number}"] = {"key": key, "points": draw(st.integers(1, 3))}
    return {"gaps": shown}, {"gaps": keys}


@st.composite
def hotspot(draw: Any, spoken: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    areas = [
        {"circle": [draw(st.integers(0, 1000)), 20, 7]},
        {"rectangle": [10, 20, draw(st.integers(11, 1000)), 999]},
        {"polygon": [[1, 2], [333, 4], [5, draw(st.integers(5, 1000))]]},
    ]
    content, key = draw(multiple(spoken))
    instead = {"kind": "multiple", "content": {"text": draw(said(spoken)), **content}}
    return (
        {"most": 3, "picture": "board.png", "ratio": "0.75", "instead": instead},
        {"areas": areas, "instead": key},
    )


def by_hand(_spoken: Sequence[str]) -> Any:
    return st.just(({}, {}))


@st.composite
def files(draw: Any, _spoken: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"most": draw(st.integers(1, 5))}, {}


PARTS = {
    "single": single,
    "multiple": multiple,
    "true_false": true_false,
    "numeric": numeric,
    "short_text": short_text,
    "matching": matching,
    "ordering": ordering,
    "fill_in": gaps,
    "hotspot": hotspot,
    "essay": by_hand,
    "files": files,
}


@st.composite
def items(
    draw: Any, kind: str, parts: Any = None, spoken: Sequence[str] | None = None, *, shows: bool = False
) -> Item:
    """With a picture in its text where it `shows` one, described in all, some or none of its languages."""
    spoken = spoken or draw(languages)
    content, key = draw((parts or PARTS[kind])(spoken))
    pictures = [Picture("board.png", PICTURE)] if kind == "hotspot" else []
    if shows:
        described = draw(st.lists(st.sampled_from(spoken), unique=True))
        content["medium"] = {"picture": "صورة 1.png", "alt": {one: draw(lines) for one in described}}
        pictures.append(Picture("صورة 1.png", PICTURE + b"!"))
    text = draw(said(spoken))
    if kind == "fill_in":
        places = " ".join(f"[[{gap['id']}]]" for gap in content["gaps"])
        text = {language: f"{one} {places} {draw(lines)} س" for language, one in text.items()}
    return checked(
        Item(
            kind,
            text,
            content,
            key,
            draw(st.one_of(st.just({}), said(spoken))),
            points=draw(st.integers(1, 9)),
            tags=tuple(draw(st.lists(names.filter(bool), max_size=2))),
            difficulty=draw(st.one_of(st.none(), st.integers(1, 5))),
            title=tidy_line(draw(_words)),
            name=draw(names),
            category=draw(st.sampled_from(["", "كهرباء", "كهرباء/لوحات"])),
            pictures=tuple(pictures),
        )
    )
