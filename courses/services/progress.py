"""Progress in units."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.errors import DomainError
from accounts.models import AuditedModelLogEntry
from courses import coverage
from courses.enums import CompletesBy
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
from courses.services.closing import end_those_over
from courses.services.completion import complete_eligible, complete_if_eligible
from courses.services.locks import (
    check_active,
    locked_active_enrollment,
    locked_enrollment,
    locked_enrollments,
)
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


class AttemptScore(NamedTuple):
    """The mark of an attempt, in percent."""

    enrollment_id: int
    unit_key: UUID
    score: Decimal
    passed: bool


@transaction.atomic
def record_score(*, enrollment_id: int, unit_key: UUID, score: Decimal, passed: bool) -> UnitProgress:
    """Record the mark of an attempt, in percent. Which attempt counts, the rule says; a pass completes the unit and is never
    taken back.

    Raises `ScoreOutOfRange`, `EnrollmentNotActive`, `UnitNotInCohort`.
    """
    attempt = AttemptScore(enrollment_id, unit_key, score, passed)
    enrollment = locked_enrollment(enrollment_id)
    _check(attempt, enrollment)
    [progress] = _record([attempt], {enrollment_id: enrollment})
    return progress


@transaction.atomic
def record_scores(attempts: Sequence[AttemptScore]) -> dict[int, DomainError]:
    """As `record_score`, of many attempts, those at one unit in their order: as many statements as for one.

    An attempt that is refused hinders no other: returns why, by its place. Who completes is asked once, after all of them.
    """
    enrollments = locked_enrollments(attempt.enrollment_id for attempt in attempts)
    refused: dict[int, DomainError] = {}
    for place, attempt in enumerate(attempts):
        try:
            _check(attempt, enrollments[attempt.enrollment_id])
        except DomainError as error:
            refused[place] = error
    _record([attempt for place, attempt in enumerate(attempts) if place not in refused], enrollments)
    return refused


def check_score(score: Decimal) -> None:
    """Raises `ScoreOutOfRange`."""
    if not (score.is_finite() and 0 <= score <= 100):
        raise ScoreOutOfRange


def _check(attempt: AttemptScore, enrollment: Enrollment) -> None:
    """Raises `ScoreOutOfRange`, `EnrollmentNotActive`, `UnitNotInCohort`."""
    check_score(attempt.score)
    check_active(enrollment)
    _unit_of(enrollment, attempt.unit_key)


def _record(attempts: Collection[AttemptScore], enrollments: Mapping[int, Enrollment]) -> list[UnitProgress]:
    """Write attempts that may be written; the enrollments are locked. Returns the progress in each unit."""
    now = timezone.now()
    present = UnitProgress.objects.filter(
        enrollment__in={attempt.enrollment_id for attempt in attempts},
        unit_key__in={attempt.unit_key for attempt in attempts},
    )
    before = {(row.enrollment_id, row.unit_key): row for row in present}
    progress: dict[tuple[int, UUID], UnitProgress] = {}
    for attempt in attempts:
        key = (attempt.enrollment_id, attempt.unit_key)
        if key not in progress:
            progress[key] = before.get(key) or _unopened(enrollments[key[0]], attempt.unit_key, now)
        _take(progress[key], attempt, now)
    # A statement for new rows and one for those that are there, at a quarter of the cost of `bulk_update`.
    UnitProgress.objects.bulk_create(
        progress.values(),
        update_conflicts=True,
        unique_fields=("enrollment", "unit_key"),
        update_fields=_MARKS,
    )
    AuditedModelLogEntry.objects.log_many(
        [
            (
                enrollment := enrollments[attempt.enrollment_id],
                {"unit": str(attempt.unit_key), "score": str(attempt.score), "passed": attempt.passed},
                (enrollment.cohort.center_id, enrollment.person_id),
            )
            for attempt in attempts
        ],
        "courses.progress.mark",
        user=None,
    )
    marked = [enrollments[key] for key in sorted({attempt.enrollment_id for attempt in attempts})]
    complete_eligible(marked)
    end_those_over(marked)
    return list(progress.values())


# What an attempt changes.
_MARKS = ("scores", "score", "passed", "awaits_mark_since", "completed_at", "updated_at")


def _take(progress: UnitProgress, attempt: AttemptScore, now: dt.datetime) -> None:
    progress.scores = [*progress.scores, attempt.score]
    progress.score = max(progress.scores)
    progress.passed = bool(progress.passed) or attempt.passed
    progress.awaits_mark_since = None
    if attempt.passed and progress.completed_at is None:
        progress.completed_at = now
    progress.updated_at = now


def _unit_of(enrollment: Enrollment, unit_key: UUID) -> dict[str, Any]:
    for unit in units_of(enrollment.cohort):
        if unit["unit"] == str(unit_key):
            return unit
    raise UnitNotInCohort


def opened(enrollment: Enrollment, unit_key: UUID, now: dt.datetime) -> UnitProgress:
    """The enrollment's progress in the unit, made if this is the first touch. The enrollment's lock guards it."""
    _unit_of(enrollment, unit_key)
    progress = UnitProgress.objects.filter(enrollment=enrollment, unit_key=unit_key).first()
    if progress is None:
        progress = _unopened(enrollment, unit_key, now)
        progress.save()
    return progress


def _unopened(enrollment: Enrollment, unit_key: UUID, now: dt.datetime) -> UnitProgress:
    """The first progress in a unit, not saved yet."""
    return UnitProgress(
        enrollment=enrollment,
        unit_key=unit_key,
        opened_at=now,
        updated_at=now,
        allowed_at=now,
        allowed_buckets=coverage.OPENING_BUCKETS,
    )


def _saved(progress: UnitProgress, now: dt.datetime, *, completes: bool) -> UnitProgress:
    newly_completed = completes and progress.completed_at is None
    if newly_completed:
        progress.completed_at = now
    progress.updated_at = now
    progress.save()
    if newly_completed:
        complete_if_eligible(enrollment_id=progress.enrollment_id)
    return progress
