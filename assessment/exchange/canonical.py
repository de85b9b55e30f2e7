"""One form for items that say the same, so that what was written can be compared with what is read. Independent of Django.

Ids of options, stems, choices, items and gaps are numbers from 1, and no id says what is right: those of options, choices and items to
order follow the order of their texts, wherever options are in the list; choices and items are in that order. Shares are fractions, texts are tidy, numbers have decimals.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import gcd
from typing import Any

from assessment.exchange.figures import decimal_of, decimal_of_formula
from assessment.exchange.item import (
    FALSE,
    LANGUAGES,
    TRUE,
    FaultCode,
    FaultyQuestion,
    Item,
    Note,
    NoteCode,
    Texts,
)
from assessment.exchange.texts import tidy, tidy_line, tidy_name
from assessment.marking.kinds import question_of
from assessment.marking.question import InvalidQuestion

_PREFIX = re.compile(r"^(?:\$(?:course|module|system|cat)[^/$]*\$/?|top(?:/|$))+")
_DIFFICULTY = re.compile(r"difficulty:\s*([1-5])")

# Content and key.
type Parts = tuple[dict[str, Any], dict[str, Any]]


def canonical(item: Item) -> Item:
    """The item in the one form. Raises FaultyQuestion where it cannot be marked."""
    try:
        content, key = _PARTS[item.kind](item.content, item.key)
        text, content, key = _with_gaps_in_order(item, content, key)
    except (KeyError, TypeError, ValueError, AttributeError, ZeroDivisionError) as error:
        raise FaultyQuestion(FaultCode.UNMARKABLE, repr(error)) from error
    if medium := item.content.get("medium"):
        content = {**content, "medium": _medium(medium)}
    return replace(
        item,
        text=text,
        content=content,
        key=key,
        explanation=_tidy_texts(item.explanation),
        tags=tuple(dict.fromkeys(name for tag in item.tags if (name := tidy_name(tag)))),
        title=tidy_line(item.title),
        name=tidy_name(item.name),
        category=tidy_category(item.category),
        notes=tuple(dict.fromkeys(item.notes)),
        pictures=tuple({one.name: one for one in sorted(item.pictures, key=lambda one: one.name)}.values()),
    )


def checked(item: Item) -> Item:
    """The item in the one form, after it was marked once. Raises FaultyQuestion."""
    item = canonical(item)
    if not item.text:
        raise FaultyQuestion(FaultCode.TEXT_MISSING, item.title)
    content, key = item.content, item.key
    if item.kind == "hotspot" and "instead" not in content:
        # It comes without the question that asks the same without the picture; somebody has to write one.
        item = replace(item, notes=(*item.notes, Note(NoteCode.EQUIVALENT_MISSING)))
        content = {**content, "instead": {"kind": "single", "content": {"options": [{"id": "1"}]}}}
        key = {**key, "instead": {"weights": {"1": "1"}}}
    try:
        question_of(item.kind, content, key)
    except InvalidQuestion as error:
        raise FaultyQuestion(FaultCode.UNMARKABLE, str(error)) from error
    return item


def with_difficulty(tags: Sequence[str]) -> tuple[tuple[str, ...], int | None]:
    """Tags without the one that says the difficulty, and what it says."""
    found = [one for tag in tags if (one := _DIFFICULTY.fullmatch(tag))]
    others = tuple(tag for tag in tags if not _DIFFICULTY.fullmatch(tag))
    return others, int(found[0][1]) if found else None


def tags_of(item: Item) -> tuple[str, ...]:
    """The tags of an item with one that says its difficulty."""
    return (*item.tags, f"difficulty:{item.difficulty}") if item.difficulty else tuple(item.tags)


def tidy_category(path: str) -> str:
    """A category without what Moodle puts before it, as `$course$/top/`."""
    return tidy_line(_PREFIX.sub("", tidy_line(path)))


def _tidy_texts(texts: Texts) -> dict[str, str]:
    return {one: text for one in LANGUAGES if (text := tidy(texts.get(one, "")))}


def _medium(medium: Mapping[str, Any]) -> dict[str, Any]:
    """A picture with its description, or a recording, which no format holds."""
    if "picture" not in medium:
        return {"recording": str(medium["recording"])}
    alt = {one: text for one in LANGUAGES if (text := tidy_line(medium.get("alt", {}).get(one, "")))}
    return {"picture": str(medium["picture"]), "alt": alt}


def _share(text: str) -> str:
    return str(Fraction(text))


def _numbered(
    options: Sequence[Mapping[str, Any]], *, counted: Sequence[Mapping[str, Any]] | None = None
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Options with numbers for ids, in the order in which they are `counted`, else their own; and the number of each old id."""
    numbers = {str(option["id"]): str(number) for number, option in enumerate(counted or options, start=1)}
    if len(numbers) < len(options):
        raise ValueError("an id is there twice")
    shown = [
        {"id": numbers[str(option["id"])], "text": _tidy_texts(option.get("text", {}))} for option in options
    ]
    return shown, numbers


