"""Which view answers for which page of the tree."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.models import Page

from courses.models import CatalogPage, CoursePage, InfoPage, LessonPage, ProgramPage, UnitPage
from courses.queries.enrollments import readable_enrollment
from courses.views.catalog import info, program
from courses.views.front_page import front_page
from courses.views.units import lesson, turned_away


def course(request: HttpRequest, page: CoursePage) -> HttpResponse:
    """A course is read on its program's page."""
    return redirect(page.get_parent().get_url(request))


VIEWS: dict[type[Page], Callable[[HttpRequest, Any], HttpResponse]] = {
    CatalogPage: front_page,
    ProgramPage: program,
    CoursePage: course,
    LessonPage: lesson,
    InfoPage: info,
}


def serve_courses_page(
    page: Page, request: HttpRequest, serve_args: list[Any], serve_kwargs: dict[str, Any]
) -> HttpResponse | None:
    """Answer for the pages of this app; for a kind of unit of another app only keep the door."""
    if view := VIEWS.get(type(page)):
        return view(request, page)
    if isinstance(page, UnitPage):
        return turned_away(request, page, readable_enrollment(request.user, page.translation_key))
    return None
