"""More time for a person or a room, while the attempts run."""

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from accounts.errors import ReasonMissing
from accounts.models import AuditedModelLogEntry, User
from assessment.deadlines import closing_time
from assessment.enums import AttemptState
from assessment.errors import MinutesOutOfRange, NoTimeLimit, OwnAttempt, SittingHasNoOpenAttempts
from assessment.models import Attempt, Sitting, TimeGrant

MOST_MINUTES = 240


@transaction.atomic
def give_time(*, attempt_id: int, minutes: int, reason: str, by: User) -> Attempt:
    """Give one person more time, while the attempt is open: also after its time ran out, until it is closed.

    Raises `MinutesOutOfRange`, `ReasonMissing`, `NoTimeLimit`, `OwnAttempt`, `SittingHasNoOpenAttempts`.
    """
    attempts = _locked(Attempt.objects.filter(pk=attempt_id))
    if attempts and attempts[0].limit_seconds is None:
        raise NoTimeLimit
    _give(attempts, minutes=minutes, reason=reason, by=by, sitting=None)
    return attempts[0]


@transaction.atomic
def give_time_to_room(*, sitting_id: int, minutes: int, reason: str, by: User) -> int:
    """Give all whose attempts are open in a sitting more time, as after a power cut. Returns how many.

    Raises `MinutesOutOfRange`, `ReasonMissing`, `OwnAttempt`, `SittingHasNoOpenAttempts`.
    """
    sitting = Sitting.objects.get(pk=sitting_id)
    attempts = _locked(Attempt.objects.filter(sitting=sitting, limit_seconds__isnull=False))
    _give(attempts, minutes=minutes, reason=reason, by=by, sitting=sitting)
    return len(attempts)


def _locked(attempts: QuerySet[Attempt]) -> list[Attempt]:
    rows = attempts.filter(state=AttemptState.OPEN).select_related("enrollment__cohort")
    # In one order: two supervisors give time to the same room.
    return list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))


def _give(
    attempts: Sequence[Attempt], *, minutes: int, reason: str, by: User, sitting: Sitting | None
) -> None:
    if not 1 <= minutes <= MOST_MINUTES:
        raise MinutesOutOfRange(most=MOST_MINUTES)
    if not reason.strip():
        raise ReasonMissing
    if not attempts:
        raise SittingHasNoOpenAttempts
    if any(attempt.enrollment.person_id == by.person_id for attempt in attempts):
        raise OwnAttempt
    seconds, now = minutes * 60, timezone.now()
    for attempt in attempts:
        attempt.granted_seconds += seconds
        attempt.closes_at = closing_time(
            attempt.started_at,
            dt.timedelta(seconds=attempt.limit_seconds or 0),
            factor=Fraction(attempt.factor),
            granted=[dt.timedelta(seconds=attempt.granted_seconds)],
        )
    Attempt.objects.bulk_update(attempts, ["granted_seconds", "closes_at"])
    TimeGrant.objects.bulk_create(
        TimeGrant(attempt=attempt, sitting=sitting, seconds=seconds, reason=reason.strip(), by=by, at=now)
        for attempt in attempts
    )
    facts = {"minutes": minutes, "reason": reason.strip()}
    if sitting:
        log(sitting, "assessment.sitting.give_time", user=by, data={**facts, "people": len(attempts)})
    AuditedModelLogEntry.objects.log_many(
        [
            (attempt, facts, (attempt.enrollment.cohort.center_id, attempt.enrollment.person_id))
            for attempt in attempts
        ],
        "assessment.attempt.give_time",
        user=by,
    )
