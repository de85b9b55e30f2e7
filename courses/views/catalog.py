"""The catalog and one program."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.models import Page

from accounts.models import Center
from courses.enums import EnrollmentState, InfoKind
from courses.forms import CatalogFilterForm
from courses.models import InfoPage, ProgramPage
from courses.queries.catalog import catalog_in, next_cohorts
from courses.queries.enrollments import open_cohorts
from courses.queries.info import info_page
from courses.queries.outline import UnitState, outline, percent_of
from courses.queries.programs import contents_of, instructors_of, rule_of, weights_of
from courses.queries.requirements import differing_promises, promises
from courses.queries.seats import place_in_program, seat_in
from courses.queries.timetable import weeks_of
from courses.views.catalog_search import (
    near_reader,
    place_of_reader,
    remember_place,
    search,
    search_alternatives,
)


@require_safe
def find_info(request: HttpRequest, kind: str) -> HttpResponse:
    """Lead to the ministry's page of this kind, wherever its editors put it."""
    page = info_page(kind) if kind in InfoKind else None
    if page is None:
        raise Http404
    return redirect(page.get_url(request))


def info(request: HttpRequest, page: InfoPage) -> HttpResponse:
    centers = (
        Center.objects.filter(is_active=True).select_related("governorate").order_by("governorate", "code")
        if page.kind == InfoKind.CONTACT
        else []
    )
    return render(request, page.template, {**page.get_context(request), "centers": centers})


@require_safe
def catalog(request: HttpRequest) -> HttpResponse:
    page = catalog_in(get_language())
    if page is None:
        raise Http404
    if not all(restriction.accept_request(request) for restriction in page.get_view_restrictions()):
        # Its own address asks for the password or the login.
        return redirect(page.get_url(request))
    form = CatalogFilterForm(request.GET)
    wanted = form.wanted()
    found = search(page, wanted, request.GET.get("page"))
    shown = found.page
    starts = next_cohorts(
        shown.object_list, governorate_id=wanted.get("governorate"), center_id=wanted.get("center")
    )
    context = {
        # Not as "page": the address of this list is not the page's own.
        "catalog": page,
        # A program that is found in a place opens with its date there.
        "place": urlencode([(name, wanted[name]) for name in ("governorate", "center") if name in wanted]),
        "form": form,
        "applied": form.applied(),
        "narrowed": len(wanted.keys() - {"q"}),
        "words": wanted.get("q", ""),
        "reading": found.reading,
        "is_partial": found.is_partial,
        "page_obj": shown,
        "cards": [(program, starts.get(program.translation_key)) for program in shown.object_list],
        "today": timezone.localdate(),
        "page_numbers": shown.paginator.get_elided_page_range(shown.number, on_each_side=1, on_ends=1),
    }
    if not shown.paginator.count:
        context |= search_alternatives(page, wanted, found.reading)
    if not shown.paginator.count or (not wanted and shown.number == 1):
        context["soon"], context["governorates"] = near_reader(request, page.locale)
        context["kept"] = wanted.items()
    response = render(request, "courses/catalog_page.html", context)
    remember_place(request, response)
    return response


def program(request: HttpRequest, page: ProgramPage) -> HttpResponse:
    cohorts = list(open_cohorts(page))
    # The reader's own place first.
    is_near = place_of_reader(request)
    free = sorted(
        (cohort for cohort in cohorts if cohort.is_self_service and cohort.seats_left),
        key=lambda cohort: not is_near(cohort),
    )
    upcoming = free[0] if free else None
    seat = _own_seat(request, page)
    contents = contents_of(page, seat["own_units"])
    # Of the cohort the page speaks of.
    rule = rule_of(page, seat["enrollment"].cohort if seat["has_seat"] else upcoming)
    context = {
        **page.get_context(request),
        "upcoming": upcoming,
        "instructors": instructors_of(upcoming) if upcoming else [],
        "cohorts": [cohort for cohort in cohorts if cohort != upcoming],
        "weeks": weeks_of(cohorts),
        "promises": promises(rule.asks) if rule else [],
        "differing": differing_promises(cohorts),
        "today": timezone.localdate(),
        "contents": contents,
        "units": sum(len(course.units) for course in contents),
        "weights": weights_of(page),
        **seat,
        "place": None if seat["has_seat"] else place_in_program(request.user, page),
        "trail": [
            {"title": page.get_parent().title, "url": reverse("courses:catalog")},
            breadcrumb_item(request, page),
        ],
    }
    return render(request, page.template, context)


def _own_seat(request: HttpRequest, page: ProgramPage) -> dict[str, Any]:
    """The seat of the reader who has one, and where to go on; who left or failed is a reader like any other."""
    own = seat_in(request.user, page)
    if own is None or own.state not in (EnrollmentState.ACTIVE, EnrollmentState.COMPLETED):
        return {"has_seat": False, "own_units": {}}
    units = outline(own)
    following = next((unit for unit in units if unit.state == UnitState.NOW and unit.url), None)
    return {
        "has_seat": True,
        "enrollment": own,
        "percent": percent_of(units),
        "next_unit": following,
        "own_units": {unit.unit_key: unit for unit in units},
    }


def breadcrumb_item(request: HttpRequest, page: Page) -> dict[str, str]:
    return {"title": page.title, "url": page.get_url(request) or ""}
