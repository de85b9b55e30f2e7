"""What is asked of those who take a quiz: no key, no weight, no explanation."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessment.chance import Chance
from assessment.enums import QuestionKind
from assessment.models import Attempt
from assessment.queries.questions import StoredQuestion, in_language, stored_questions
from assessment.queries.responses import answered, saved_responses

# What is typed in a line.
TYPED = frozenset({QuestionKind.NUMERIC, QuestionKind.SHORT_TEXT})


@dataclass(frozen=True)
class OptionToRead:
    option_id: str
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class StemToMatch:
    """One side of a pair, and what may belong to it."""

    stem_id: str
    text: str
    choices: list[OptionToRead]


@dataclass(frozen=True)
class QuestionToAnswer:
    """A question as it may leave the server before marking, with what was answered: no key, no weight, no explanation.

    `slot` counts from 0. `options`, `line` or `stems` is filled, as its kind needs.
    """

    slot: int
    kind: QuestionKind
    text: str
    is_answered: bool
    options: list[OptionToRead]
    line: str
    stems: list[StemToMatch]
    takes_unit: bool

    @property
    def number(self) -> int:
        """As the page counts, from 1."""
        return self.slot + 1


def questions_to_answer(attempt: Attempt, responses: Mapping[int, Any]) -> list[QuestionToAnswer]:
    """The questions of an attempt, in the reader's language, without anything that discloses the answers.

    `responses`: what is saved of the answers, slot by slot, or what was sent and refused.
    """
    return [
        _to_answer(one, slot=slot, response=responses.get(slot), attempt=attempt)
        for slot, one in enumerate(stored_questions(attempt.versions))
    ]


def options_as_shown(one: StoredQuestion, *, slot: int, attempt: Attempt) -> Sequence[Mapping[str, Any]]:
    """The options of a question, if it has some, in the order in which this attempt shows them; true comes before false."""
    options: Sequence[Mapping[str, Any]] = one.content.get("options", ())
    if not attempt.shuffles_options or one.kind == QuestionKind.TRUE_FALSE:
        return options
    return Chance(attempt.seed).shuffled(options, "options", slot)


def _to_answer(one: StoredQuestion, *, slot: int, response: Any, attempt: Attempt) -> QuestionToAnswer:
    is_typed = one.kind in TYPED
    chosen = response if isinstance(response, list) else [response]
    pairs = response if isinstance(response, dict) else {}
    return QuestionToAnswer(
        slot=slot,
        kind=one.kind,
        text=in_language(one.content["text"]),
        is_answered=bool(response),
        options=_to_read(options_as_shown(one, slot=slot, attempt=attempt), chosen),
        line=response if is_typed and isinstance(response, str) else "",
        stems=[
            StemToMatch(
                stem["id"],
                in_language(stem["text"]),
                _to_read(one.content["choices"], [pairs.get(stem["id"])]),
            )
            for stem in one.content.get("stems", ())
        ],
        takes_unit=one.kind == QuestionKind.NUMERIC and one.content["unit"]["has_some"],
    )


def _to_read(options: Iterable[Mapping[str, Any]], chosen: Collection[Any]) -> list[OptionToRead]:
    return [
        OptionToRead(option["id"], in_language(option["text"]), option["id"] in chosen) for option in options
    ]


def unanswered(attempt: Attempt) -> list[QuestionToAnswer]:
    """The questions of an open attempt that have no answer yet, in order."""
    saved = answered(saved_responses([attempt])[attempt.pk])
    return [one for one in questions_to_answer(attempt, saved) if not one.is_answered]
