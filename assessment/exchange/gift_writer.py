"""Writes GIFT, as `gift` reads it. Independent of Django.

It has no place for units, generated values, exact spelling, several gaps, pictures and files: such items are said to be unwritable.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from assessment.exchange.canonical import tags_of
from assessment.exchange.gift import read
from assessment.exchange.item import Item, Texts, UnwritableCode, UnwritableQuestion, Written
from assessment.exchange.texts import write_html, write_string
from assessment.exchange.writing import percent, written_items

_SPECIAL = re.compile(r"[\\:#={}~]")
GRADING_OF_CREDIT = {
    "all": "ALL_OR_NOTHING",
    "places": "ABSOLUTE_POSITION",
    "neighbors": "RELATIVE_NEXT_INCLUDE_LAST",
}


def write(items: Iterable[Item]) -> Written:
    """A file of the items, in UTF-8."""
    parts, unwritable = written_items(items, _written, lambda part: read(part.encode()))
    lines = []
    category = ""
    for item, part in parts:
        if item.category != category:
            category = item.category
            lines.append(f"$CATEGORY: $course$/top/{_escaped(category)}".rstrip("/") + "\n\n")
        lines.append(part + "\n")
    return Written("".join(lines).encode(), unwritable)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", text).replace("\n", "\\n")


def _written(item: Item) -> str:
    comment = "".join(f" [tag:{tag}]" for tag in tags_of(item))
    comment += f" [points:{item.points}]" if item.points != 1 else ""
    comment = (f" [id:{item.name}]" if item.name else "") + comment
    begin = f"//{comment}\n" if comment else ""
    title = f"::{_escaped(item.title)}::" if item.title else ""
    explanation = f"\n\t####{_html(item.explanation, tuple(item.text))}\n" if item.explanation else ""
    if item.kind == "fill_in":
        if len(item.content["gaps"]) > 1 or len(item.text) > 1:
            raise UnwritableQuestion(UnwritableCode.SEVERAL_GAPS)
        text, _gap, after = _html(item.text, None).partition("[[1]]")
        gap, key = item.content["gaps"][0], item.key["gaps"]["1"]["key"]
        inside = _inside(replace(item, kind=gap["kind"], content=gap["content"], key=key))
    else:
        inside, text, after = _inside(item), _html(item.text, None), ""
    if explanation:
        inside = inside.rstrip("\n") + explanation
    return f"{begin}{title}{text}{{{inside}}}{after}\n"


def _html(texts: Texts, languages: Sequence[str] | None) -> str:
    """A text, with its form before it where it is not plain."""
    source = write_html(texts, languages)
    is_plain = not re.search(r"[<&]", source) and not re.match(r"[\[%>]|//|::|\$CATEGORY", source)
    return ("" if is_plain else "[html]") + _escaped(source)


def _line(text: str) -> str:
    return ("[plain]" if text.startswith("[") else "") + _escaped(text)


def _string(texts: Texts, languages: Sequence[str]) -> str:
    return _escaped(write_string(texts, languages))


def _essay(_item: Item) -> str:
    return ""


def _true_false(item: Item) -> str:
    if list(item.key["weights"].values()) != ["1"]:
        raise UnwritableQuestion(UnwritableCode.SHARE)
    return "TRUE" if "true" in item.key["weights"] else "FALSE"


def _short_text(item: Item) -> str:
    if item.key["is_exact"]:
        raise UnwritableQuestion(UnwritableCode.EXACT)
    lines = [
        f"\n\t={_share(one, always=one['text'].startswith('%'))}{_line(one['text'])}"
        for one in item.key["accepted"]
    ]
    return "".join(lines) + "\n"


def _matching(item: Item) -> str:
    languages, pairs = tuple(item.text), item.key["pairs"]
    choices = {one["id"]: _string(one["text"], languages) for one in item.content["choices"]}
    lines = [
        f"\n\t={_html(stem['text'], languages)} -> {choices[pairs[stem['id']]]}"
        for stem in item.content["stems"]
    ]
    lines += [f"\n\t= -> {choice}" for id_, choice in choices.items() if id_ not in pairs.values()]
    return "".join(lines) + "\n"


def _ordering(item: Item) -> str:
    texts = {one["id"]: one["text"] for one in item.content["items"]}
    lines = [f"\n{_html(texts[one], tuple(item.text))}" for one in item.key["order"]]
    return f">{len(lines)} ALL VERTICAL {GRADING_OF_CREDIT[item.key['credit']]} SHOW{''.join(lines)}\n"


def _inside(item: Item) -> str:
    """What is in the braces but for the explanation."""
    if item.kind not in _WRITERS:
        raise UnwritableQuestion(UnwritableCode.KIND, item.kind)
    return _WRITERS[item.kind](item)


def _options(item: Item) -> str:
    weights = item.key["weights"]
    if item.kind == "single" and all(weights.get(one["id"]) == "1" for one in item.content["options"]):
        raise UnwritableQuestion(UnwritableCode.ALL_RIGHT)
    lines = []
    for option in item.content["options"]:
        share = weights.get(option["id"], "0")
        sign = "=" if item.kind == "single" and share == "1" else "~"
        weight = f"%{percent(share)}%" if sign == "~" and share != "0" else ""
        lines.append(f"\n\t{sign}{weight}{_html(option['text'], tuple(item.text))}")
    return "".join(lines) + "\n"


def _numbers(item: Item) -> str:
    if item.key.get("variables"):
        raise UnwritableQuestion(UnwritableCode.VARIABLES)
    if item.key["units"]:
        raise UnwritableQuestion(UnwritableCode.UNITS)
    lines = []
    for one in item.key["answers"]:
        if not re.fullmatch(r"-?[0-9.]+", one["value"]) or not re.fullmatch(r"[0-9.]+", one["tolerance"]):
            raise UnwritableQuestion(UnwritableCode.NUMBER, one["value"])
        lines.append(f"\n\t={_share(one)}{one['value']}:{one['tolerance']}")
    return f"#{''.join(lines)}\n"


def _share(one: dict[str, str], *, always: bool = False) -> str:
    share = one.get("share", "1")
    return f"%{percent(share)}%" if always or share != "1" else ""


_WRITERS: Mapping[str, Callable[[Item], str]] = {
    "single": _options,
    "multiple": _options,
    "true_false": _true_false,
    "numeric": _numbers,
    "short_text": _short_text,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
}
