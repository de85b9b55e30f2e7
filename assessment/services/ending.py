"""How attempts end and are marked. The callers have locked them."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from assessment.enums import AttemptState, EndedBy
from assessment.models import Answer, Attempt
from assessment.queries.keys import keys_in_force
from assessment.queries.responses import saved_responses
from assessment.scores import as_mark, as_score, percent_of
from assessment.services.key_lock import hold_keys
from courses.services.progress import AttemptScore

_MARKED = ["ended_at", "ended_by", "state", "score", "passed", "marked_at"]


def end(attempt: Attempt, *, ended_by: EndedBy, at: dt.datetime) -> None:
    """The attempt takes no more answers. Within the grace, and where its time ran out, it ended when it closed. Not saved yet."""
    attempt.ended_by = ended_by
    attempt.ended_at = at if attempt.closes_at is None else min(at, attempt.closes_at)


def mark_attempts(attempts: Sequence[Attempt]) -> list[AttemptScore]:
    """Mark what was saved in ended attempts, by the keys in force: four statements, and one for each attempt. Returns their scores, in order."""
    scores: list[AttemptScore] = []
    hold_keys()
    keys = keys_in_force(version for attempt in attempts for version in attempt.versions)
    responses = saved_responses(list(attempts))
    answers: list[Answer] = []
    now = timezone.now()
    for attempt in attempts:
        saved = responses[attempt.pk]
        shares = []
        for slot, version in enumerate(attempt.versions):
            response = saved[slot].response if slot in saved else None
            share = keys[version].in_slot(attempt, slot).share(response)
            shares.append(share)
            answers.append(Answer(attempt=attempt, slot=slot, response=response, mark=as_mark(share)))
        percent = percent_of(attempt.points, shares)
        score, passed = as_score(percent), percent >= attempt.pass_percent
        attempt.state, attempt.marked_at = AttemptState.MARKED, now
        attempt.score, attempt.passed = score, passed
        scores.append(AttemptScore(attempt.enrollment_id, attempt.quiz_key, score, passed))
    Answer.objects.bulk_create(answers)
    for attempt in attempts:
        attempt.save(update_fields=_MARKED)
    return scores
