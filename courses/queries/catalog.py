"""Queries of the catalog: programs that match filters, and their next cohorts."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When

from courses.models import CatalogPage, Cohort, ProgramPage
from courses.queries.cohorts import SEATS_LEFT, giving_seats


def catalog_in(language: str | None) -> CatalogPage | None:
    """The catalog in a language, with its locale; None where it is not online."""
    catalogs = CatalogPage.objects.live().select_related("locale")
    return catalogs.filter(locale__language_code=language).first()


def programs_matching(
    programs: QuerySet[ProgramPage],
    *,
    sector: str = "",
    level: str = "",
    governorate_id: int | None = None,
    center_id: int | None = None,
) -> QuerySet[ProgramPage]:
    """Keep what matches every given filter, by title; `courses.queries.search` finds words among them.

    A place asks for a cohort there that a person may still join. Cohorts belong to the program in the source language;
    the language read is reached by the translation key.
    """
    programs = programs.select_related("level").order_by("title", "pk")
    if sector:
        programs = programs.filter(sector=sector)
    if level:
        programs = programs.filter(level=level)
    if governorate_id or center_id:
        cohorts = _cohorts_in(governorate_id, center_id)
        programs = programs.filter(
            Exists(cohorts.filter(program__translation_key=OuterRef("translation_key")))
        )
    return programs


def next_cohorts(
    programs: Iterable[ProgramPage], *, governorate_id: int | None = None, center_id: int | None = None
) -> dict[UUID, Cohort]:
    """The cohort to name on the card of each program, by translation key: the next one with seats, else the next. One query.

    With a place, of the cohorts there. A program without cohorts that a person may join is left out.
    """
    cohorts = (
        _cohorts_in(governorate_id, center_id)
        .filter(program__translation_key__in=[program.translation_key for program in programs])
        .annotate(
            key=F("program__translation_key"),
            left=SEATS_LEFT,
            full=Case(When(left__lte=0, then=Value(1)), default=Value(0)),
        )
        .select_related("center__governorate")
        .order_by("key", "full", "starts_on", "pk")
        .distinct("key")
    )
    return {cohort.key: cohort for cohort in cohorts}


def _cohorts_in(governorate_id: int | None, center_id: int | None) -> QuerySet[Cohort]:
    cohorts = giving_seats()
    if governorate_id:
        cohorts = cohorts.filter(center__governorate=governorate_id)
    return cohorts.filter(center=center_id) if center_id else cohorts
