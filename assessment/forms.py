"""Reads the posted form of a quiz."""

from typing import Any

from django.http import QueryDict

from accounts.digits import read_key
from assessment.enums import QuestionKind
from assessment.errors import NotOneOfTheQuestions, OneAnswerOnly
from assessment.models import Attempt
from assessment.queries.attempts import questions_to_answer

# A question's inputs are named by its slot behind this, so that no other input can pass for an answer.
PREFIX = "question-"


def responses_in(posted: QueryDict, attempt: Attempt) -> dict[int, Any]:
    """Slot -> what was chosen there, in the form that the kind of its question reads.

    Raises `NotOneOfTheQuestions`, `OneAnswerOnly`.
    """
    kinds = {one.slot: one.kind for one in questions_to_answer(attempt)}
    responses: dict[int, Any] = {}
    for name in posted:
        if not name.startswith(PREFIX):
            continue
        slot = read_key(name.removeprefix(PREFIX))
        if slot is None or slot not in kinds:
            raise NotOneOfTheQuestions
        chosen = posted.getlist(name)
        if kinds[slot] == QuestionKind.SINGLE:
            if len(set(chosen)) > 1:
                raise OneAnswerOnly
            responses[slot] = chosen[0] if chosen else None
        else:
            responses[slot] = chosen
    return responses