def _by_text(options: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(
        options, key=lambda option: [tidy(option.get("text", {}).get(one, "")) for one in LANGUAGES]
    )


def _choice(content: Mapping[str, Any], key: Mapping[str, Any]) -> Parts:
    # The first option of a file is often the right one, and ids are in the page of the exam, also where options are mixed.
    options, numbers = _numbered(content["options"], counted=_by_text(content["options"]))
    if any(not option["text"] for option in options):
        raise FaultyQuestion(FaultCode.TEXT_MISSING, "option")
    weights = {numbers[old]: _share(share) for old, share in key["weights"].items() if Fraction(share)}
    return {"options": options}, {"weights": dict(sorted(weights.items(), key=lambda one: int(one[0])))}


def _true_false(content: Mapping[str, Any], key: Mapping[str, Any]) -> Parts:
    if {option["id"] for option in content["options"]} != {"true", "false"}:
        raise ValueError("options of a statement are true and false")
    weights = {
        old: _share(key["weights"][old]) for old in ("true", "false") if Fraction(key["weights"].get(old, 0))
    }
    return {"options": [{"id": "true", "text": dict(TRUE)}, {"id": "false", "text": dict(FALSE)}]}, {
        "weights": weights
    }


def _numeric(content: Mapping[str, Any], key: Mapping[str, Any]) -> Parts:
    variables = [
        {"name": str(one["name"]), **{part: _exact(one[part]) for part in ("low", "high", "step")}}
        for one in key.get("variables", ())
    ]
    units = {tidy_line(name): _exact(factor) for name, factor in key.get("units", {}).items()}
    is_asked = bool(content.get("unit", {}).get("is_asked"))
    shown: dict[str, Any] = {"unit": {"is_asked": is_asked, "has_some": bool(units)}}
    kept: dict[str, Any] = {
        "answers": [_answer(one, [two["name"] for two in variables]) for one in key["answers"]],
        "units": units,
    }
    if variables:
        shown["variables"] = [one["name"] for one in variables]
        kept["variables"] = variables
    return shown, kept


def _answer(stored: Mapping[str, Any], names: Sequence[str]) -> dict[str, str]:
    value, tolerance = str(stored["value"]), str(stored.get("tolerance") or "0")
    # A variable is one with braces and without.
    value = re.sub(
        r"(?<![A-Za-z_0-9{])([A-Za-z_][A-Za-z_0-9]*)(?![A-Za-z_0-9}(])",
        lambda found: f"{{{found[1]}}}" if found[1] in names else found[1],
        value,
    )
    decimals = None if names else decimal_of_formula(value)
    if tolerance.endswith("%"):
        percent = Fraction(tolerance.removesuffix("%"))
        tolerance = f"{_exact(str(percent))}%"
        # Five percent of a number that is known are a number.
        if decimals and (width := decimal_of(abs(Fraction(decimals)) * percent / 100)):
            tolerance = width
    else:
        tolerance = _exact(tolerance)
    answer = {"value": decimals or value, "tolerance": tolerance}
    share = _share(stored.get("share", "1"))
    return answer if share == "1" else {**answer, "share": share}


def _exact(text: str) -> str:
    number = Fraction(text)
    return decimal_of(number) or str(number)


def _short_text(_content: Mapping[str, Any], key: Mapping[str, Any]) -> Parts:
    accepted = []
    for one in key["accepted"]:
        share = _share(one.get("share", "1"))
        text = tidy_line(one["text"])
        accepted.append({"text": text} if share == "1" else {"text": text, "share": share})
    return {}, {"accepted": accepted, "is_exact": bool(key.get("is_exact"))}


def _matching(content: Mapping[str, Any], key: Mapping[str, Any]) -> Parts:
    stems, stem_numbers = _numbered(content["stems"])
    # Choices that say the same are one: no one could know which of them is right.
    merged: dict[str, Mapping[str, Any]] = {}
    same: dict[str, str] = {}
    for choice in content["choices"]:
        first = merged.setdefault(str(sorted(_tidy_texts(choice.get("text", {})).items())), choice)
        same[str(choice["id"])] = str(first["id"])
    choices, choice_numbers = _numbered(_by_text(list(merged.values())))
    if any(not one["text"] for one in (*stems, *choices)):
        raise FaultyQuestion(FaultCode.TEXT_MISSING, "pair")
    pairs = {stem_numbers[stem]: choice_numbers[same[choice]] for stem, choice in key["pairs"].items()}
    return {"stems": stems, "choices": choices}, {
        "pairs": dict(sorted(pairs.items(), key=lambda one: int(one[0])))
    }


def _ordering(content: Mapping[str, Any], key: Mapping[str, Any]) -> Parts:
    items, numbers = _numbered(_by_text(content["items"]))
    texts = [str(sorted(one["text"].items())) for one in items]
    if any(not one["text"] for one in items) or len(set(texts)) < len(texts):
        raise FaultyQuestion(FaultCode.TEXT_MISSING, "step")
    return {"items": items}, {
        "order": [numbers[old] for old in key["order"]],
        "credit": str(key.get("credit", "all")),
    }


def _fill_in(content: Mapping[str, Any], key: Mapping[str, Any]) -> Parts:
    points = [int(key["gaps"][gap["id"]].get("points", 1)) for gap in content["gaps"]]
    common = gcd(*points) or 1
    gaps, kept = [], {}
    for gap, weight in zip(content["gaps"], points, strict=True):
        inner, inner_key = _PARTS[gap["kind"]](gap["content"], key["gaps"][gap["id"]]["key"])
        gaps.append({"id": str(gap["id"]), "kind": gap["kind"], "content": inner})
        kept[str(gap["id"])] = {"key": inner_key, "points": weight // common}
    return {"gaps": gaps}, {"gaps": kept}


def _with_gaps_in_order(
    item: Item, content: dict[str, Any], key: dict[str, Any]
) -> tuple[dict[str, str], dict[str, Any], dict[str, Any]]:
    text = _tidy_texts(item.text)
    if item.kind != "fill_in":
        return text, content, key
    first = next(iter(text.values()), "")
    gaps = sorted(content["gaps"], key=lambda gap: first.find(f"[[{gap['id']}]]"))
    if len(gaps) > 1 and any(f"[[{gap['id']}]]" not in one for gap in gaps for one in text.values()):
        raise FaultyQuestion(FaultCode.UNMARKABLE, "a gap has no place in the text")
    numbers = {gap["id"]: str(number) for number, gap in enumerate(gaps, start=1)}

    def renumbered(found: re.Match[str]) -> str:
        return f"[[{numbers[found[1]]}]]" if found[1] in numbers else found[0]

    text = {one: re.sub(r"\[\[([^\[\]]{1,40})\]\]", renumbered, said) for one, said in text.items()}
    return (
        text,
        {"gaps": [{**gap, "id": numbers[gap["id"]]} for gap in gaps]},
        {"gaps": {numbers[gap["id"]]: key["gaps"][gap["id"]] for gap in gaps}},
    )


def _hotspot(content: Mapping[str, Any], key: Mapping[str, Any]) -> Parts:
    areas = [
        {shape: [list(one) if isinstance(one, list | tuple) else int(one) for one in places]}
        for area in key["areas"]
        for shape, places in area.items()
    ]
    shown: dict[str, Any] = {"most": len(areas), "picture": str(content.get("picture", ""))}
    # Four decimals: what two programs make of one picture.
    shown["ratio"] = _exact(str(round(Fraction(str(content.get("ratio", 1))), 4)))
    kept: dict[str, Any] = {"areas": areas}
    if "instead" in content:
        inner, inner_key = _PARTS[content["instead"]["kind"]](content["instead"]["content"], key["instead"])
        text = _tidy_texts(content["instead"]["content"].get("text", {}))
        shown["instead"] = {
            "kind": content["instead"]["kind"],
            "content": {"text": text, **inner} if text else inner,
        }
        kept["instead"] = inner_key
    return shown, kept


def _essay(_content: Mapping[str, Any], _key: Mapping[str, Any]) -> Parts:
    return {}, {}


def _files(content: Mapping[str, Any], _key: Mapping[str, Any]) -> Parts:
    return {"most": int(content.get("most", 1))}, {}


_PARTS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Parts]] = {
    "single": _choice,
    "multiple": _choice,
    "true_false": _true_false,
    "numeric": _numeric,
    "short_text": _short_text,
    "matching": _matching,
    "ordering": _ordering,
    "fill_in": _fill_in,
    "hotspot": _hotspot,
    "essay": _essay,
    "files": _files,
}
