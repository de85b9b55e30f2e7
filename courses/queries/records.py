"""The record of study: the result of an enrollment in each unit, for certificates that list them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from wagtail.models import Page

from courses.models import Enrollment, UnitProgress


@dataclass(frozen=True)
class UnitRecord:
    """A unit of the pinned content.

    `titles` are by language code: in the source language as it was taught, in the others as of today where they are
    translated. `score` is in percent, the best of all attempts, None where nothing was marked; `completed_on` is None
    where the unit was not completed.
    """

    unit_key: UUID
    titles: dict[str, str]
    completed_on: dt.date | None
    score: Decimal | None


def records_of(enrollments: Iterable[Enrollment]) -> dict[int, list[UnitRecord]]:
    """The units of each enrollment, by its pk, in teaching order: the required and the completed ones.

    Two queries, however many enrollments, where they come with their cohort's content and its program's locale.
    """
    enrollments = list(enrollments)
    units_of = {enrollment.pk: _pinned_units(enrollment) for enrollment in enrollments}
    translated = _translated_titles({unit["unit"] for units in units_of.values() for unit in units})
    rows = {
        (row.enrollment_id, str(row.unit_key)): row
        for row in UnitProgress.objects.filter(enrollment__in=enrollments).defer("watched")
    }
    records: dict[int, list[UnitRecord]] = {}
    for enrollment in enrollments:
        source = enrollment.cohort.program.locale.language_code
        records[enrollment.pk] = [
            _record(unit["unit"], {**translated.get(unit["unit"], {}), source: unit["title"]}, row)
            for unit in units_of[enrollment.pk]
            if _is_listed(unit, row := rows.get((enrollment.pk, unit["unit"])))
        ]
    return records


def _pinned_units(enrollment: Enrollment) -> list[dict[str, Any]]:
    version = enrollment.cohort.content_version
    return version.units if version else []


def _translated_titles(keys: set[str]) -> dict[str, dict[str, str]]:
    """The titles of today of the published pages of units, by language."""
    titles: dict[str, dict[str, str]] = {}
    pages = Page.objects.live().filter(translation_key__in=keys).order_by("pk")
    for key, language, title in pages.values_list("translation_key", "locale__language_code", "title"):
        titles.setdefault(str(key), {})[language] = title
    return titles


def _is_listed(unit: dict[str, Any], row: UnitProgress | None) -> bool:
    return unit["required"] or (row is not None and row.completed_at is not None)


def _record(key: str, titles: dict[str, str], row: UnitProgress | None) -> UnitRecord:
    completed_at = row.completed_at if row else None
    return UnitRecord(
        unit_key=UUID(key),
        titles=titles,
        completed_on=timezone.localdate(completed_at) if completed_at else None,
        score=row.score if row else None,
    )
