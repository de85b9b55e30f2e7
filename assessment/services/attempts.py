"""Attempts: begun, kept and marked by the server, which alone has the answer keys."""

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.log_actions import log

from accounts.models import User
from assessment.enums import AttemptState
from assessment.errors import (
    AttemptOver,
    NoAttemptsLeft,
    NotOneOfTheQuestions,
    QuizAlreadyPassed,
    QuizHasNoQuestions,
)
from assessment.marking.question import UnreadableResponse, total_percent
from assessment.models import Answer, Attempt
from assessment.queries.attempts import pages_of_quiz
from assessment.queries.questions import stored_questions
from assessment.services.freezing import freeze_questions
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
    pages = pages_of_quiz(progress.enrollment, unit_key)
    if not pages:
        raise QuizHasNoQuestions
    language = get_language() if get_language() in pages else next(iter(pages))
    quiz = pages[language]
    earlier = list(Attempt.objects.at(progress.enrollment, unit_key))
    if earlier and earlier[0].is_open:
        return earlier[0]
    if any(attempt.passed for attempt in earlier) and not may_raise_score(progress.enrollment, unit_key):
        raise QuizAlreadyPassed
    if len(earlier) >= quiz.attempts_allowed:
        raise NoAttemptsLeft
    drawn = freeze_questions(pages, language=language)
    if not drawn:
        raise QuizHasNoQuestions
    attempt = Attempt.objects.create(
        enrollment_id=enrollment_id,
        quiz_key=unit_key,
        number=len(earlier) + 1,
        title=quiz.title,
        versions=[one.version for one in drawn],
        points=[one.points for one in drawn],
        pass_percent=quiz.pass_percent,
        started_at=timezone.now(),
    )
    log(attempt, "assessment.attempt.start", user=by, data={"number": attempt.number})
    return attempt


@transaction.atomic
def save_answers(*, attempt_id: int, responses: Mapping[int, Any]) -> Attempt:
    """Keep what was answered so far, all of it, until the attempt is submitted. The last one kept counts.

    `responses` as for `submit_attempt`. Raises `AttemptOver`, `NotOneOfTheQuestions`.
    """
    attempt = Attempt.objects.select_for_update(no_key=True).get(pk=attempt_id)
    if not attempt.is_open:
        raise AttemptOver
    attempt.draft = {str(slot): response for slot, response in _read(attempt, responses).items()}
    attempt.save(update_fields=["draft"])
    return attempt


@transaction.atomic
def submit_attempt(*, attempt_id: int, responses: Mapping[int, Any], by: User) -> Attempt:
    """Mark an attempt and record its score as progress. A question left out earns nothing.

    `responses`: slot, from 0, -> what was answered there, as the kind of its question reads it (`assessment.marking`). Submitting a
    marked attempt again, with whatever answers, returns it as it was marked: the first submission counts. Raises
    `NotOneOfTheQuestions`, `EnrollmentNotActive`; then nothing is stored and the attempt stays open.
    """
    attempt = Attempt.objects.select_for_update(no_key=True).get(pk=attempt_id)
    if not attempt.is_open:
        return attempt
    read = _read(attempt, responses)
    shares = [
        one.question.mark(read.get(slot)) or Fraction(0)
        for slot, one in enumerate(stored_questions(attempt.versions))
    ]
    Answer.objects.bulk_create(
        Answer(attempt=attempt, slot=slot, response=read.get(slot), mark=_decimal(share, "0.0001"))
        for slot, share in enumerate(shares)
    )
    percent = total_percent(attempt.points, shares)
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


def _read(attempt: Attempt, responses: Mapping[int, Any]) -> dict[int, Any]:
    """The responses in the form in which they are kept, without empty ones. Raises `NotOneOfTheQuestions`."""
    questions = dict(enumerate(stored_questions(attempt.versions)))
    if not responses.keys() <= questions.keys():
        raise NotOneOfTheQuestions
    try:
        read = {slot: questions[slot].question.read(sent) for slot, sent in responses.items()}
    except UnreadableResponse as error:
        raise NotOneOfTheQuestions from error
    return {slot: response for slot, response in read.items() if response is not None}


def _decimal(number: Fraction, places: str) -> Decimal:
    return (Decimal(number.numerator) / number.denominator).quantize(Decimal(places), ROUND_DOWN)
