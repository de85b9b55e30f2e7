"""What an enrollment studies, unit by unit, in the reader's language."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language

from courses.models import Enrollment, UnitProgress
from courses.queries.content import units_of
from courses.queries.progress import ProgressByUnit, content_percent, progress_of, unit_percent
from courses.queries.releases import Openness, openness_of


class UnitState(StrEnum):
    DONE = "done"
    # The first unit that is open and not done: where to go on.
    NOW = "now"
    TODO = "todo"


@dataclass(frozen=True)
class OutlineUnit:
    """A unit as the reader meets it.

    `url` is its address for this enrollment, empty while it is not open; then `openness` says when it opens.
    """

    unit_key: UUID
    title: str
    url: str
    kind: str
    state: UnitState
    percent: int
    required: bool
    openness: Openness | None
    # Since when its test waits for marks by people.
    awaits_since: dt.datetime | None = None


def outline(enrollment: Enrollment) -> list[OutlineUnit]:
    """The units of an enrollment in teaching order."""
    return outlines([enrollment])[enrollment.pk]


def outlines(
    enrollments: Iterable[Enrollment], progress: ProgressByUnit | None = None
) -> dict[int, list[OutlineUnit]]:
    """The outlines of many enrollments by their pk, in as many queries as for one. `progress` where it was read before.

    One more query where units of a cohort open later than others.
    """
    enrollments = list(enrollments)
    progress = progress_of(enrollments) if progress is None else progress
    openness = openness_of(enrollments, progress)
    return {row.pk: _outline(row, progress[row.pk], openness[row.pk]) for row in enrollments}


def progress_percent(enrollment: Enrollment) -> int:
    """How far an enrollment is through its required units, in whole percent."""
    required = [unit["unit"] for unit in units_of(enrollment.cohort) if unit["required"]]
    rows = {str(row.unit_key): row for row in enrollment.progress.defer("watched")}
    return content_percent([unit_percent(rows.get(key)) for key in required])


def percent_of(units: Iterable[OutlineUnit]) -> int:
    """The same figure as `progress_percent`, from an outline already at hand."""
    return content_percent([unit.percent for unit in units if unit.required])


def unit_address(enrollment: Enrollment, unit_key: UUID | str) -> str:
    return reverse("courses:unit", args=[enrollment.public_id, unit_key])


def opening_next(units: Iterable[OutlineUnit]) -> OutlineUnit | None:
    """The unit that opens next: the one with the nearest date that waits for nothing else, else the first that is not open."""
    later = [(unit, unit.openness) for unit in units if unit.openness]
    dated = [
        (openness.opens_at, place)
        for place, (_unit, openness) in enumerate(later)
        if openness.opens_at and not openness.after
    ]
    if not later:
        return None
    return later[min(dated)[1] if dated else 0][0]


def _outline(
    enrollment: Enrollment, progress: dict[str, UnitProgress], openness: dict[str, Openness]
) -> list[OutlineUnit]:
    rows = []
    is_now_taken = False
    language = get_language() or ""
    for unit in units_of(enrollment.cohort):
        row, later = progress.get(unit["unit"]), openness.get(unit["unit"])
        if row and row.completed_at:
            state = UnitState.DONE
        elif later:
            state = UnitState.TODO
        else:
            state = UnitState.TODO if is_now_taken else UnitState.NOW
            is_now_taken = True
        rows.append(
            OutlineUnit(
                unit_key=UUID(unit["unit"]),
                title=unit["titles"].get(language) or unit["title"],
                url="" if later else unit_address(enrollment, unit["unit"]),
                kind=unit["kind"],
                state=state,
                percent=unit_percent(row),
                required=unit["required"],
                openness=later,
                awaits_since=row.awaits_mark_since if row else None,
            )
        )
    return rows
