"""How attempts end and are marked. The callers have locked them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone

from assessment.enums import BY_HAND, AttemptState, EndedBy, KeyRule
from assessment.models import Answer, Attempt
from assessment.queries.keys import KeyInForce, keys_in_force
from assessment.queries.responses import saved_responses
from assessment.scores import as_mark, as_score, percent_of
from assessment.services.key_lock import hold_keys
from assessment.services.marking_tasks import make_tasks
from courses.models import Enrollment
from courses.services.marks import await_marks
from courses.services.progress import AttemptScore, record_scores

# Exact, as thirds have no end in decimals.
type Share = Fraction | Decimal

_MARKED = ["ended_at", "ended_by", "state", "score", "passed", "marked_at"]


def end(attempt: Attempt, *, ended_by: EndedBy, at: dt.datetime) -> None:
    """The attempt takes no more answers. Within the grace, and where its time ran out, it ended when it closed. Not saved yet."""
    attempt.ended_by = ended_by
    attempt.ended_at = at if attempt.closes_at is None else min(at, attempt.closes_at)


def mark_attempts(attempts: Sequence[Attempt]) -> list[AttemptScore]:
    """Mark what was saved in ended attempts, by the keys in force: four statements, and one for each attempt.

    One with answers that a person has to mark gets no mark at all yet (`finish_marking`). Returns the scores of the others, in order.
    """
    hold_keys()
    keys = keys_in_force(version for attempt in attempts for version in attempt.versions)
    responses = saved_responses(list(attempts))
    scores: list[AttemptScore] = []
    answers: list[Answer] = []
    waiting: list[tuple[Attempt, list[int]]] = []
    for attempt in attempts:
        saved = responses[attempt.pk]
        given = [
            Answer(attempt=attempt, slot=slot, response=saved[slot].response if slot in saved else None)
            for slot in range(len(attempt.versions))
        ]
        answers += given
        by_hand = [one.slot for one in given if is_by_hand(keys[attempt.versions[one.slot]], one.response)]
        if by_hand:
            attempt.state = AttemptState.AWAITING
            waiting.append((attempt, by_hand))
        else:
            scores.append(_marked(attempt, given, keys, {}))
    Answer.objects.bulk_create(answers)
    for attempt in attempts:
        attempt.save(update_fields=_MARKED)
    make_tasks(waiting)
    return scores


def finish_marking(attempt: Attempt, shares: Mapping[int, Share]) -> AttemptScore:
    """Mark an attempt that waits, with the shares that people gave, from 0 to 1, slot by slot; the other questions by the
    keys in force now. Its score is recorded as progress, unless the enrollment has ended.
    """
    hold_keys()
    keys = keys_in_force(attempt.versions)
    answers = list(attempt.answers.order_by("slot"))
    score = _marked(attempt, answers, keys, shares)
    Answer.objects.bulk_update(answers, ["mark"])
    attempt.save(update_fields=_MARKED)
    record_scores([score])
    return score


def record_marks_since(enrollment: Enrollment, since: dt.datetime) -> None:
    """Record as progress what was marked since `since`, while the enrollment, now active again, had ended. Inside the caller's transaction."""
    attempts = Attempt.objects.filter(enrollment=enrollment, ended_at__isnull=False).order_by(
        "marked_at", "pk"
    )
    record_scores(
        [
            AttemptScore(enrollment.pk, one.quiz_key, one.score, bool(one.passed))
            for one in attempts.filter(marked_at__gte=since)
            if one.score is not None
        ]
    )
    waiting = attempts.filter(state=AttemptState.AWAITING)
    await_marks([(enrollment.pk, one.quiz_key) for one in waiting])


def percent_by(attempt: Attempt, shares: Mapping[int, Share]) -> Fraction:
    """What an attempt that waits would score, in percent, if these were the shares that people gave. Writes nothing."""
    answers = list(attempt.answers.order_by("slot"))
    return percent_of(attempt.points, _shares(attempt, answers, keys_in_force(attempt.versions), shares))


def slots_by_hand(attempt: Attempt) -> list[int]:
    """The slots of an attempt that waits whose answers a person marks by the keys in force now. Two queries."""
    keys = keys_in_force(attempt.versions)
    answers = attempt.answers.order_by("slot")
    return [one.slot for one in answers if is_by_hand(keys[attempt.versions[one.slot]], one.response)]


def is_by_hand(key: KeyInForce, response: Any) -> bool:
    """Whether a person marks this response. What was not answered waits for no one; nor does a question by which all or none get points."""
    return response is not None and key.asked.kind in BY_HAND and key.rule == KeyRule.KEY


def facts_of(attempt: Attempt) -> dict[str, str]:
    """What the audit trail says of the end of an attempt."""
    return {"score": str(attempt.score)} if attempt.is_marked else {}


def _marked(
    attempt: Attempt,
    answers: Sequence[Answer],
    keys: Mapping[int, KeyInForce],
    by_hand: Mapping[int, Share],
) -> AttemptScore:
    """Mark the attempt and its answers, which are those of its slots in order. Not saved yet."""
    shares = _shares(attempt, answers, keys, by_hand)
    for answer, share in zip(answers, shares, strict=True):
        answer.mark = as_mark(share)
    percent = percent_of(attempt.points, shares)
    attempt.state, attempt.marked_at = AttemptState.MARKED, timezone.now()
    attempt.score, attempt.passed = as_score(percent), percent >= attempt.pass_percent
    return AttemptScore(attempt.enrollment_id, attempt.quiz_key, attempt.score, attempt.passed)


def _shares(
    attempt: Attempt,
    answers: Sequence[Answer],
    keys: Mapping[int, KeyInForce],
    by_hand: Mapping[int, Share],
) -> list[Fraction | None]:
    """What each slot earns, in order; None for a question that does not count."""
    shares: list[Fraction | None] = []
    for answer, version in zip(answers, attempt.versions, strict=True):
        key = keys[version].in_slot(attempt, answer.slot)
        by_person = is_by_hand(key, answer.response)
        share = Fraction(by_hand[answer.slot]) if by_person else key.share(answer.response)
        shares.append(share)
    return shares
