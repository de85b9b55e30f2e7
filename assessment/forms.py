"""Reads the posted form of a quiz; why a mark is appealed against."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.digits import read_key
from accounts.errors import DomainError
from assessment.enums import QuestionKind
from assessment.errors import NotOneOfTheQuestions
from assessment.models import Attempt
from assessment.parts import response_in
from assessment.queries.questions import stored_questions

# A question's inputs are named by its slot behind this, so that no other input can pass for an answer. Those of a question in parts have the
# id of the part behind the slot: question-3-1.
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
    questions = dict(enumerate(stored_questions(attempt.versions)))
    # Boxes of which none is ticked send nothing.
    shown = (read_key(slot) for slot in posted.getlist("asked"))
    # Files are answered on a page of their own: this form, which may be an old one, says nothing of them.
    responses: dict[int, Any] = {
        slot: None for slot in shown if slot in questions and questions[slot].kind != QuestionKind.FILES
    }
    refusal: DomainError | None = None
    parts: dict[int, dict[str, list[str]]] = defaultdict(dict)
    for name in posted:
        if not name.startswith(PREFIX):
            continue
        number, dash, part = name.removeprefix(PREFIX).partition("-")
        slot = read_key(number)
        if slot not in questions or bool(dash) != bool(part) or questions[slot].kind == QuestionKind.FILES:
            refusal = NotOneOfTheQuestions()
        else:
            parts[slot][part] = posted.getlist(name)
    for slot, sent in parts.items():
        responses[slot], refused = response_in(questions[slot], sent, number=slot + 1)
        refusal = refused or refusal
    return PostedAnswers(responses, refusal, read_key(posted.get("epoch", "")))


def flagged_in(posted: QueryDict) -> set[int]:
    """The slots that the person marked for later, as the script says them: "0,4". What is no number is left out."""
    slots = (read_key(slot) for slot in posted.get("flagged", "").split(","))
    return {slot for slot in slots if slot is not None}


class AppealForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is the mark wrong?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Say what you answered and why it is right. Another person than who marked it reads this."
        ),
    )
