"""Services of this app. The server freezes the questions, keeps the answer key and marks."""

from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from assessment.enums import AttemptState, QuestionKind
from assessment.errors import (
    AttemptOver,
    NoAttemptsLeft,
    NotOneOfTheQuestions,
    OneAnswerOnly,
    QuizAlreadyPassed,
    QuizHasNoQuestions,
)
from assessment.marking.choice import MultipleChoice, SingleChoice, even_weights
from assessment.marking.question import total_percent
from assessment.models import Answer, Attempt, QuizPage
from assessment.queries import quiz_of
from courses.queries.evidence import may_raise_score
from courses.services.progress import open_unit, record_score


@transaction.atomic
def start_attempt(*, enrollment_id: int, unit_key: UUID, by: User) -> Attempt:
    """Begin an attempt at a quiz of the enrollment's content, or take up the one that is open (another tab, another device).

    Raises `EnrollmentNotActive`, `UnitNotInCohort` and `UnitNotOpen` of courses, `QuizAlreadyPassed`, `NoAttemptsLeft`,
    `QuizHasNoQuestions`.
    """
    # Locks the enrollment, so that two starts count attempts one after the other.
    progress = open_unit(enrollment_id=enrollment_id, unit_key=unit_key)
    quiz = quiz_of(progress.enrollment, unit_key)
    if quiz is None:
        raise QuizHasNoQuestions
    earlier = list(Attempt.objects.at(progress.enrollment, unit_key))
    if earlier and earlier[0].is_open:
        return earlier[0]
    if any(attempt.passed for attempt in earlier) and not may_raise_score(progress.enrollment, unit_key):
        raise QuizAlreadyPassed
    if len(earlier) >= quiz.attempts_allowed:
        raise NoAttemptsLeft
    questions = _frozen_questions(quiz)
    if not questions:
        raise QuizHasNoQuestions
    attempt = Attempt.objects.create(
        enrollment_id=enrollment_id,
        quiz_key=unit_key,
        number=len(earlier) + 1,
        title=quiz.title,
        questions=questions,
        pass_percent=quiz.pass_percent,
        started_at=timezone.now(),
    )
    log(attempt, "assessment.attempt.start", user=by, data={"number": attempt.number})
    return attempt


@transaction.atomic
def save_answers(*, attempt_id: int, responses: Mapping[str, Collection[str]]) -> Attempt:
    """Keep what was chosen so far, all of it, until the attempt is submitted. The last one kept counts.

    `responses` as for `submit_attempt`. Raises `AttemptOver`, `NotOneOfTheQuestions`, `OneAnswerOnly`.
    """
    attempt = Attempt.objects.select_for_update(no_key=True).get(pk=attempt_id)
    if not attempt.is_open:
        raise AttemptOver
    _check(attempt, responses)
    attempt.draft = {question_id: sorted(set(chosen)) for question_id, chosen in responses.items() if chosen}
    attempt.save(update_fields=["draft"])
    return attempt


@transaction.atomic
def submit_attempt(*, attempt_id: int, responses: Mapping[str, Collection[str]], by: User) -> Attempt:
    """Mark an attempt and record its score as progress. A question left out earns nothing.

    `responses`: question id -> ids of the options chosen. Submitting a marked attempt again, with whatever answers,
    returns it as it was marked: the first submission counts. Raises `NotOneOfTheQuestions`, `OneAnswerOnly`,
    `EnrollmentNotActive`; then nothing is stored and the attempt stays open.
    """
    attempt = Attempt.objects.select_for_update(no_key=True).get(pk=attempt_id)
    if not attempt.is_open:
        return attempt
    _check(attempt, responses)
    chosen = [sorted(set(responses.get(question["id"], ()))) for question in attempt.questions]
    marks = [_mark(question, picked) for question, picked in zip(attempt.questions, chosen, strict=True)]
    Answer.objects.bulk_create(
        Answer(attempt=attempt, question_id=question["id"], chosen=picked, mark=_decimal(earned, "0.0001"))
        for question, picked, earned in zip(attempt.questions, chosen, marks, strict=True)
    )
    percent = total_percent([question["points"] for question in attempt.questions], marks)
    attempt.draft = {}
    attempt.state = AttemptState.MARKED
    attempt.score = _decimal(percent, "0.01")
    attempt.passed = percent >= attempt.pass_percent
    attempt.marked_at = timezone.now()
    attempt.save(update_fields=["draft", "state", "score", "passed", "marked_at"])
    log(attempt, "assessment.attempt.submit", user=by, data={"score": str(attempt.score)})
    record_score(
        enrollment_id=attempt.enrollment_id,
        unit_key=attempt.quiz_key,
        score=attempt.score,
        passed=attempt.passed,
    )
    return attempt


def _frozen_questions(quiz: QuizPage) -> list[dict[str, Any]]:
    return [
        {
            "id": block.id,
            "kind": block.block_type,
            "text": block.value["text"],
            "options": [
                {"id": option.id, "text": option.value["text"], "is_right": option.value["is_right"]}
                for option in block.value["options"].bound_blocks
            ],
            "explanation": block.value["explanation"] or "",
            "points": block.value["points"],
        }
        for block in quiz.questions
    ]


def _check(attempt: Attempt, responses: Mapping[str, Collection[str]]) -> None:
    asked = {question["id"]: question for question in attempt.questions}
    for question_id, chosen in responses.items():
        if question_id not in asked:
            raise NotOneOfTheQuestions
        question = asked[question_id]
        if not set(chosen) <= {option["id"] for option in question["options"]}:
            raise NotOneOfTheQuestions
        if question["kind"] == QuestionKind.SINGLE and len(set(chosen)) > 1:
            raise OneAnswerOnly


def _mark(question: Mapping[str, Any], chosen: Sequence[str]) -> Fraction:
    """The share that the options earn which were chosen in a question as an attempt keeps it."""
    takes_one = question["kind"] == QuestionKind.SINGLE
    right = [option["id"] for option in question["options"] if option["is_right"]]
    wrong = [option["id"] for option in question["options"] if not option["is_right"]]
    key = {"weights": even_weights(right, wrong, takes_one=takes_one)}
    if takes_one:
        return SingleChoice(question, key).mark(chosen[0] if chosen else None)
    return MultipleChoice(question, key).mark(chosen)


def _decimal(number: Fraction, places: str) -> Decimal:
    return (Decimal(number.numerator) / number.denominator).quantize(Decimal(places), ROUND_DOWN)
