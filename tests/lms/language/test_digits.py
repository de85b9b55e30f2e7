"""Numbers in the digits of the page."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.html import conditional_escape
from django.utils.translation import override

from lms.middleware import WorkplaceDigitsMiddleware
from lms.templatetags.mihna import digits, in_own_language, percent


@pytest.mark.parametrize("value", [62, 62.8, "62.80", "62"])
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


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2.5 مم² للمقابس", "٢٫٥ مم² للمقابس"),
        ("كابل Cat6 بطول 90 مترا", "كابل Cat6 بطول ٩٠ مترا"),
        ("E7018", "E7018"),
        ("ELE-H2/CAI-03/1", "ELE-H2/CAI-03/1"),
        ('<a href="/x/7">7 أيام</a>', "&lt;a href=&quot;/x/7&quot;&gt;٧ أيام&lt;/a&gt;"),
    ],
)
def test_words_with_latin_letters_keep_their_digits(written: str, shown: str):
    with override("ar"):
        assert digits(written) == shown
    with override("en"):
        assert digits(written) == conditional_escape(written)


@pytest.mark.parametrize(
    ("language", "written", "shown"),
    [
        ("en", "منى السيد", '<bdi lang="ar">منى السيد</bdi>'),
        ("ar", "منى السيد", "<bdi>منى السيد</bdi>"),
        ("ar", "Mona <b>", '<bdi lang="en">Mona &lt;b&gt;</bdi>'),
        ("en", "42", "<bdi>42</bdi>"),
        ("en", "", "<bdi></bdi>"),
    ],
)
def test_a_name_is_marked_where_the_page_is_in_another_language(language: str, written: str, shown: str):
    with override(language):
        assert in_own_language(written) == shown
