"""Reads the posted form of a quiz."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from accounts.digits import read_key
from accounts.errors import DomainError
from assessment.enums import QuestionKind
from assessment.errors import NotOneOfTheQuestions, OneAnswerOnly
from assessment.models import Attempt
from assessment.queries.questions import stored_questions

# A question's inputs are named by its slot behind this, so that no other input can pass for an answer. Those of pairs have the id of the
# stem behind the slot: question-3-1.
PREFIX = "question-"


@dataclass(frozen=True)
class PostedAnswers:
    """What was sent, slot by slot, in the form that the kind of its question reads, None for a question that was asked and not answered;
    `refusal` is why none of it may be saved. `epoch`: of the page, if it says so.
    """

    responses: Mapping[int, Any]
    refusal: DomainError | None
    epoch: int | None


def answers_in(posted: QueryDict, attempt: Attempt) -> PostedAnswers:
    kinds = {slot: one.kind for slot, one in enumerate(stored_questions(attempt.versions))}
    # Boxes of which none is ticked send nothing.
    shown = (read_key(slot) for slot in posted.getlist("asked"))
    responses: dict[int, Any] = {slot: None for slot in shown if slot in kinds}
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
            responses[slot] = {**(responses.get(slot) or {}), part: sent[-1]}
        elif kind == QuestionKind.MULTIPLE:
            responses[slot] = sent
        elif len(set(sent)) > 1:
            refusal, responses[slot] = OneAnswerOnly(), sent
        else:
            responses[slot] = sent[0]
    return PostedAnswers(responses, refusal, read_key(posted.get("epoch", "")))
