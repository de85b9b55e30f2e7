"""When the units of a cohort open, as staff plan it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import get_language

from courses.enums import EnrollmentState
from courses.models import Cohort, ContentVersion, UnitProgress
from courses.queries.releases import releases_in, required_in, start_of_day, titles_in
from courses.queries.units_by_course import units_by_course
from courses.releases import Release

# Titles of units that are gone are looked for in so many of the newest content versions.
VERSIONS_READ = 20


@dataclass(frozen=True)
class AwaitedUnit:
    """A unit to complete first. It is not waited for while it is gone from the content or optional."""

    key: UUID
    title: str
    is_waited_for: bool


@dataclass(frozen=True)
class PlannedUnit:
    """`opened`: how many people of the cohort have opened the unit."""

    key: UUID
    title: str
    is_required: bool
    opens_at: dt.datetime | None
    after: list[AwaitedUnit]
    opened: int


@dataclass(frozen=True)
class PlannedCourse:
    """The units of a course page; `key` is None for units whose pages are gone, which have no course any more.

    `day` is the day of the cohort, from 0, with which all of them open; None where they differ, or have no date.
    """

    key: UUID | None
    title: str
    units: list[PlannedUnit]
    day: int | None


@dataclass(frozen=True)
class ReleasePlan:
    """`gone`: units with a release that the content does not have any more."""

    courses: list[PlannedCourse]
    gone: list[PlannedUnit]

    def unit(self, key: UUID) -> PlannedUnit | None:
        taught = (unit for course in self.courses for unit in course.units)
        return next((unit for unit in (*taught, *self.gone) if unit.key == key), None)


def release_plan(cohort: Cohort) -> ReleasePlan:
    """Four queries, and one for the titles of units that are gone."""
    releases = releases_in([cohort])[cohort.pk]
    titles, required = titles_in(cohort), required_in(cohort)
    gone = [key for key in releases if key not in titles]
    named = {unit for release in releases.values() for unit in release.after}
    known = titles | _titles_of_gone(cohort, {*gone, *named} - titles.keys())
    opened = opened_in(cohort, titles)

    def planned(key: str) -> PlannedUnit:
        release = releases.get(key, Release())
        after = [AwaitedUnit(UUID(unit), known.get(unit, unit), unit in required) for unit in release.after]
        people = opened.get(key, 0)
        return PlannedUnit(UUID(key), known.get(key, key), key in required, release.opens_at, after, people)

    courses = [
        PlannedCourse(
            course.key,
            course.title,
            [planned(key) for key in course.units],
            _day(cohort, releases, course.units),
        )
        for course in units_by_course(cohort)
    ]
    return ReleasePlan(courses, [planned(key) for key in gone])


def opened_in(cohort: Cohort, units: Iterable[str]) -> dict[str, int]:
    """How many people of the cohort have opened units, by their keys, without those who left. One query."""
    rows = UnitProgress.objects.filter(
        enrollment__cohort=cohort,
        enrollment__state__in=(EnrollmentState.ACTIVE, EnrollmentState.COMPLETED),
        unit_key__in=list(units),
    )
    counted = rows.order_by().values("unit_key").annotate(people=Count("pk"))
    return {str(row["unit_key"]): row["people"] for row in counted}


def _day(cohort: Cohort, releases: Mapping[str, Release], units: Iterable[str]) -> int | None:
    dates = {releases.get(key, Release()).opens_at for key in units}
    opens_at = dates.pop()
    if dates or opens_at is None:
        return None
    day = timezone.localdate(opens_at)
    opens_with_the_day = start_of_day(day) == opens_at and day >= cohort.starts_on
    return (day - cohort.starts_on).days if opens_with_the_day else None


def _titles_of_gone(cohort: Cohort, keys: set[str]) -> dict[str, str]:
    """From the newest content version of the program that has each of them."""
    if not keys:
        return {}
    language = get_language() or ""
    versions = ContentVersion.objects.filter(program=cohort.program_id).order_by("-number")
    titles: dict[str, str] = {}
    for units in versions.values_list("units", flat=True)[:VERSIONS_READ]:
        for unit in units:
            if unit["unit"] in keys:
                titles.setdefault(unit["unit"], unit["titles"].get(language) or unit["title"])
    return titles
