"""Which enrollments of a cohort were chosen for an act on many at once."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from accounts.digits import read_key
from courses.models import Cohort, Enrollment
from courses.queries.workspace.roster import RosterFilter, found
from courses.queries.workspace.trainees import trainees_of


@dataclass(frozen=True)
class Selection:
    """The keys that were ticked, or everybody whom the filter finds: `asked` is None where only ticks count."""

    keys: Collection[int]
    asked: RosterFilter | None = None


def selection_in(typed: QueryDict) -> Selection:
    """From the address to which a roster leads: the boxes that were ticked, or everybody whom its filter finds."""
    keys = {key for text in typed.getlist("chosen") if (key := read_key(text)) is not None}
    return Selection(keys, RosterFilter.read(typed) if typed.get("all") else None)


def chosen_in(cohort: Cohort, selection: Selection) -> QuerySet[Enrollment]:
    """The chosen enrollments of a cohort, by name; keys of other cohorts choose no one.

    The cohort needs its content and its rule where a filter decides.
    """
    keys = selection.keys
    if selection.asked is not None:
        keys = [trainee.pk for trainee in found(trainees_of(cohort), selection.asked)]
    rows = cohort.enrollments.filter(pk__in=keys).select_related("person")
    return rows.order_by("person__folded_name", "person_id")


def mark_of(enrollment: Enrollment) -> str:
    """What an act on many was confirmed for, in letters and digits: it changes with the state, the cohort, and a new beginning."""
    since = enrollment.transferred_at or enrollment.enrolled_at
    return f"{enrollment.state}-{enrollment.cohort_id}-{int(since.timestamp())}-{int(enrollment.enrolled_at.timestamp())}"
