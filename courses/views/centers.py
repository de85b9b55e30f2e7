"""The centers: where they are, and what starts there."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Locale

from courses.queries.centers import governorates_of_centers, open_centers, starts_at

CENTERS_PER_PAGE = 12


@require_safe
def centers(request: HttpRequest) -> HttpResponse:
    """Every active center, by governorate. An unknown governorate is no filter, and a wrong page number the nearest."""
    locale = Locale.get_active()
    places = sorted(governorates_of_centers(), key=lambda place: place.name)
    chosen = next((place for place in places if str(place.pk) == request.GET.get("governorate")), None)
    found = open_centers(locale)
    if chosen:
        found = found.filter(governorate=chosen)
    shown = Paginator(found, CENTERS_PER_PAGE).get_page(request.GET.get("page"))
    starts = starts_at(shown.object_list, locale)
    context = {
        "page_obj": shown,
        "page_numbers": shown.paginator.get_elided_page_range(shown.number, on_each_side=1, on_ends=1),
        "centers": [(center, starts.get(center.pk, [])) for center in shown.object_list],
        # `places` are the main ones, in every template.
        "governorates": places,
        "chosen": chosen,
        "today": timezone.localdate(),
    }
    return render(request, "courses/centers.html", context)
