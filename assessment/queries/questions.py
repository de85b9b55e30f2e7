"""Versions of questions as the server works with them: with the key. Nothing of this module is handed to a template before the mark."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from assessment.chance import Chance
from assessment.enums import QuestionKind
from assessment.marking.kinds import question_of
from assessment.marking.numeric import Numeric, with_numbers
from assessment.marking.question import Question
from assessment.models import Attempt, QuestionVersion
from assessment.recent import Recent

# Versions kept in memory by a process; a question has about 2 kB.
MOST_KEPT = 5000
# A gap in the text of a question, and how it is written where nothing can be filled in.
GAP = re.compile(r"\[\[([0-9]{1,2})\]\]")
BLANK = "____"


@dataclass(frozen=True)
class StoredQuestion:
    """A version of a question; `question` reads and marks responses to it."""

    version: int
    question_id: int
    kind: QuestionKind
    content: Mapping[str, Any]
    key: Mapping[str, Any]
    question: Question
    # Those that were generated for this slot of an attempt.
    values: Mapping[str, Fraction] = field(default_factory=dict)


_kept: Recent[int, StoredQuestion] = Recent(MOST_KEPT)


def stored_questions(versions: Sequence[int]) -> list[StoredQuestion]:
    """The versions, in the order of their keys as given. One query, none where all were used before."""
    found = _kept.among(versions)
    if missing := set(versions) - found.keys():
        rows = {
            row.pk: StoredQuestion(
                row.pk,
                row.question_id,
                QuestionKind(row.kind),
                row.content,
                row.key,
                question_of(row.kind, row.content, row.key),
            )
            for row in QuestionVersion.objects.filter(pk__in=missing)
        }
        _kept.keep(rows)
        found |= rows
    return [found[version] for version in versions]


def questions_of(attempt: Attempt) -> list[StoredQuestion]:
    """The questions of an attempt, slot by slot, with the values that were generated for it."""
    return [
        with_values(one, chance_of(attempt, slot)) if one.content.get("variables") else one
        for slot, one in enumerate(stored_questions(attempt.versions))
    ]


def chance_of(attempt: Attempt, slot: int) -> Chance:
    """What is drawn in a slot: values, and the order in which steps are shown."""
    return Chance(Chance(attempt.seed).below(1 << 63, "slot", slot))


def with_values(one: StoredQuestion, chance: Chance) -> StoredQuestion:
    """A question with generated values as one attempt gets them."""
    if not isinstance(one.question, Numeric):
        return one
    values = one.question.drawn(chance)
    return replace(one, question=one.question.with_values(values), values=values)


def text_of(one: StoredQuestion) -> str:
    """What a question asks, in the reader's language: with its values, and lines where it has gaps."""
    return GAP.sub(BLANK, with_numbers(in_language(one.content["text"]), one.values))


def explanation_of(one: StoredQuestion) -> str:
    """Why the right answer is right. Not before the mark."""
    return with_numbers(in_language(one.key["explanation"]), one.values)


def words_in_gap(one: StoredQuestion, gap_id: str, filled: str) -> str:
    """What was filled into a gap, as its person read or typed it."""
    gap = next(gap for gap in one.content["gaps"] if gap["id"] == gap_id)
    options = {option["id"]: in_language(option["text"]) for option in gap["content"].get("options", ())}
    return options.get(filled, filled)


def in_language(texts: Mapping[str, str]) -> str:
    """A text of a question in the reader's language, else in the source language, else in any; empty where there is none."""
    for language in (get_language(), settings.LANGUAGE_CODE):
        if language in texts:
            return texts[language]
    return next(iter(texts.values()), "")
