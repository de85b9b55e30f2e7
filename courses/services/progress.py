"""Progress in units."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from courses import coverage
from courses.enums import CohortState, CompletesBy
from courses.errors import (
    BucketsOutOfRange,
    ScoreOutOfRange,
    UnitCompletesByMarks,
    UnitCompletesByWatching,
    UnitNotInCohort,
    VideoTooLong,
)
from courses.models import Enrollment, UnitProgress
from courses.queries.content import units_of
from courses.services.closing import end_if_over
from courses.services.completion import complete_if_eligible
from courses.services.locks import locked_active_enrollment
from courses.services.releases import check_open


@transaction.atomic
def open_unit(*, enrollment_id: int, unit_key: UUID) -> UnitProgress:
    """Note that the trainee opened a unit: from here on watching earns credit. Opening again changes nothing.

    Raises `EnrollmentNotActive`, `UnitNotInCohort`, `UnitNotOpen`.
    """
    enrollment = locked_active_enrollment(enrollment_id)
    check_open(enrollment, unit_key)
    return opened(enrollment, unit_key, timezone.now())


@transaction.atomic
def report_watched(
    *,
    enrollment_id: int,
    unit_key: UUID,
    buckets: Iterable[int],
    position: int,
    buckets_total: int,
    age: int = 0,
) -> UnitProgress:
    """Merge a player's report of watched 5 s buckets, as far as the credit since the unit was opened covers them.

    Idempotent and free of order; `courses.coverage` states the rule. `position` is in seconds and
    `age` seconds old: a device that was offline does not overwrite a newer position of another one. `buckets_total` is the
    server's own count for the published video (`courses.coverage.buckets_of`), never the player's claim. The unit
    completes at 90 % coverage and stays completed. Raises `EnrollmentNotActive`, `UnitNotInCohort`, `UnitNotOpen`,
    `VideoTooLong`, `BucketsOutOfRange`.
    """
    if not 0 < buckets_total <= coverage.MOST_BUCKETS:
        raise VideoTooLong
    reported = set(buckets)
    if not all(0 <= bucket < buckets_total for bucket in reported):
        raise BucketsOutOfRange(last=buckets_total - 1)
    enrollment = locked_active_enrollment(enrollment_id)
    check_open(enrollment, unit_key)
    now = timezone.now()
    progress = opened(enrollment, unit_key, now)
    credit_limit = coverage.CreditLimit(progress.allowed_buckets, progress.allowed_at).replenished(now)
    known = coverage.within(bytes(progress.watched), buckets_total)
    watched, left = coverage.credit(known, reported, credit_limit)
    progress.watched = watched
    progress.buckets_watched = coverage.count(watched)
    progress.buckets_total = buckets_total
    progress.allowed_buckets, progress.allowed_at = left.buckets, left.at
    left_at = now - dt.timedelta(seconds=max(age, 0))
    if progress.position_at is None or left_at >= progress.position_at:
        progress.position = min(max(position, 0), buckets_total * coverage.BUCKET_SECONDS)
        progress.position_at = left_at
    completes = coverage.is_covered(progress.buckets_watched, buckets_total)
    return _saved(progress, now, completes=completes)


@transaction.atomic
def complete_unit(*, enrollment_id: int, unit_key: UUID) -> UnitProgress:
    """Complete a unit that has neither video nor marks, when the trainee confirms it. Completing again changes nothing.

    Raises `EnrollmentNotActive`, `UnitNotInCohort`, `UnitNotOpen`, `UnitCompletesByWatching`, `UnitCompletesByMarks`.
    """
    enrollment = locked_active_enrollment(enrollment_id)
    check_open(enrollment, unit_key)
    completes_by = _unit_of(enrollment, unit_key)["completes_by"]
    if completes_by == CompletesBy.WATCHING:
        raise UnitCompletesByWatching
    if completes_by == CompletesBy.MARKS:
        raise UnitCompletesByMarks
    now = timezone.now()
    return _saved(opened(enrollment, unit_key, now), now, completes=True)


@transaction.atomic
def record_score(*, enrollment_id: int, unit_key: UUID, score: Decimal, passed: bool) -> UnitProgress:
    """Record the mark of an attempt, in percent. Which attempt counts, the rule says; a pass completes the unit and is never
    taken back.

    Raises `ScoreOutOfRange`, `EnrollmentNotActive`, `UnitNotInCohort`.
    """
    if not (score.is_finite() and 0 <= score <= 100):
        raise ScoreOutOfRange
    enrollment = locked_active_enrollment(enrollment_id)
    now = timezone.now()
    progress = opened(enrollment, unit_key, now)
    progress.scores = [*progress.scores, score]
    progress.score = max(progress.scores)
    progress.passed = bool(progress.passed) or passed
    progress.awaits_mark_since = None
    log(
        enrollment,
        "courses.progress.mark",
        data={"unit": str(unit_key), "score": str(score), "passed": passed},
    )
    saved = _saved(progress, now, completes=passed, settles=True)
    if enrollment.cohort.state == CohortState.CLOSED:
        end_if_over(enrollment_id)
    return saved


def _unit_of(enrollment: Enrollment, unit_key: UUID) -> dict[str, Any]:
    for unit in units_of(enrollment.cohort):
        if unit["unit"] == str(unit_key):
            return unit
    raise UnitNotInCohort


def opened(enrollment: Enrollment, unit_key: UUID, now: dt.datetime) -> UnitProgress:
    """The enrollment's progress in the unit, made if this is the first touch. The enrollment's lock guards it."""
    _unit_of(enrollment, unit_key)
    progress, _is_new = UnitProgress.objects.get_or_create(
        enrollment=enrollment,
        unit_key=unit_key,
        defaults={
            "opened_at": now,
            "updated_at": now,
            "allowed_at": now,
            "allowed_buckets": coverage.OPENING_BUCKETS,
        },
    )
    return progress


def _saved(
    progress: UnitProgress, now: dt.datetime, *, completes: bool, settles: bool = False
) -> UnitProgress:
    newly_completed = completes and progress.completed_at is None
    if newly_completed:
        progress.completed_at = now
    progress.updated_at = now
    progress.save()
    if newly_completed or settles:
        complete_if_eligible(enrollment_id=progress.enrollment_id)
    return progress
