"""Cohorts that start soon near a reader, for the catalog and the front page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from wagtail.models import Locale

from accounts.models import Governorate
from courses.enums import Entry
from courses.models import Cohort, ProgramPage
from courses.queries.cohorts import SEATS_LEFT, giving_seats

# More cohorts than programs are read: a program may start at several centers.
COHORTS_READ = 60


@dataclass(frozen=True)
class Start:
    """A program and the next cohort of it that has seats."""

    program: ProgramPage
    cohort: Cohort


@dataclass(frozen=True)
class StartingSoon:
    """The next starts, in `governorate` where one is given. `is_elsewhere`: nothing starts there, so they are elsewhere."""

    starts: Sequence[Start]
    governorate: Governorate | None
    is_elsewhere: bool


def starting_soon(
    locale: Locale, governorate: Governorate | None = None, *, at_most: int = 3
) -> StartingSoon:
    """The next programs to start that have seats, each once. Two to four queries."""
    here = _starts(locale, governorate, at_most)
    if here or governorate is None:
        return StartingSoon(here, governorate, is_elsewhere=False)
    return StartingSoon(_starts(locale, None, at_most), governorate, is_elsewhere=True)


def governorates_with(programs: QuerySet[ProgramPage], *, at_most: int = 6) -> list[Governorate]:
    """The governorates in which one may join a cohort of these programs, those with most programs first. One query."""
    keys = programs.order_by().values("translation_key")
    cohorts = giving_seats().filter(program__translation_key__in=keys).order_by()
    return list(
        Governorate.objects.filter(centers__cohorts__in=cohorts)
        .annotate(programs=Count("centers__cohorts__program", distinct=True))
        .order_by("-programs", "nid_code")[:at_most]
    )


def _starts(locale: Locale, governorate: Governorate | None, at_most: int) -> list[Start]:
    cohorts = giving_seats().alias(left=SEATS_LEFT)
    cohorts = cohorts.filter(starts_on__gte=timezone.localdate(), left__gt=0, entry=Entry.OPEN)
    if governorate:
        cohorts = cohorts.filter(center__governorate=governorate)
    pages = ProgramPage.objects.live().filter(locale=locale)
    cohorts = cohorts.filter(program__translation_key__in=pages.order_by().values("translation_key"))
    soonest: dict[Any, Cohort] = {}
    related = cohorts.select_related("center__governorate", "program").order_by("starts_on", "pk")
    for cohort in related[:COHORTS_READ]:
        soonest.setdefault(cohort.program.translation_key, cohort)
    wanted = list(soonest)[:at_most]
    found = {page.translation_key: page for page in pages.filter(translation_key__in=wanted)}
    return [Start(found[key], soonest[key]) for key in wanted if key in found]
