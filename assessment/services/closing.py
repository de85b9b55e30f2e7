"""Attempts whose time ran out are closed and marked, whether their people are there or not."""

import datetime as dt
import logging
from collections.abc import Sequence

from django.db import DatabaseError, transaction
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Value
from django.utils import timezone

from accounts.models import AuditedModelLogEntry
from assessment.enums import AttemptState, EndedBy
from assessment.models import Attempt
from assessment.services.ending import end, facts_of, mark_attempts
from courses.services.locks import locked_enrollments
from courses.services.marks import await_marks
from courses.services.progress import record_scores

logger = logging.getLogger(__name__)

# Closed in one transaction.
BATCH = 50
# In one run.
MOST = 10_000
_SECOND = Value(dt.timedelta(seconds=1), output_field=DurationField())


def close_expired_attempts() -> int:
    """Close and mark what ran out, grace included, the oldest first. Returns how many.

    They end at their `closes_at`, however late this runs. What a person has to mark waits for it. An attempt of somebody who was
    withdrawn meanwhile is marked, too; its score is recorded nowhere. One that cannot be marked hinders no other: it is tried alone, and its error rises in the end.
    """
    failed: list[int] = []
    keys = _expired()
    closed = sum(_close_or_halve(keys[at : at + BATCH], failed) for at in range(0, len(keys), BATCH))
    if failed:
        raise RuntimeError(f"attempts that cannot be closed: {failed}")
    return closed


def _expired() -> list[int]:
    now = timezone.now()
    open_ones = Attempt.objects.filter(state=AttemptState.OPEN, closes_at__lt=now)
    until = ExpressionWrapper(F("closes_at") + F("grace_seconds") * _SECOND, output_field=DateTimeField())
    expired = open_ones.annotate(until=until).filter(until__lt=now)
    return list(expired.order_by("closes_at", "pk").values_list("pk", flat=True)[:MOST])


def _close_or_halve(keys: Sequence[int], failed: list[int]) -> int:
    try:
        return close_attempts(keys)
    except (ArithmeticError, LookupError, TypeError, ValueError, DatabaseError):
        if len(keys) == 1:
            logger.exception("The attempt %s cannot be closed.", keys[0])
            failed.extend(keys)
            return 0
    half = len(keys) // 2
    return _close_or_halve(keys[:half], failed) + _close_or_halve(keys[half:], failed)


@transaction.atomic
def close_attempts(keys: Sequence[int]) -> int:
    """Close and mark those of the attempts that are open and locked by no one else, as of the end of their time. Returns how many."""
    # Before the attempts, as in `locked_attempt`.
    locked_enrollments(Attempt.objects.filter(pk__in=keys).values_list("enrollment", flat=True))
    rows = (
        Attempt.objects.filter(pk__in=keys, state=AttemptState.OPEN)
        .select_related("enrollment__cohort")
        .select_for_update(no_key=True, skip_locked=True, of=("self",))
    )
    # Meanwhile somebody may have been given more time.
    now = timezone.now()
    attempts = [attempt for attempt in rows.order_by("pk") if not attempt.accepts_at(now)]
    for attempt in attempts:
        end(attempt, ended_by=EndedBy.TIME, at=now)
    scores = mark_attempts(attempts)
    AuditedModelLogEntry.objects.log_many(
        [
            (
                attempt,
                facts_of(attempt),
                (attempt.enrollment.cohort.center_id, attempt.enrollment.person_id),
            )
            for attempt in attempts
        ],
        "assessment.attempt.close",
        user=None,
    )
    record_scores(scores)
    await_marks([(one.enrollment_id, one.quiz_key) for one in attempts if not one.is_marked])
    return len(attempts)
