"""Searching the catalog: what is found, and ways on where nothing is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.models import Locale

from accounts.models import Governorate
from courses.enums import Sector
from courses.forms.catalog import ABROAD, tidy_query
from courses.models import CatalogPage, Cohort, ProgramPage
from courses.queries.catalog import catalog_in, programs_matching
from courses.queries.search import Reading, find_programs, read_query
from courses.queries.starting_soon import StartingSoon, governorates_with, starting_soon

PROGRAMS_PER_PAGE = 12
SUGGESTIONS = 6
LONGEST_SUGGESTED = 40
SUGGESTIONS_LAST = 300
# Remembers the governorate that a reader chose: its key, or 0 for all of Egypt.
NEAR = "near"
NEAR_LASTS = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class Found:
    """A page of programs and how they were found. `is_partial`: none has all of the words, these have some."""

    page: ListPage
    reading: Reading
    is_partial: bool = False


def search(page: CatalogPage, wanted: dict[str, Any], number: str | None) -> Found:
    programs = _narrowed(page, wanted)
    reading = read_query(wanted.get("q", ""))
    if reading.terms:
        answer = find_programs(programs, reading)
        shown = _page_of(answer.programs, number)
        shown.object_list = _in_order(programs, list(shown.object_list))
        return Found(shown, reading, answer.is_partial)
    return Found(_page_of(programs.none() if wanted.get("q") else programs, number), reading)


def search_alternatives(page: CatalogPage, wanted: dict[str, Any], reading: Reading) -> dict[str, Any]:
    """Where to go from an empty list: the same elsewhere, and the sectors that have programs."""
    everywhere = _narrowed(page, {**wanted, "governorate": None, "center": None})
    if reading.terms:
        everywhere = everywhere.filter(pk__in=find_programs(everywhere, reading).programs)
    has_place = bool(wanted.get("governorate") or wanted.get("center"))
    offered = ProgramPage.objects.child_of(page).live().order_by().values_list("sector", flat=True).distinct()
    in_use = set(offered)
    return {
        "elsewhere": governorates_with(everywhere) if has_place else [],
        "sectors": [(code, label) for code, label in Sector.choices if code in in_use],
    }


def near_reader(request: HttpRequest, locale: Locale) -> tuple[StartingSoon, list[Governorate]]:
    """What starts soon in the governorate of the reader, and the governorates to choose from."""
    choices = sorted(Governorate.objects.exclude(nid_code=ABROAD), key=lambda place: place.name)
    known = {str(place.pk): place for place in choices}
    chosen = request.GET.get(NEAR, request.COOKIES.get(NEAR))
    if chosen is None or (chosen and chosen != "0" and chosen not in known):
        person = getattr(request.user, "person", None)
        chosen = str(person.residence_governorate_id) if person else ""
    return starting_soon(locale, known.get(chosen)), choices


def place_of_reader(request: HttpRequest) -> Callable[[Cohort], bool]:
    """Whether a cohort is where the reader looks for one: at the center or in the governorate of the address, else in the
    governorate that was chosen before or that the reader lives in.
    """
    for name, where in (("center", "center_id"), ("governorate", "center.governorate_id")):
        if typed := request.GET.get(name):
            return lambda cohort: str(attrgetter(where)(cohort)) == typed
    person = getattr(request.user, "person", None)
    chosen = request.COOKIES.get(NEAR) or str(getattr(person, "residence_governorate_id", ""))
    return lambda cohort: str(cohort.center.governorate_id) == chosen


def remember_place(request: HttpRequest, response: HttpResponse) -> None:
    """Keep the governorate that was chosen on the page; anything else leaves the old choice."""
    chosen = request.GET.get(NEAR)
    if chosen is None:
        return
    is_known = chosen.isascii() and chosen.isdecimal() and len(chosen) < 9
    if chosen == "" or (is_known and Governorate.objects.filter(pk=chosen).exists()):
        response.set_cookie(
            NEAR,
            chosen or "0",
            max_age=NEAR_LASTS,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """The programs that what is typed so far leads to: `{"programs": [{"title", "url"}, ...]}`, at most six."""
    page = catalog_in(get_language())
    if page is None:
        raise Http404
    reading = read_query(tidy_query(request.GET.get("q", ""))[:LONGEST_SUGGESTED])
    found = []
    if reading.terms:
        programs = ProgramPage.objects.child_of(page).live()
        found = _in_order(programs, find_programs(programs, reading).programs[:SUGGESTIONS])
    names = [{"title": program.title, "url": program.get_url(request)} for program in found]
    response = JsonResponse({"programs": names}, json_dumps_params={"ensure_ascii": False})
    # The same for all readers, so caches on the way may answer.
    response["Cache-Control"] = f"public, max-age={SUGGESTIONS_LAST}"
    return response


def _narrowed(page: CatalogPage, wanted: dict[str, Any]) -> QuerySet[ProgramPage]:
    return programs_matching(
        ProgramPage.objects.child_of(page).live(),
        sector=wanted.get("sector", ""),
        level=wanted.get("level", ""),
        governorate_id=wanted.get("governorate"),
        center_id=wanted.get("center"),
    )


def _in_order(programs: QuerySet[ProgramPage], keys: Sequence[int]) -> list[ProgramPage]:
    found = programs.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _page_of(programs: QuerySet[ProgramPage] | list[int], number: str | None) -> ListPage:
    """A number that is none is the first page, one past the end the last."""
    return Paginator(programs, PROGRAMS_PER_PAGE).get_page(number)
