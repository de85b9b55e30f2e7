"""Numbers in the digits of the page."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.translation import override

from lms.middleware import WorkplaceDigitsMiddleware
from lms.templatetags.mihna import percent


@pytest.mark.parametrize("value", [62, 61.8, "61.80", "62"])
def test_a_percentage_is_whole_whatever_it_is_kept_as(value: float | str):
    with override("ar"):
        arabic = percent(value)
    with override("en"):
        english = percent(value)

    assert (arabic, english) == ("٦٢٪", "62%")


@pytest.mark.parametrize(("path", "shown"), [("/admin/", "62%"), ("/ar/", "٦٢٪")])
def test_the_workplace_has_the_digits_that_wagtail_writes(path: str, shown: str):
    def answer(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(percent(62))

    with override("ar"):
        page = WorkplaceDigitsMiddleware(answer)(RequestFactory().get(path))
        after = percent(62)

    assert page.content.decode() == shown
    assert after == "٦٢٪"
