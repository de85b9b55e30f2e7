"""What the page of a question of the bank shows to those who write and publish it: with the key."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessment.bilingual import LANGUAGES, Draft
from assessment.enums import QuestionKind
from assessment.marking.question import UnreadableResponse
from assessment.models import Attempt
from assessment.queries.asking import QuestionToAnswer, to_answer
from assessment.queries.bank import languages_missing, marked_by
from assessment.queries.media import medium_for_staff
from assessment.typing_hints import Hint, Slip, hints_on_number, hints_on_text

# As the form of an attempt calls the controls of its first question.
CONTROL = "question-0"
MOST_HINTS = 10

SLIPS: Mapping[Slip, Promise] = {
    Slip.MIXED_DIGITS: _("Arabic and Latin digits in one text"),
    Slip.TATWEEL: _("a letter drawn out with tatweel"),
    Slip.INVISIBLE: _("a character that is not seen"),
    Slip.OTHER_KEYBOARD: _("letters of a Persian or Urdu keyboard"),
    Slip.MIXED_ALPHABETS: _("letters of two alphabets in one word"),
    Slip.HAMZA: _("a hamza may be missing, or be one too many"),
    Slip.ENDING: _("the last letter may be another one"),
    Slip.COMMA: _("the comma may be read in two ways"),
}


@dataclass(frozen=True)
class Shown:
    """A question as those see it who are asked in one language. `is_whole`: nothing of it is missing in that language."""

    language: str
    name: str
    direction: str
    question: QuestionToAnswer
    explanation: str
    is_whole: bool


@dataclass(frozen=True)
class KeyLine:
    """One part of what is right, in each language; `is_right` is None where the part is neither right nor wrong."""

    texts: list[tuple[str, str]]
    is_right: bool | None
    share: str = ""


@dataclass(frozen=True)
class LevelShown:
    texts: list[tuple[str, str]]
    points: int


@dataclass(frozen=True)
class CriterionShown:
    texts: list[tuple[str, str]]
    levels: list[LevelShown]


@dataclass(frozen=True)
class Trial:
    """What an answer that was tried out would earn: a share, or why it could not be read."""

    language: str
    share: Fraction | None
    refusal: str = ""

    @property
    def percent(self) -> int | None:
        return None if self.share is None else int(self.share * 100)


@dataclass(frozen=True)
class HintShown:
    field: str
    hint: Hint
    what: str


def shown_in_languages(draft: Draft, user: User, response: Any = None) -> list[Shown]:
    """The question in each language as `user` of the bank sees it, with a response in it."""
    one, attempt = marked_by(draft), Attempt(seed=0, shuffles_options=False)
    missing = {str(name) for name in languages_missing(draft.content)}
    shown = []
    for language, name in LANGUAGES.items():
        is_whole = str(name) not in missing
        with override(language):
            medium = medium_for_staff(draft.content, user)
            question = to_answer(one, slot=0, response=response, attempt=attempt, medium=medium)
        explanation = draft.key.get("explanation", {}).get(language, "")
        direction = "rtl" if language == "ar" else "ltr"
        shown.append(Shown(language, str(name), direction, question, explanation, is_whole))
    return shown


def response_in(sent: QueryDict, kind: str) -> Any:
    """What was answered in the controls of a page, as the marking of its kind takes it; None where nothing was."""
    parts = {name.removeprefix(f"{CONTROL}-"): sent[name] for name in sent if name.startswith(f"{CONTROL}-")}
    if kind in (QuestionKind.MATCHING, QuestionKind.FILL_IN):
        return parts or None
    if kind == QuestionKind.HOTSPOT:
        chosen = [option for option in sent.getlist(f"{CONTROL}-instead") if option]
        return {"instead": chosen if len(chosen) > 1 else chosen[0]} if chosen else None
    if kind == QuestionKind.ORDERING:
        places = {place: step for step, place in parts.items()}
        return [places.get(str(place)) for place in range(1, len(parts) + 1)] or None
    return (sent.getlist(CONTROL) or None) if kind == QuestionKind.MULTIPLE else sent.get(CONTROL)


def tried(draft: Draft, sent: QueryDict) -> Trial | None:
    """The mark of an answer that is tried out; None where none is. Nothing is kept of it."""
    language = sent.get("try", "")
    if language not in LANGUAGES:
        return None
    question = marked_by(draft).question
    try:
        return Trial(language, question.mark(question.read(response_in(sent, draft.kind))))
    except UnreadableResponse:
        return Trial(language, None, gettext("This answer cannot be read. Nothing of it would be kept."))


def key_of(draft: Draft) -> list[KeyLine]:
    """What is right, line by line, for kinds whose key is a list; the marking of others is tried out."""
    lines = _KEYS.get(draft.kind)
    if lines is not None:
        return lines(draft.content, draft.key)
    is_choice = "options" in draft.content and "weights" in draft.key
    return _options(draft.content, draft.key) if is_choice else []


def _numbers(_content: Mapping[str, Any], key: Mapping[str, Any]) -> list[KeyLine]:
    units = ", ".join(f"{name} (× {factor})" for name, factor in key.get("units", {}).items())
    numbers = [f"{one['value']} ± {one['tolerance']}" for one in key["answers"]]
    lines = [KeyLine([("", text)], is_right=True) for text in numbers]
    drawn = [
        f"{{{one['name']}}}: {one['low']}–{one['high']} (+{one['step']})" for one in key.get("variables", ())
    ]
    lines += [KeyLine([("", text)], is_right=None) for text in drawn]
    return [*lines, KeyLine([("", units)], is_right=None)] if units else lines


def _words(_content: Mapping[str, Any], key: Mapping[str, Any]) -> list[KeyLine]:
    return [
        KeyLine([("", one["text"])], is_right=True, share=_part(one.get("share", "1")))
        for one in key["accepted"]
    ]


def _pairs(content: Mapping[str, Any], key: Mapping[str, Any]) -> list[KeyLine]:
    choices = {one["id"]: one["text"] for one in content["choices"]}
    pairs = [_joined(one["text"], choices[key["pairs"][one["id"]]]) for one in content["stems"]]
    others = [text for id_, text in choices.items() if id_ not in key["pairs"].values()]
    return [KeyLine(_by_language(text), is_right=True) for text in pairs] + [
        KeyLine(_by_language(text), is_right=False) for text in others
    ]


def _steps(content: Mapping[str, Any], key: Mapping[str, Any]) -> list[KeyLine]:
    steps = {one["id"]: one["text"] for one in content["items"]}
    return [KeyLine(_by_language(steps[id_]), is_right=True) for id_ in key["order"]]


def _options(content: Mapping[str, Any], key: Mapping[str, Any]) -> list[KeyLine]:
    weights = {id_: Fraction(weight) for id_, weight in key["weights"].items()}
    return [
        KeyLine(
            _by_language(one["text"]),
            is_right=weights.get(one["id"], 0) > 0,
            share=_part(str(weights.get(one["id"], 0))),
        )
        for one in content["options"]
    ]


def _gaps(content: Mapping[str, Any], key: Mapping[str, Any]) -> list[KeyLine]:
    """What is right in each gap, with its place in the text before it."""
    return [
        KeyLine([("", f"[[{gap['id']}]]"), *line.texts], is_right=line.is_right, share=line.share)
        for gap in content["gaps"]
        for line in key_of(Draft(gap["kind"], gap["content"], key["gaps"][gap["id"]]["key"]))
    ]


def _instead(content: Mapping[str, Any], key: Mapping[str, Any]) -> list[KeyLine]:
    """Of the question without the picture; the places are drawn."""
    instead = content["instead"]
    return key_of(Draft(instead["kind"], instead["content"], key["instead"]))


_KEYS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], list[KeyLine]]] = {
    QuestionKind.NUMERIC: _numbers,
    QuestionKind.SHORT_TEXT: _words,
    QuestionKind.MATCHING: _pairs,
    QuestionKind.ORDERING: _steps,
    QuestionKind.FILL_IN: _gaps,
    QuestionKind.HOTSPOT: _instead,
}


def areas_of(draft: Draft) -> list[dict[str, Any]]:
    """The right places of a picture as SVG draws them, in thousandths of both sides."""
    if draft.kind != QuestionKind.HOTSPOT:
        return []
    ratio = Fraction(str(draft.content.get("ratio", 1)))
    return [_area(area, ratio) for area in draft.key["areas"]]


def _area(area: Mapping[str, Any], ratio: Fraction) -> dict[str, Any]:
    match area:
        case {"rectangle": [left, top, right, bottom]}:
            return {"rectangle": {"x": left, "y": top, "width": right - left, "height": bottom - top}}
        case {"circle": [x, y, radius]}:
            return {"ellipse": {"x": x, "y": y, "across": radius, "down": round(radius / ratio)}}
    return {"points": " ".join(f"{x},{y}" for x, y in area["polygon"])}


def rubric_in_languages(draft: Draft) -> list[CriterionShown]:
    """What markers look at, as its author wrote it."""
    return [
        CriterionShown(
            _by_language(criterion["text"]),
            [LevelShown(_by_language(level["text"]), level["points"]) for level in criterion["levels"]],
        )
        for criterion in draft.key.get("rubric", ())
    ]


def hints_on(draft: Draft) -> list[HintShown]:
    """What may be a slip of the keyboard, field by field; at most ten."""
    found = [
        HintShown(field, hint, str(SLIPS[hint.slip])) for field, hints in _hinted(draft) for hint in hints
    ]
    return list(dict.fromkeys(found))[:MOST_HINTS]


def _hinted(draft: Draft) -> Iterator[tuple[str, Sequence[Hint]]]:
    yield from ((gettext("Question"), hints_on_text(text)) for text in draft.content["text"].values())
    if draft.kind == QuestionKind.NUMERIC:
        for one in draft.key["answers"]:
            yield gettext("Right number"), hints_on_number(one["value"])
    if draft.kind == QuestionKind.SHORT_TEXT:
        for one in draft.key["accepted"]:
            yield gettext("Answer"), hints_on_text(one["text"])
    for option in draft.content.get("options", ()):
        yield from ((gettext("Option"), hints_on_text(text)) for text in option["text"].values())
    for criterion in draft.key.get("rubric", ()):
        for part in (criterion, *criterion["levels"]):
            yield from ((gettext("Rubric"), hints_on_text(text)) for text in part["text"].values())
    for side in ("stems", "choices"):
        for one in draft.content.get(side, ()):
            yield from ((gettext("Pair"), hints_on_text(text)) for text in one["text"].values())


def _by_language(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(language, texts[language]) for language in LANGUAGES if language in texts]


def _joined(left: Mapping[str, str], right: Mapping[str, str]) -> dict[str, str]:
    return {
        language: f"{left[language]} – {right[language]}"
        for language in LANGUAGES
        if language in left and language in right
    }


def _part(share: str) -> str:
    """A part of the mark, where it is not all or nothing."""
    value = Fraction(share)
    return "" if value in (0, 1) else f"{value.numerator}/{value.denominator}"
