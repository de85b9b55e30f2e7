"""Connects pages of the tree with views."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.models import Page

from courses.models import CatalogPage, CoursePage, InfoPage, LessonPage, ProgramPage, UnitPage
from courses.views.catalog import info, program
from courses.views.front_page import front_page
from courses.views.units import lesson, page_of_unit


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


Serve = Callable[[Page, HttpRequest, list[Any], dict[str, Any]], HttpResponse]


def serve_courses_page(following: Serve) -> Serve:
    """Answer for the pages of this app; for units of another app only check access.

    A hook of the kind that Wagtail asks for the password of a private page with, and behind that one.
    """

    def serve(
        page: Page, request: HttpRequest, serve_args: list[Any], serve_kwargs: dict[str, Any]
    ) -> HttpResponse:
        if isinstance(page, UnitPage) and (elsewhere := page_of_unit(request, page)):
            return elsewhere
        if view := VIEWS.get(type(page)):
            return view(request, page)
        return following(page, request, serve_args, serve_kwargs)

    return serve
