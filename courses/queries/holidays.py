"""Queries of holidays and working days."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Q, QuerySet

from courses.models import Holiday

# Friday and Saturday, as `date.weekday` numbers them: the days off of the ministry. Centers may teach on a Saturday.
WEEKEND = frozenset({4, 5})
# No term is longer.
MOST_WORKING_DAYS = 1000


def holidays_between(
    first: dt.date, last: dt.date, *, governorate_id: int | None = None
) -> dict[dt.date, Holiday]:
    """Holidays from `first` to `last`, both included: those of all governorates, and of one. One query."""
    # Where a day is one of both, that of all is named: it comes last.
    rows = _holidays_of(governorate_id).filter(day__range=(first, last)).order_by("day", "governorate")
    return {row.day: row for row in rows}


def is_working_day(day: dt.date, holidays: Collection[dt.date]) -> bool:
    return day.weekday() not in WEEKEND and day not in holidays


def working_days(first: dt.date, last: dt.date, *, governorate_id: int | None = None) -> list[dt.date]:
    """The days from `first` to `last`, both included, that are neither weekend nor holiday. One query."""
    closed = holidays_between(first, last, governorate_id=governorate_id)
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    return [day for day in days if is_working_day(day, closed)]


def working_day_after(day: dt.date, count: int, *, governorate_id: int | None = None) -> dt.date:
    """The `count`-th working day after a day, 1 being the next one. One query.

    Raises ValueError for a count below 1 or above `MOST_WORKING_DAYS`.
    """
    if not 1 <= count <= MOST_WORKING_DAYS:
        raise ValueError(count)
    # Those that are known ahead are few.
    closed = set(_holidays_of(governorate_id).filter(day__gt=day).order_by().values_list("day", flat=True))
    found = day
    for _number in range(count):
        found += dt.timedelta(days=1)
        while not is_working_day(found, closed):
            found += dt.timedelta(days=1)
    return found


def _holidays_of(governorate_id: int | None) -> QuerySet[Holiday]:
    return Holiday.objects.filter(Q(governorate=None) | Q(governorate=governorate_id))
