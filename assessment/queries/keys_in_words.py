"""Keys of questions in words: what earns points, before and after a correction."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from assessment.enums import QuestionKind
from assessment.models import QuestionVersion
from assessment.queries.questions import StoredQuestion, in_language

type Stored = Mapping[str, Any]


def key_in_words(version: QuestionVersion | StoredQuestion) -> list[str]:
    """What earns points, line by line; empty for what a person marks."""
    return words_of_key(version.kind, version.content, version.key)


def area_in_numbers(area: Stored) -> str:
    """As a form takes it: four numbers of a rectangle, three of a circle, pairs of a shape."""
    match area:
        case {"rectangle": numbers} | {"circle": numbers}:
            return " ".join(map(str, numbers))
    return " ".join(f"{x} {y}" for x, y in area["polygon"])


def words_of_key(kind: str, content: Stored, key: Stored) -> list[str]:
    """As `key_in_words`, of a content and its key."""
    said = _KINDS.get(kind)
    return said(content, key) if said else []


def _options(content: Stored, key: Stored) -> list[str]:
    right = {one for one, weight in key["weights"].items() if not weight.startswith(("-", "0"))}
    return [in_language(one["text"]) for one in content["options"] if one["id"] in right]


def _numbers(_content: Stored, key: Stored) -> list[str]:
    unit = next(iter(key.get("units", ())), "")
    return [
        _("%(value)s, at most %(tolerance)s off")
        % {"value": f"{one['value']} {unit}".strip(), "tolerance": one.get("tolerance", "0")}
        for one in key["answers"]
    ]


def _words(_content: Stored, key: Stored) -> list[str]:
    return [one["text"] for one in key["accepted"]]


def _pairs(content: Stored, key: Stored) -> list[str]:
    choices = {one["id"]: in_language(one["text"]) for one in content["choices"]}
    return [f"{in_language(one['text'])}: {choices[key['pairs'][one['id']]]}" for one in content["stems"]]


def _steps(content: Stored, key: Stored) -> list[str]:
    items = {one["id"]: in_language(one["text"]) for one in content["items"]}
    return [items[one] for one in key["order"]]


def _gaps(content: Stored, key: Stored) -> list[str]:
    return [
        f"{gap['id']}: {' / '.join(words_of_key(gap['kind'], gap['content'], key['gaps'][gap['id']]['key']))}"
        for gap in content["gaps"]
    ]


def _places(content: Stored, key: Stored) -> list[str]:
    instead = content["instead"]
    without = words_of_key(instead["kind"], instead["content"], key["instead"])
    return [*(area_in_numbers(area) for area in key["areas"]), *without]


_KINDS: Mapping[str, Callable[[Stored, Stored], list[str]]] = {
    QuestionKind.SINGLE: _options,
    QuestionKind.MULTIPLE: _options,
    QuestionKind.TRUE_FALSE: _options,
    QuestionKind.NUMERIC: _numbers,
    QuestionKind.SHORT_TEXT: _words,
    QuestionKind.MATCHING: _pairs,
    QuestionKind.ORDERING: _steps,
    QuestionKind.FILL_IN: _gaps,
    QuestionKind.HOTSPOT: _places,
}
