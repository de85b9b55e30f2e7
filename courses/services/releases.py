"""When units of a cohort open, and the guard that asks it."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from accounts.services.formatting import format_date, format_list, format_number
from courses.enums import CohortState
from courses.errors import (
    CohortClosed,
    CourseNotInCohort,
    OpensAfterCohort,
    OpensOutsideDays,
    UnitIsOptional,
    UnitNotInCohort,
    UnitNotOpen,
    UnitsWaitInCircle,
    UnitWasOpened,
)
from courses.models import Cohort, Enrollment, UnitRelease
from courses.queries.release_plan import opened_in
from courses.queries.releases import openness_in, releases_in, required_in, start_of_day, titles_in
from courses.queries.units_by_course import units_by_course
from courses.releases import Release, circle_of, closes
from courses.services.locks import locked_cohort

type Releases = Mapping[str, Release]


def check_open(enrollment: Enrollment, unit_key: UUID) -> None:
    """Raise `UnitNotOpen` where the unit is not open to the person of the enrollment yet."""
    openness = openness_in(enrollment, unit_key)
    if openness:
        raise UnitNotOpen(when=openness)


@transaction.atomic
def release_unit(
    *, cohort_id: int, unit_key: UUID, opens_at: dt.datetime | None, after: Collection[UUID], by: User
) -> None:
    """Let a unit of a cohort open at a time, after required units are completed, or both; with neither, from the beginning.

    What is said of a unit that is no longer in the content can only be taken back. Raises `CohortClosed`, `UnitNotInCohort`,
    `UnitIsOptional`, `UnitsWaitInCircle`, `OpensAfterCohort`, `UnitWasOpened`.
    """
    cohort = locked_cohort(cohort_id)
    key, before = str(unit_key), releases_in([cohort])[cohort.pk]
    release = Release(opens_at, tuple(dict.fromkeys(map(str, after))))
    _write(cohort, {key: release}, before)
    titles = titles_in(cohort)
    facts = {
        "unit": titles.get(key, key),
        "before": _facts(before.get(key, Release()), titles),
        "after": _facts(release, titles),
    }
    log(cohort, "courses.cohort.release_unit", user=by, data=facts)


@transaction.atomic
def release_course(*, cohort_id: int, course_key: UUID, day: int | None, by: User) -> int:
    """Let all units of a course page open as a day of the cohort begins, counted from 0 for its first; None takes the dates back.

    What they wait for besides stays. Returns how many units the course has in the cohort's content. Raises `CohortClosed`,
    `CourseNotInCohort`, `OpensOutsideDays`, `UnitWasOpened`.
    """
    cohort = locked_cohort(cohort_id)
    course = next((course for course in units_by_course(cohort) if course.key == course_key), None)
    if course is None:
        raise CourseNotInCohort
    opens_at = None if day is None else _start_of(cohort, day)
    before = releases_in([cohort])[cohort.pk]
    wanted = {key: Release(opens_at, before.get(key, Release()).after) for key in course.units}
    _write(cohort, wanted, before)
    facts = {"course": course.title, "units": len(wanted), "opens_at": opens_at and opens_at.isoformat()}
    log(cohort, "courses.cohort.release_course", user=by, data=facts)
    return len(wanted)


def _start_of(cohort: Cohort, day: int) -> dt.datetime:
    last = (cohort.ends_on - cohort.starts_on).days
    if not 0 <= day <= last:
        raise OpensOutsideDays(last=format_number(last))
    return start_of_day(cohort.starts_on + dt.timedelta(days=day))


def _write(cohort: Cohort, wanted: Releases, before: Releases) -> None:
    """Guard and store; the cohort is locked."""
    if cohort.state == CohortState.CLOSED:
        raise CohortClosed
    _check_units(cohort, wanted, before)
    _check_dates(cohort, wanted)
    _check_circles(cohort, wanted, before)
    _check_nobody_is_shut_out(cohort, wanted, before)
    kept = [
        UnitRelease(
            cohort=cohort, unit_key=UUID(key), opens_at=release.opens_at, after=list(map(UUID, release.after))
        )
        for key, release in wanted.items()
        if release
    ]
    UnitRelease.objects.filter(
        cohort=cohort, unit_key__in=[key for key, release in wanted.items() if not release]
    ).delete()
    UnitRelease.objects.bulk_create(
        kept,
        update_conflicts=True,
        unique_fields=["cohort", "unit_key"],
        update_fields=["opens_at", "after"],
    )
    cohort.has_releases = any({**before, **wanted}.values())
    cohort.save(update_fields=["has_releases"])


def _check_units(cohort: Cohort, wanted: Releases, before: Releases) -> None:
    titles, required = titles_in(cohort), set(required_in(cohort))
    for key, release in wanted.items():
        if key not in titles and (release or key not in before):
            raise UnitNotInCohort
        # What was said earlier stays allowed when the content changes; it is not waited for then.
        for needed in set(release.after) - set(before.get(key, Release()).after):
            if needed not in titles:
                raise UnitNotInCohort
            if needed not in required:
                raise UnitIsOptional(unit=titles[needed])


def _check_dates(cohort: Cohort, wanted: Releases) -> None:
    for release in wanted.values():
        if release.opens_at and timezone.localdate(release.opens_at) > cohort.ends_on:
            raise OpensAfterCohort(cohort=cohort.code, last=format_date(cohort.ends_on))


def _check_circles(cohort: Cohort, wanted: Releases, before: Releases) -> None:
    """Among the rows of units that are gone, too: the content may have them again."""
    after = {key: release.after for key, release in {**before, **wanted}.items()}
    for key in wanted:
        if circle := circle_of(key, after):
            titles = titles_in(cohort)
            raise UnitsWaitInCircle(units=format_list(titles.get(unit, unit) for unit in circle))


def _check_nobody_is_shut_out(cohort: Cohort, wanted: Releases, before: Releases) -> None:
    now = timezone.now()
    closing = [key for key, release in wanted.items() if closes(before.get(key, Release()), release, now=now)]
    opened = opened_in(cohort, closing)
    for key in closing:
        if key in opened:
            raise UnitWasOpened(unit=titles_in(cohort)[key], count=format_number(opened[key]))


def _facts(release: Release, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "opens_at": release.opens_at and release.opens_at.isoformat(),
        "units_first": [titles.get(key, key) for key in release.after] or None,
    }
