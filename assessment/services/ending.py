"""How attempts end and are marked. The callers have locked them."""

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from django.utils import timezone

from assessment.enums import AttemptState, EndedBy
from assessment.marking.question import total_percent
from assessment.models import Answer, Attempt
from assessment.queries.questions import questions_of
from assessment.queries.responses import saved_responses
from courses.services.progress import AttemptScore

_MARKED = ["ended_at", "ended_by", "state", "score", "passed", "marked_at"]


def end(attempt: Attempt, *, ended_by: EndedBy, at: dt.datetime) -> None:
    """The attempt takes no more answers. Within the grace, and where its time ran out, it ended when it closed. Not saved yet."""
    attempt.ended_by = ended_by
    attempt.ended_at = at if attempt.closes_at is None else min(at, attempt.closes_at)


def mark_attempts(attempts: Sequence[Attempt]) -> list[AttemptScore]:
    """Mark what was saved in ended attempts: two statements, and one for each attempt. Returns their scores, in order."""
    scores: list[AttemptScore] = []
    responses = saved_responses(list(attempts))
    answers: list[Answer] = []
    now = timezone.now()
    for attempt in attempts:
        saved = responses[attempt.pk]
        shares = []
        for slot, one in enumerate(questions_of(attempt)):
            response = saved[slot].response if slot in saved else None
            share = one.question.mark(response) or Fraction(0)
            shares.append(share)
            answers.append(
                Answer(attempt=attempt, slot=slot, response=response, mark=_decimal(share, "0.0001"))
            )
        percent = total_percent(attempt.points, shares)
        score, passed = _decimal(percent, "0.01"), percent >= attempt.pass_percent
        attempt.state, attempt.marked_at = AttemptState.MARKED, now
        attempt.score, attempt.passed = score, passed
        scores.append(AttemptScore(attempt.enrollment_id, attempt.quiz_key, score, passed))
    Answer.objects.bulk_create(answers)
    for attempt in attempts:
        attempt.save(update_fields=_MARKED)
    return scores


def _decimal(number: Fraction, places: str) -> Decimal:
    return (Decimal(number.numerator) / number.denominator).quantize(Decimal(places), ROUND_DOWN)
