"""A marked attempt, as its person reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessment.enums import QuestionKind
from assessment.models import Attempt
from assessment.queries.asking import TYPED, options_as_shown
from assessment.queries.questions import StoredQuestion, in_language, stored_questions


@dataclass(frozen=True)
class OptionReviewed:
    """`is_right` is None while it is hidden: the attempt failed and another one is left.

    `is_wrong`: it was chosen and is not right. Shown at once for a question with one answer, since its mark discloses it.
    """

    text: str
    is_chosen: bool
    is_right: bool | None
    is_wrong: bool


@dataclass(frozen=True)
class PairReviewed:
    """A stem with the choice that was made, and the right one; that is empty where it is hidden or was chosen."""

    stem: str
    chosen: str
    right: str


@dataclass(frozen=True)
class QuestionReviewed:
    """A marked question. `mark` is the share of its points earned, from 0 to 1. `line` was typed, `right_lines` would have been right:
    empty where they are hidden.
    """

    text: str
    mark: Decimal
    points: int
    explanation: str
    options: list[OptionReviewed]
    line: str
    right_lines: list[str]
    pairs: list[PairReviewed]


def review(attempt: Attempt, *, shows_right_options: bool) -> list[QuestionReviewed]:
    """A marked attempt, question by question. An open one has nothing to review."""
    answers = {answer.slot: answer for answer in attempt.answers.all()}
    return [
        QuestionReviewed(
            text=in_language(one.content["text"]),
            mark=answers[slot].mark,
            points=attempt.points[slot],
            explanation=in_language(one.key["explanation"]),
            options=_options_reviewed(
                one,
                options_as_shown(one, slot=slot, attempt=attempt),
                answers[slot].response,
                shows_right=shows_right_options,
            ),
            line=(answers[slot].response or "") if one.kind in TYPED else "",
            right_lines=_right_lines(one) if shows_right_options and answers[slot].mark < 1 else [],
            pairs=_pairs_reviewed(one, answers[slot].response or {}, shows_right=shows_right_options),
        )
        for slot, one in enumerate(stored_questions(attempt.versions))
        if slot in answers
    ]


def _options_reviewed(
    one: StoredQuestion, options: Sequence[Mapping[str, Any]], response: Any, *, shows_right: bool
) -> list[OptionReviewed]:
    if not options:
        return []
    takes_one = one.kind != QuestionKind.MULTIPLE
    chosen = {response} if takes_one else set(response or ())
    right = {option for option, weight in one.key["weights"].items() if not weight.startswith("-")}
    return [
        OptionReviewed(
            text=in_language(option["text"]),
            is_chosen=option["id"] in chosen,
            is_right=option["id"] in right if shows_right else None,
            is_wrong=option["id"] in chosen and (shows_right or takes_one) and option["id"] not in right,
        )
        for option in options
    ]


def _right_lines(one: StoredQuestion) -> list[str]:
    match one.kind:
        case QuestionKind.NUMERIC:
            unit = next(iter(one.key["units"]), "")
            return [f"{answer['value']} {unit}".strip() for answer in one.key["answers"]]
        case QuestionKind.SHORT_TEXT:
            return [accepted["text"] for accepted in one.key["accepted"]]
        case _:
            return []


def _pairs_reviewed(
    one: StoredQuestion, response: Mapping[str, str], *, shows_right: bool
) -> list[PairReviewed]:
    if one.kind != QuestionKind.MATCHING:
        return []
    choices = {choice["id"]: in_language(choice["text"]) for choice in one.content["choices"]}
    reviewed = []
    for stem in one.content["stems"]:
        chosen, right = response.get(stem["id"]), one.key["pairs"][stem["id"]]
        told = choices[right] if shows_right and chosen != right else ""
        reviewed.append(PairReviewed(in_language(stem["text"]), choices.get(chosen or "", ""), told))
    return reviewed
