"""Questions as they were asked, with their keys, and what regrades change: for those who correct keys."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from assessment.enums import KeyRule, QuestionKind
from assessment.models import (
    AttemptCorrection,
    KeyCorrection,
    QuestionPicture,
    QuestionVersion,
    Regrade,
    RegradeLine,
)
from assessment.queries.keys_in_words import key_in_words
from assessment.queries.questions import StoredQuestion, in_language
from courses.models import Enrollment
from courses.queries.doubts import in_doubt


@dataclass(frozen=True)
class AskedQuestion:
    """A version of a question with what marks it, in words."""

    version: QuestionVersion
    text: str
    key: list[str]
    correction: KeyCorrection | None


def versions_of_quiz(quiz_key: UUID) -> QuerySet[QuestionVersion]:
    """What was asked in a quiz, the newest version first, with the corrections of the keys."""
    corrections = KeyCorrection.objects.select_related("to_version", "by").order_by("-pk")
    rows = QuestionVersion.objects.filter(question__quiz_key=quiz_key).order_by("question_id", "-pk")
    # Written for a correction, and never asked: it is shown as the key of the one that was.
    return rows.exclude(
        pk__in=Regrade.objects.filter(to_version__isnull=False).values("to_version")
    ).prefetch_related(Prefetch("corrections", corrections))


def asked_question(version: QuestionVersion) -> AskedQuestion:
    correction = next(iter(version.corrections.all()), None)
    return AskedQuestion(version, in_language(version.content["text"]), key_in_words(version), correction)


def rule_in_words(rule: str, to_version: QuestionVersion | StoredQuestion | None) -> list[str]:
    """What marks a question by a correction."""
    return [str(KeyRule(rule).label)] if to_version is None else key_in_words(to_version)


def picture_of(version: QuestionVersion) -> str:
    """The picture of a question about places, for a page of staff; empty where it has none. One query at the most."""
    shown = version.content.get("picture")
    if version.kind != QuestionKind.HOTSPOT or not isinstance(shown, dict):
        return ""
    data = bytes(QuestionPicture.objects.get(source=shown["source"]).data)
    return f"data:image/webp;base64,{b64encode(data).decode()}"


def rows_of(regrade: Regrade, *, only: str) -> QuerySet[Any]:
    """What it changed, or would change, by attempt; `only`: of those who pass no more, who completed, who have a certificate in force."""
    rows: QuerySet[Any] = (
        AttemptCorrection.objects.filter(correction__regrade=regrade)
        if regrade.started_by_id
        else RegradeLine.objects.filter(regrade=regrade)
    )
    match only:
        case "passed":
            rows = rows.filter(to_passed=True, from_passed=False)
        case "failed":
            rows = rows.filter(to_passed=False, from_passed=True)
        case "completed":
            rows = rows.filter(has_completed=True)
        case "documents":
            rows = rows.filter(has_document=True)
    return rows.select_related("attempt__enrollment__person", "attempt__enrollment__cohort__center")


def doubts_after(regrade: Regrade) -> int:
    """How many completions are in doubt of those whose attempts it changed."""
    changed = AttemptCorrection.objects.filter(correction__regrade=regrade)
    return in_doubt(Enrollment.objects.filter(pk__in=changed.values("attempt__enrollment"))).count()
