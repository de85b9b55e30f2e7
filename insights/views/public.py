"""Figures for everyone: a page and a file, the same for all readers."""

import csv
from io import StringIO
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.scoping.exports import BYTE_ORDER_MARK
from insights.enums import PublicMeasure
from insights.models import PublicQuarter
from insights.queries.public import (
    LEVELS,
    figures_of_quarter,
    in_words,
    published_quarters,
    quarter_in_words,
)
from insights.services.publishing import end_of_quarter

LINES_ON_A_PAGE = 200


def _asked(request: HttpRequest) -> tuple[PublicQuarter | None, PublicMeasure]:
    """The quarter and the measure of the address; the newest and those who enrolled where it names none. Raises `Http404`."""
    told = request.GET.get("measure", PublicMeasure.ENROLLED.value)
    if told not in PublicMeasure:
        raise Http404
    quarters = published_quarters()
    wanted = request.GET.get("quarter")
    if not wanted:
        return quarters.first(), PublicMeasure(told)
    found = next((quarter for quarter in quarters if f"{quarter.quarter:%Y-%m}" == wanted), None)
    if found is None:
        raise Http404
    return found, PublicMeasure(told)


@require_safe
def public_figures(request: HttpRequest) -> HttpResponse:
    """A quarter, by occupation, governorate, sex and age."""
    quarter, measure = _asked(request)
    context: dict[str, Any] = {
        "quarter": quarter,
        "measure": measure,
        "measures": PublicMeasure,
        "quarters": [(one, quarter_in_words(one.quarter)) for one in published_quarters()],
    }
    if quarter:
        page = Paginator(figures_of_quarter(quarter, measure), LINES_ON_A_PAGE).get_page(
            request.GET.get("page")
        )
        context |= {
            "until": end_of_quarter(quarter.quarter),
            "page_obj": page,
            "page_numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            "lines": in_words(page.object_list),
        }
    return render(request, "insights/public_figures.html", context)


@require_safe
def public_file(request: HttpRequest) -> HttpResponse:
    """All lines of a quarter as CSV (RFC 4180), with codes and words."""
    quarter, measure = _asked(request)
    if quarter is None:
        raise Http404
    figures = list(figures_of_quarter(quarter, measure).select_related("governorate"))
    text = StringIO()
    writer = csv.writer(text)
    headings = [str(cut.label) for cut in LEVELS]
    codes = [cut.value for cut in LEVELS]
    writer.writerow(["quarter", "measure", *codes, *headings, "rest", "people"])
    for figure, line in zip(figures, in_words(figures), strict=True):
        place = figure.governorate.iso_code if figure.governorate else None
        facts = (figure.occupation, place, figure.sex, figure.age_band)
        writer.writerow(
            [
                f"{quarter.quarter:%Y-%m}",
                measure.value,
                *(_code(fact) for fact in facts),
                *line.words,
                int(line.is_rest),
                line.people,
            ]
        )
    response = HttpResponse(BYTE_ORDER_MARK + text.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"figures-{quarter.quarter:%Y-%m}-{measure.value}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _code(fact: str | None) -> str:
    """Empty where the line is not broken down so far."""
    return "" if fact is None else fact or "none"
