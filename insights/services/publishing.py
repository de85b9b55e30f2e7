"""Publishes the figures of a quarter, once, for everyone."""

import datetime as dt

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from insights.enums import PublicMeasure
from insights.models import PublicFigure, PublicQuarter, Snapshot
from insights.suppression import Group, Line, published

LOCK = 0x1A51_6475
_DATES = {PublicMeasure.ENROLLED: "enrolled_on", PublicMeasure.COMPLETED: "completed_on"}


def quarter_before(day: dt.date) -> dt.date:
    """The first day of the last quarter that was over at the end of a day."""
    next_day = day + dt.timedelta(days=1)
    first_month = 3 * ((next_day.month - 1) // 3) + 1
    return quarter_of(next_day.replace(month=first_month, day=1) - dt.timedelta(days=1))


def quarter_of(day: dt.date) -> dt.date:
    return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)


def end_of_quarter(quarter: dt.date) -> dt.date:
    """Its last day."""
    return (quarter + dt.timedelta(days=100)).replace(day=1) - dt.timedelta(days=1)


@transaction.atomic
def publish_quarter(*, snapshot: Snapshot) -> PublicQuarter | None:
    """Publish the last quarter that was over on the day of a snapshot; None where that is published already."""
    quarter = quarter_before(snapshot.day)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if PublicQuarter.objects.filter(quarter=quarter).exists():
        return None
    made = PublicQuarter.objects.create(
        quarter=quarter,
        day=snapshot.day,
        smallest=settings.FIGURES_SMALLEST,
        published_at=timezone.now(),
    )
    for measure in PublicMeasure:
        groups = _groups(measure, quarter, as_of=snapshot.day)
        lines = published(groups, smallest=made.smallest)
        PublicFigure.objects.bulk_create(
            [_figure(made, measure, position, line) for position, line in enumerate(lines)], batch_size=2_000
        )
    return made


def _groups(measure: PublicMeasure, quarter: dt.date, *, as_of: dt.date) -> dict[tuple[object, ...], Group]:
    """By occupation, governorate, sex and age, of those who enrolled or completed in a quarter; of each the sums above it, too."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT GROUPING(span.occupation, span.governorate_id, span.sex, span.age_band),
                span.occupation, span.governorate_id, span.sex, span.age_band, count(*), count(DISTINCT e.person_id)
            FROM insights_enrollmentspan span
            JOIN courses_enrollment e ON e.id = span.enrollment_id
            WHERE span.first_day <= %(day)s AND span.last_day >= %(day)s
                AND span.{_DATES[measure]} BETWEEN %(first)s AND %(last)s
            GROUP BY ROLLUP (span.occupation, span.governorate_id, span.sex, span.age_band)
            """,  # noqa: S608 - the column is one of the two above
            {"day": as_of, "first": quarter, "last": end_of_quarter(quarter)},
        )
        # A bit for each fact that is not named, from the last one on.
        return {
            tuple(facts[: len(facts) - missing.bit_count()]): Group(people, persons)
            for missing, *facts, people, persons in cursor.fetchall()
        }


def _figure(quarter: PublicQuarter, measure: PublicMeasure, position: int, line: Line) -> PublicFigure:
    names = ("occupation", "governorate_id", "sex", "age_band")
    return PublicFigure(
        quarter=quarter,
        measure=measure,
        position=position,
        people=line.people,
        is_rest=line.is_rest,
        **dict(zip(names, line.path, strict=False)),
    )
