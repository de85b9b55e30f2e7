"""Queries of centers and the programs that a person may join there."""

from collections.abc import Iterable

from django.db.models import Count, F, Q, QuerySet
from wagtail.models import Locale

from accounts.models import Center, Governorate
from courses.models import ProgramPage
from courses.queries.cohorts import giving_seats
from courses.queries.starting_soon import Start


def open_centers(locale: Locale) -> QuerySet[Center]:
    """The active centers by governorate. Each carries `programs`, how many of this language one may join there."""
    return (
        Center.objects.filter(is_active=True)
        .select_related("governorate")
        .annotate(programs=_joinable(locale))
        .order_by("governorate__nid_code", "code")
    )


def busiest_centers(locale: Locale, *, at_most: int) -> list[Center]:
    """The centers with most programs that one may join; those without any come last. One query."""
    return list(
        open_centers(locale).order_by(F("programs").desc(), "governorate__nid_code", "code")[:at_most]
    )


def governorates_of_centers() -> QuerySet[Governorate]:
    return Governorate.objects.filter(centers__is_active=True).distinct()


def starts_at(centers: Iterable[Center], locale: Locale) -> dict[int, list[Start]]:
    """The programs one may join at each of `centers` (by its pk), each with its next cohort there. Two queries."""
    cohorts = giving_seats().filter(center__in=[center.pk for center in centers])
    pages = ProgramPage.objects.live().filter(locale=locale)
    pages = pages.filter(translation_key__in=cohorts.order_by().values("program__translation_key"))
    programs = {page.translation_key: page for page in pages}
    starts: dict[int, dict[int, Start]] = {}
    for cohort in cohorts.select_related("program").order_by("starts_on", "pk"):
        if page := programs.get(cohort.program.translation_key):
            starts.setdefault(cohort.center_id, {}).setdefault(page.pk, Start(page, cohort))
    return {center: list(found.values()) for center, found in starts.items()}


def _joinable(locale: Locale) -> Count:
    here = ProgramPage.objects.live().filter(locale=locale).order_by().values("translation_key")
    cohorts = giving_seats().order_by().values("pk")
    return Count(
        "cohorts__program",
        filter=Q(cohorts__in=cohorts, cohorts__program__translation_key__in=here),
        distinct=True,
    )
