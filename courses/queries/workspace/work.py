"""What the people of a cohort did, read in bulk: for 500 people and 60 units these are 30,000 rows."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, cast

from django.db.models import DateTimeField, QuerySet, Subquery, Value
from django.db.models.functions import Greatest

from courses.enums import AttendanceStatus, CompletesBy
from courses.models import Cohort, Enrollment, UnitProgress
from courses.queries.content import units_of
from courses.queries.evidence import Records

ATTENDED = frozenset({AttendanceStatus.PRESENT, AttendanceStatus.LATE})


class WorkInUnit(NamedTuple):
    """Of a row of `UnitProgress` what the workspace shows; a model instance would cost ten times as much."""

    completed_at: dt.datetime | None
    score: Decimal | None
    scores: list[Decimal]
    passed: bool | None
    awaits_mark_since: dt.datetime | None
    buckets_watched: int
    buckets_total: int
    # When the person opened the unit, or was last reported at a place in it.
    seen_at: dt.datetime

    @property
    def is_failed_twice(self) -> bool:
        return self.passed is False and len(self.scores) > 1


type WorkByUnit = dict[str, WorkInUnit]

# The newest row of another app that says when the person of `OuterRef("pk")`, an enrollment, did something: one column, a time.
type Newest = Callable[[], QuerySet[Any, dt.datetime]]
_TRACES: list[Newest] = []


def register_trace(newest: Newest) -> Newest:
    """Count this, too, as something that people of a cohort last did. A decorator for apps above."""
    _TRACES.append(newest)
    return newest


def with_last_trace(enrollments: QuerySet[Enrollment]) -> QuerySet[Enrollment]:
    """With `last_trace`: the last time of all that is registered, or None."""
    traces = [Subquery(newest(), output_field=DateTimeField()) for newest in _TRACES]
    nothing = Value(None, output_field=DateTimeField())
    # Of PostgreSQL's, which leaves out what is not known.
    return enrollments.annotate(last_trace=Greatest(nothing, nothing, *traces))


def work_in(cohort: Cohort) -> dict[int, WorkByUnit]:
    """What every enrollment of a cohort did in its units, by its key and the unit's. One query."""
    rows = UnitProgress.objects.filter(enrollment__cohort=cohort).order_by()
    work: dict[int, WorkByUnit] = defaultdict(dict)
    for enrollment, unit, *facts in rows.values_list(
        "enrollment_id",
        "unit_key",
        "completed_at",
        "score",
        "scores",
        "passed",
        "awaits_mark_since",
        "buckets_watched",
        "buckets_total",
        Greatest("opened_at", "position_at"),
    ):
        work[enrollment][str(unit)] = WorkInUnit(*facts)
    return work


def last_seen_in(
    cohort: Cohort, enrollments: Iterable[Enrollment], records: Records, work: Mapping[int, WorkByUnit]
) -> dict[int, dt.datetime]:
    """When the person of each enrollment of a cohort last learned or attended, by its key, without those who never did. No query.

    From what is stored anyway: nothing is written when somebody reads a page. A mark or a correction by staff is nothing that
    the person did, so a unit completed by marks counts when it was opened. The enrollments were read by `with_last_trace`.
    """
    marked = {unit["unit"] for unit in units_of(cohort) if unit["completes_by"] == CompletesBy.MARKS}
    seen: dict[int, dt.datetime] = {}

    def note(enrollment: int, moment: dt.datetime) -> None:
        if enrollment not in seen or moment > seen[enrollment]:
            seen[enrollment] = moment

    for enrollment, units in work.items():
        moments = [row.seen_at for row in units.values()]
        moments += [
            row.completed_at for unit, row in units.items() if row.completed_at and unit not in marked
        ]
        note(enrollment, max(moments))
    for enrollment, sessions in records.sessions.items():
        attendance = records.attendance.get(enrollment, {})
        for session in sessions:
            if not session.is_ahead and attendance.get(session.pk, ("", 0))[0] in ATTENDED:
                note(enrollment, session.starts_at)
    # The type of a row does not know what it was annotated with.
    for enrollment, moment in ((row.pk, cast("Any", row).last_trace) for row in enrollments):
        if moment:
            note(enrollment, moment)
    return seen
