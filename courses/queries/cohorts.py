"""Cohorts in which seats are given, and how many, as the database counts them."""

from django.db.models import DateField, ExpressionWrapper, F, Q, QuerySet
from django.utils import timezone

from courses.enums import CohortState
from courses.models import Cohort

# As `Cohort.seats_free` and, but for its floor of 0, `Cohort.seats_left`.
SEATS_FREE = F("seats") - F("seats_taken") - F("seats_held")
SEATS_LEFT = SEATS_FREE - F("seats_reserved")


def giving_seats() -> QuerySet[Cohort]:
    """Cohorts in which seats are given today, free or not: as `Cohort.takes_people_on`."""
    today = timezone.localdate()
    # A date and a number of days make a date in PostgreSQL.
    entry_ends_on = ExpressionWrapper(F("starts_on") + F("late_entry_days"), output_field=DateField())
    late = Q(state=CohortState.RUNNING, late_entry_days__gt=0, entry_ends_on__gte=today)
    cohorts = Cohort.objects.alias(entry_ends_on=entry_ends_on)
    return cohorts.filter(Q(state=CohortState.OPEN) | late, ends_on__gte=today)
