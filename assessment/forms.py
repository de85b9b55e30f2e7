"""Reads the posted form of a quiz, and writes what is kept in hidden inputs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from accounts.digits import read_key
from accounts.errors import DomainError
from assessment.enums import QuestionKind
from assessment.errors import NotOneOfTheQuestions, OneAnswerOnly
from assessment.models import Attempt
from assessment.queries.asking import questions_to_answer

# A question's inputs are named by its slot behind this, so that no other input can pass for an answer. Those of pairs have the id of the
# stem behind the slot: question-3-1.
PREFIX = "question-"


@dataclass(frozen=True)
class PostedAnswers:
    """What was sent, slot by slot, in the form that the kind of its question reads; `refusal` is why none of it may be kept."""

    responses: Mapping[int, Any]
    refusal: DomainError | None


def answers_in(posted: QueryDict, attempt: Attempt) -> PostedAnswers:
    kinds = {one.slot: one.kind for one in questions_to_answer(attempt)}
    responses: dict[int, Any] = {}
    refusal: DomainError | None = None
    for name in posted:
        if not name.startswith(PREFIX):
            continue
        number, _dash, part = name.removeprefix(PREFIX).partition("-")
        slot, sent = read_key(number), posted.getlist(name)
        kind = kinds.get(-1 if slot is None else slot)
        if slot is None or kind is None or bool(part) != (kind == QuestionKind.MATCHING):
            refusal = NotOneOfTheQuestions()
        elif part:
            responses.setdefault(slot, {})[part] = sent[-1]
        elif kind == QuestionKind.MULTIPLE:
            responses[slot] = sent
        elif len(set(sent)) > 1:
            refusal, responses[slot] = OneAnswerOnly(), sent
        else:
            responses[slot] = sent[0]
    return PostedAnswers(responses, refusal)


def hidden_inputs(attempt: Attempt) -> list[tuple[str, str]]:
    """Names and values of what is kept, as `answers_in` reads them."""
    inputs: list[tuple[str, str]] = []
    for slot, response in attempt.draft.items():
        name = f"{PREFIX}{slot}"
        match response:
            case str():
                inputs.append((name, response))
            case list():
                inputs += [(name, option) for option in response]
            case dict():
                inputs += [(f"{name}-{stem}", choice) for stem, choice in response.items()]
    return inputs
