"""The front page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from courses.forms import CatalogFilterForm
from courses.models import CatalogPage
from courses.queries.centers import busiest_centers
from courses.queries.front_page import places_of_training, trades_of
from courses.views.catalog_search import near_reader, remember_place

CENTERS_SHOWN = 6
# What narrowed the list while this address showed it.
EARLIER_FILTERS = {*CatalogFilterForm.base_fields, "page"}


def front_page(request: HttpRequest, page: CatalogPage) -> HttpResponse:
    if EARLIER_FILTERS & request.GET.keys():
        # Searches were shared, and kept among bookmarks.
        return redirect(f"{reverse('courses:catalog')}?{request.GET.urlencode()}")
    trades = trades_of(page)
    context = {
        **page.get_context(request),
        "trades": trades,
        "programs": sum(trade.programs for trade in trades),
        "counted": places_of_training(),
        "centers": busiest_centers(page.locale, at_most=CENTERS_SHOWN) if page.shows_centers else [],
    }
    if page.shows_starts:
        context["soon"], context["governorates"] = near_reader(request, page.locale)
    response = render(request, page.template, context)
    remember_place(request, response)
    return response
