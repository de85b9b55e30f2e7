"""The record of study: the result of an enrollment in each unit, for certificates that list them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.utils import timezone
from wagtail.models import Page

from courses.models import CompletionRule, Enrollment, UnitProgress
from courses.queries.content import units_of
from courses.queries.progress import score_that_counts


@dataclass(frozen=True)
class UnitRecord:
    """A unit of the pinned content.

    `titles` are by language code, as they were pinned; of today in a language into which the unit was translated later. `score` is in percent, the one that the cohort's rule counts of several attempts, None where nothing was marked; `completed_on` is None
    where the unit was not completed.
    """

    unit_key: UUID
    titles: dict[str, str]
    completed_on: dt.date | None
    score: Decimal | None


def records_of(enrollments: Iterable[Enrollment]) -> dict[int, list[UnitRecord]]:
    """The units of each enrollment, by its pk, in teaching order: the required and the completed ones.

    Two queries, however many enrollments, where they come with their cohort's content and rule.
    """
    enrollments = list(enrollments)
    prefetch_related_objects(enrollments, "cohort__completion_rule")
    keys = {unit["unit"] for enrollment in enrollments for unit in units_of(enrollment.cohort)}
    translated = _titles_of_today(keys)
    rows = {
        (row.enrollment_id, str(row.unit_key)): row
        for row in UnitProgress.objects.filter(enrollment__in=enrollments).defer("watched")
    }
    records: dict[int, list[UnitRecord]] = {}
    for enrollment in enrollments:
        rule = enrollment.cohort.completion_rule
        records[enrollment.pk] = [
            _record(unit["unit"], {**translated.get(unit["unit"], {}), **unit["titles"]}, row, rule)
            for unit in units_of(enrollment.cohort)
            if _is_listed(unit, row := rows.get((enrollment.pk, unit["unit"])))
        ]
    return records


def _titles_of_today(keys: set[str]) -> dict[str, dict[str, str]]:
    """The titles of the published pages of units, by language."""
    titles: dict[str, dict[str, str]] = {}
    pages = Page.objects.live().filter(translation_key__in=keys).order_by("pk")
    for key, language, title in pages.values_list("translation_key", "locale__language_code", "title"):
        titles.setdefault(str(key), {})[language] = title
    return titles


def _is_listed(unit: dict[str, Any], row: UnitProgress | None) -> bool:
    return unit["required"] or (row is not None and row.completed_at is not None)


def _record(
    key: str, titles: dict[str, str], row: UnitProgress | None, rule: CompletionRule | None
) -> UnitRecord:
    completed_at = row.completed_at if row else None
    return UnitRecord(
        unit_key=UUID(key),
        titles=titles,
        completed_on=timezone.localdate(completed_at) if completed_at else None,
        score=score_that_counts(row, rule) if row else None,
    )
