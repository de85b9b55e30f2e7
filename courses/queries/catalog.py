"""What the catalog shows: programs that match, and where and when they start."""

from django.db.models import Exists, Min, OuterRef, QuerySet, Subquery
from django.utils import timezone
from wagtail.models import Locale

from courses.enums import CohortState
from courses.models import CatalogPage, Cohort, ProgramPage


def upcoming_cohorts() -> QuerySet[Cohort]:
    """Cohorts a person may still join, by date."""
    return Cohort.objects.filter(state=CohortState.OPEN, ends_on__gte=timezone.localdate())


def catalog_of(locale: Locale) -> CatalogPage | None:
    return CatalogPage.objects.live().filter(locale=locale).first()


def programs_matching(
    programs: QuerySet[ProgramPage],
    *,
    sector: str = "",
    level: str = "",
    governorate_id: int | None = None,
    center_id: int | None = None,
) -> QuerySet[ProgramPage]:
    """Keep what matches every given filter, by title; `courses.queries.search` finds words among them.

    A place asks for a cohort there that a person may still join. Each program carries `next_start`, the date of the
    first such cohort (in that place), or None. Cohorts belong to the program in the source language; the language
    read is reached by the translation key.
    """
    programs = programs.select_related("level").order_by("title", "pk")
    if sector:
        programs = programs.filter(sector=sector)
    if level:
        programs = programs.filter(level=level)
    cohorts = upcoming_cohorts().filter(program__translation_key=OuterRef("translation_key"))
    if governorate_id:
        cohorts = cohorts.filter(center__governorate=governorate_id)
    if center_id:
        cohorts = cohorts.filter(center=center_id)
    if governorate_id or center_id:
        programs = programs.filter(Exists(cohorts))
    first = (
        cohorts.order_by().values("program__translation_key").annotate(first=Min("starts_on")).values("first")
    )
    return programs.annotate(next_start=Subquery(first))
