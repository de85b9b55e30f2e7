"""Figures of days."""

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.models import Center
from courses.models import Enrollment
from insights.models import EnrollmentSpan, FigureSnapshot, PublicQuarter, Snapshot
from insights.services.snapshots import request_snapshot, take_snapshot
from lms.demo.clock import at
from tests.factories.courses import CohortFactory, EnrollmentFactory
from tests.factories.jobs import job_of
from tests.factories.rows import row_of


def yesterday() -> dt.date:
    return timezone.localdate() - dt.timedelta(days=1)


def record_day(day: dt.date | None = None) -> Snapshot:
    """Record the figures of a day, as the night after it does."""
    day = day or yesterday()
    with at(timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time(0, 20)))):
        snapshot = request_snapshot(day=day)
        take_snapshot(snapshot_id=snapshot.pk)
    snapshot.refresh_from_db()
    return snapshot


def enrolled(*, days_ago: int = 40, center: Center | None = None, **facts: Any) -> Enrollment:
    """Someone who enrolled so many days ago, in a cohort that began then."""
    begun = timezone.localdate() - dt.timedelta(days=days_ago)
    if "cohort" not in facts:
        cohort_facts = {"center": center} if center else {}
        facts["cohort"] = CohortFactory(
            starts_on=begun,
            ends_on=timezone.localdate() + dt.timedelta(days=30),
            seats_taken=1,
            **cohort_facts,
        )
    enrollment: Enrollment = EnrollmentFactory(
        enrolled_at=timezone.now() - dt.timedelta(days=days_ago), **facts
    )
    return enrollment


def facts_of(enrollment: Enrollment) -> dict[str, Any]:
    """What is recorded of an enrollment, as of a day on which nothing is recorded yet."""
    cohort = enrollment.cohort
    return {
        "first_day": yesterday(),
        "governorate_id": cohort.center.governorate_id,
        "center_id": cohort.center_id,
        "program_id": cohort.program_id,
        "enrolled_month": timezone.localdate(enrollment.enrolled_at).replace(day=1),
        "stage": "active",
    }


@row_of(EnrollmentSpan)
def span_in(center: Center) -> EnrollmentSpan:
    enrollment = enrolled(center=center, person__registered_at=center)
    span: EnrollmentSpan = EnrollmentSpan.objects.create(
        enrollment=enrollment,
        cohort=enrollment.cohort,
        enrolled_on=timezone.localdate(enrollment.enrolled_at),
        **facts_of(enrollment),
    )
    return span


@row_of(FigureSnapshot)
def figure_in(center: Center) -> FigureSnapshot:
    figure: FigureSnapshot = FigureSnapshot.objects.create(people=1, **facts_of(enrolled(center=center)))
    return figure


@job_of(Snapshot)
def day_to_be_recorded(center: Center) -> Snapshot:
    enrolled(center=center)
    return request_snapshot()


def published_quarter() -> PublicQuarter:
    quarter: PublicQuarter = PublicQuarter.objects.create(
        quarter=dt.date(2026, 7, 1), day=dt.date(2026, 10, 1), smallest=10, published_at=timezone.now()
    )
    return quarter
