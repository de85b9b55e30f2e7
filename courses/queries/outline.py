"""What an enrollment studies, unit by unit, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from wagtail.models import Page

from courses import coverage
from courses.models import Enrollment, UnitProgress

# By the pk of an enrollment, then by the key of a unit.
type ProgressByUnit = dict[int, dict[str, UnitProgress]]


class UnitState(StrEnum):
    DONE = "done"
    # The first unit that is not done: where to go on.
    NOW = "now"
    TODO = "todo"


@dataclass(frozen=True)
class OutlineUnit:
    """A unit as the reader meets it. `url` is empty where the page is not published any more."""

    unit_key: UUID
    title: str
    url: str
    kind: str
    state: UnitState
    percent: int
    required: bool


def outline(enrollment: Enrollment) -> list[OutlineUnit]:
    """The units of an enrollment in teaching order."""
    return outlines([enrollment])[enrollment.pk]


def outlines(
    enrollments: Iterable[Enrollment], progress: ProgressByUnit | None = None
) -> dict[int, list[OutlineUnit]]:
    """The outlines of many enrollments by their pk, in as many queries as for one. `progress` where it was read before."""
    enrollments = list(enrollments)
    units_of = {enrollment.pk: _pinned_units(enrollment) for enrollment in enrollments}
    pages = _pages({unit["unit"] for units in units_of.values() for unit in units})
    progress = progress_of(enrollments) if progress is None else progress
    return {pk: _outline(units, pages, progress[pk]) for pk, units in units_of.items()}


def progress_of(enrollments: Iterable[Enrollment], *, with_watched: bool = False) -> ProgressByUnit:
    """How far enrollments are in each unit, with what of it was watched if that is asked for. One query."""
    progress: ProgressByUnit = {enrollment.pk: {} for enrollment in enrollments}
    rows = UnitProgress.objects.filter(enrollment__in=list(progress))
    for row in rows if with_watched else rows.defer("watched"):
        progress[row.enrollment_id][str(row.unit_key)] = row
    return progress


def progress_percent(enrollment: Enrollment) -> int:
    """How far an enrollment is through its required units, in whole percent."""
    version = enrollment.cohort.content_version
    required = [unit["unit"] for unit in version.units if unit["required"]] if version else []
    rows = {str(row.unit_key): row for row in enrollment.progress.defer("watched")}
    percents = [_unit_percent(rows.get(key)) for key in required]
    return sum(percents) // len(percents) if percents else 0


def percent_of(units: Iterable[OutlineUnit]) -> int:
    """The same figure as `progress_percent`, from an outline already at hand."""
    percents = [unit.percent for unit in units if unit.required]
    return sum(percents) // len(percents) if percents else 0


def _pinned_units(enrollment: Enrollment) -> list[dict[str, Any]]:
    version = enrollment.cohort.content_version
    return version.units if version else []


def _pages(keys: set[str]) -> dict[str, Page]:
    """The published page of each unit: in the reader's language, else in any other."""
    # Of forty columns, those that an outline and the address of a page need.
    pages = (
        Page.objects.live()
        .filter(translation_key__in=keys)
        .select_related("locale")
        .only("translation_key", "title", "url_path", "locale__language_code")
    )
    language = get_language()
    ordered = sorted(pages, key=lambda page: page.locale.language_code == language)
    return {str(page.translation_key): page for page in ordered}


def _outline(
    units: list[dict[str, Any]], pages: dict[str, Page], progress: dict[str, UnitProgress]
) -> list[OutlineUnit]:
    rows = []
    is_now_taken = False
    for unit in units:
        page, row = pages.get(unit["unit"]), progress.get(unit["unit"])
        if row and row.completed_at:
            state = UnitState.DONE
        else:
            state = UnitState.TODO if is_now_taken else UnitState.NOW
            is_now_taken = True
        rows.append(
            OutlineUnit(
                unit_key=UUID(unit["unit"]),
                title=page.title if page else unit["title"],
                url=(page.url or "") if page else "",
                kind=unit["kind"],
                state=state,
                percent=_unit_percent(row),
                required=unit["required"],
            )
        )
    return rows


def _unit_percent(row: UnitProgress | None) -> int:
    if row is None:
        return 0
    # 100 is for what is completed; a test failed at 90 % or a video watched to 89 % is not.
    return 100 if row.completed_at else coverage.percent(row.buckets_watched, row.buckets_total)
