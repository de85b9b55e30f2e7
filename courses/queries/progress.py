"""What enrollments did in their units."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from courses import coverage
from courses.clauses import CountedAttempt, counted
from courses.models import CompletionRule, Enrollment, UnitProgress

# By the pk of an enrollment, then by the key of a unit.
type ProgressByUnit = dict[int, dict[str, UnitProgress]]


class StudiedUnit(Protocol):
    """What evidence reads of one enrollment's progress in one unit: the row, or less where thousands are read."""

    @property
    def completed_at(self) -> dt.datetime | None: ...

    @property
    def score(self) -> Decimal | None: ...

    @property
    def scores(self) -> Sequence[Decimal]: ...


# The same as `ProgressByUnit`, of whatever kind.
type StudiedUnits = Mapping[int, Mapping[str, StudiedUnit]]


class WatchedUnit(Protocol):
    """What the percentage of a unit is made of."""

    @property
    def completed_at(self) -> dt.datetime | None: ...

    @property
    def buckets_watched(self) -> int: ...

    @property
    def buckets_total(self) -> int: ...


def unit_percent(unit: WatchedUnit | None) -> int:
    """How far one unit is. 100 is for what is completed: a test failed at 90 % or a video watched to 89 % is not."""
    if unit is None:
        return 0
    return 100 if unit.completed_at else coverage.percent(unit.buckets_watched, unit.buckets_total)


def content_percent(units: Sequence[int]) -> int:
    """How far somebody is through the required units with these percentages, rounded down; trainees and staff read this one."""
    return sum(units) // len(units) if units else 0


def progress_of(enrollments: Iterable[Enrollment], *, with_watched: bool = False) -> ProgressByUnit:
    """How far enrollments are in each unit, with what of it was watched if that is asked for. One query."""
    progress: ProgressByUnit = {enrollment.pk: {} for enrollment in enrollments}
    rows = UnitProgress.objects.filter(enrollment__in=list(progress))
    for row in rows if with_watched else rows.defer("watched"):
        progress[row.enrollment_id][str(row.unit_key)] = row
    return progress


def attempt_that_counts(rule: CompletionRule | None) -> CountedAttempt:
    """Of several attempts at a test, which one counts: the best one without a rule."""
    return rule.asks.score.attempts if rule else CountedAttempt.BEST


def score_that_counts(progress: UnitProgress, rule: CompletionRule | None) -> Decimal | None:
    """In percent, of the attempts at a unit; None where nothing was marked."""
    return counted(progress.scores, attempt_that_counts(rule))
