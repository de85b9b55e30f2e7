"""Which units of an enrollment are open, and when the others open."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from accounts.services.formatting import format_date, format_datetime, format_list, format_number
from courses.enums import EnrollmentState
from courses.models import Cohort, Enrollment, UnitProgress, UnitRelease
from courses.queries.content import units_of
from courses.queries.progress import ProgressByUnit, progress_of
from courses.releases import Release, left_of

# Of the units to complete first, so many are named in one line.
MOST_NAMED = 3


@dataclass(frozen=True)
class Openness:
    """When a unit that is not open yet opens: `opens_at`, if that is still to come, and `after` the units that are left to complete.

    `after` are titles in the reader's language, in teaching order.
    """

    opens_at: dt.datetime | None
    after: tuple[str, ...]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """In the reader's language, without a full stop: "Opens on Sunday 6 December", "After: Safety"."""
        if self.opens_at is None:
            return gettext("After: %(units)s") % {"units": self._units()}
        if not self.after:
            return gettext("Opens on %(date)s") % {"date": _in_words(self.opens_at)}
        facts = {"date": _in_words(self.opens_at), "units": self._units()}
        return gettext("Opens on %(date)s, after: %(units)s") % facts

    def _units(self) -> str:
        named, more = self.after[:MOST_NAMED], len(self.after) - MOST_NAMED
        if more <= 0:
            return format_list(named)
        facts = {"units": format_list(named), "more": format_number(more)}
        return ngettext("%(units)s and %(more)s more unit", "%(units)s and %(more)s more units", more) % facts


def openness_of(
    enrollments: Iterable[Enrollment], progress: ProgressByUnit | None = None
) -> dict[int, dict[str, Openness]]:
    """The units that are not open yet, by their keys, of each enrollment by its pk. Every other unit is open.

    What a person has opened before stays open to them, in another cohort as well. Who completed the program waits for dates only:
    nothing is recorded for them any more. No query where no cohort has releases; else one, and one for progress that was not read before.
    """
    enrollments = list(enrollments)
    found: dict[int, dict[str, Openness]] = {enrollment.pk: {} for enrollment in enrollments}
    waiting = [enrollment for enrollment in enrollments if enrollment.cohort.has_releases]
    if waiting:
        progress = progress_of(waiting) if progress is None else progress
        releases = releases_in({enrollment.cohort_id for enrollment in waiting})
        now = timezone.now()
        for enrollment in waiting:
            rows = progress[enrollment.pk]
            found[enrollment.pk] = _not_open(enrollment, releases[enrollment.cohort_id], rows, now)
    return found


def openness_in(enrollment: Enrollment, unit_key: UUID | str) -> Openness | None:
    """When a unit opens to the person of an enrollment; None where it is open. No query where the cohort has no releases, else two."""
    return openness_of([enrollment])[enrollment.pk].get(str(unit_key))


def releases_in(cohorts: Iterable[Cohort | int]) -> dict[int, dict[str, Release]]:
    """All releases of cohorts by the key of the cohort, then of the unit, with those of units that are gone. One query."""
    found: dict[int, dict[str, Release]] = defaultdict(dict)
    for row in UnitRelease.objects.filter(cohort__in=list(cohorts)).order_by("pk"):
        found[row.cohort_id][str(row.unit_key)] = Release(row.opens_at, tuple(map(str, row.after)))
    return found


def required_in(cohort: Cohort) -> list[str]:
    """The keys of the required units, in teaching order."""
    return [unit["unit"] for unit in units_of(cohort) if unit["required"]]


def titles_in(cohort: Cohort) -> dict[str, str]:
    """The titles of the cohort's units in the reader's language, by their keys, in teaching order."""
    language = get_language() or ""
    return {unit["unit"]: unit["titles"].get(language) or unit["title"] for unit in units_of(cohort)}


def _not_open(
    enrollment: Enrollment, releases: dict[str, Release], progress: dict[str, UnitProgress], now: dt.datetime
) -> dict[str, Openness]:
    titles, required = titles_in(enrollment.cohort), required_in(enrollment.cohort)
    is_completed = enrollment.state == EnrollmentState.COMPLETED
    done = required if is_completed else [key for key, row in progress.items() if row.completed_at]
    found = {}
    for key, release in releases.items():
        left = left_of(release, now=now, done=done, required=required)
        if left and key in titles and key not in progress:
            after = tuple(title for unit, title in titles.items() if unit in left.after)
            found[key] = Openness(left.opens_at, after)
    return found


def _in_words(moment: dt.datetime) -> str:
    """The day alone where a unit opens as the day begins, also on the day on which clocks go forward at midnight."""
    opens_with_the_day = start_of_day(timezone.localdate(moment)) == moment
    return (
        format_date(moment, "LONG_DAY_FORMAT")
        if opens_with_the_day
        else format_datetime(moment, "LONG_DAY_TIME_FORMAT")
    )


def start_of_day(day: dt.date) -> dt.datetime:
    """The first instant of a day by the clock of the ministry."""
    midnight = timezone.make_aware(dt.datetime.combine(day, dt.time.min))
    # A midnight that the clock skips equals no other moment unless it is converted (PEP 495).
    return midnight.astimezone(dt.UTC)
