"""The rows behind a figure, as they were on its day, with what is true of them now."""

from collections.abc import Collection

from django.db.models import QuerySet

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import fenced
from insights.enums import Measure
from insights.models import LAST_DAY, EnrollmentSpan
from insights.queries.asking import Asked, of_measure


def rows_behind(asked: Asked, measure: Measure, *, reason: str | None = None) -> QuerySet[EnrollmentSpan]:
    """Of all places: as many as the figure of the ministry says."""
    rows = EnrollmentSpan.objects.filter(asked.conditions(), of_measure(measure))
    return rows if reason is None else rows.filter(reason=reason)


def rows_for(
    user: User, asked: Asked, measure: Measure, *, act: Act = Act.VIEW_PEOPLE, reason: str | None = None
) -> QuerySet[EnrollmentSpan]:
    """Those that `user` may see by `act`: the figure counts by VIEW_COHORTS, names are for VIEW_PEOPLE."""
    return fenced(rows_behind(asked, measure, reason=reason), user=user, act=act)


def current_of(rows: Collection[EnrollmentSpan]) -> dict[int, EnrollmentSpan]:
    """What is recorded last of the same enrollments, by their key. One query."""
    found = EnrollmentSpan.objects.filter(
        enrollment__in=[row.enrollment_id for row in rows], last_day=LAST_DAY
    )
    return {row.enrollment_id: row for row in found}
