"""Whether two versions ask the same by the same key, for readers of one language: ids differ where one was written from more languages."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import override

from assessment.enums import BY_HAND, QuestionKind
from assessment.models import QuestionVersion
from assessment.queries.keys_in_words import words_of_key
from assessment.queries.questions import in_language

type Stored = Mapping[str, Any]
type Parts = set[tuple[str, ...]]

_LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)
# Their keys have the words, or the units, of all the languages they were written from.
_GATHERED = frozenset({QuestionKind.SHORT_TEXT, QuestionKind.NUMERIC, QuestionKind.FILL_IN})


def has_same_key(now: QuestionVersion, then: QuestionVersion, *, language: str) -> bool:
    """Whether `now` asks and marks a reader of the language as `then` did. Explanations are none of it."""
    if now.pk == then.pk:
        return True
    said = now.content["text"].keys(), then.content["text"].keys()
    if now.kind != then.kind or not all(language in languages for languages in said):
        return False
    if Counter(_said(now.content, language)) != Counter(_said(then.content, language)):
        return False
    with override(language):
        own, those = (_parts(one.kind, one.content, one.key) for one in (now, then))
    is_of_fewer = said[0] < said[1] and now.kind in _GATHERED
    return own == those or (is_of_fewer and own < those)


def _said(value: Any, language: str) -> Iterator[str]:
    """All texts and numbers of a content that a reader of the language gets, without ids."""
    match value:
        case bool() | None:
            return
        case Mapping() if value and value.keys() <= _LANGUAGES:
            if language in value:
                yield value[language]
        case Mapping():
            for name, part in value.items():
                if name != "id":
                    yield from _said(part, language)
        case list():
            for part in value:
                yield from _said(part, language)
        case _:
            yield str(value)


def _parts(kind: str, content: Stored, key: Stored) -> Parts:
    """What of the key earns points, without ids, in the language of now."""
    if kind in BY_HAND:
        return {
            (in_language(one["text"]), in_language(level["text"]), str(level["points"]))
            for one in key.get("rubric", ())
            for level in one["levels"]
        }
    match kind:
        case QuestionKind.NUMERIC:
            answers = {("answer", one["value"], one.get("tolerance", "0")) for one in key["answers"]}
            units = {("unit", name, factor) for name, factor in key.get("units", {}).items()}
            variables = {("variable", *map(str, one.values())) for one in key.get("variables", ())}
            return answers | units | variables
        case QuestionKind.FILL_IN:
            return {
                (gap["id"], *part)
                for gap in content["gaps"]
                for part in _parts(gap["kind"], gap["content"], key["gaps"][gap["id"]]["key"])
            }
        case QuestionKind.ORDERING:
            steps = words_of_key(kind, content, key)
            return {(str(place), step) for place, step in enumerate(steps)} | {(str(key["credit"]),)}
    exact = {("exact",)} if key.get("is_exact") else set()
    return {("right", words) for words in words_of_key(kind, content, key)} | exact
