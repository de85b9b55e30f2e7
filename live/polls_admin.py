"""What is left of a class for its staff."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from accounts.scoping.exports import SafeExport
from live.models import LiveSession
from live.queries import OptionResult, poll_results, questions_with_votes


class PollsView(SafeExport, SpreadsheetExportMixin, WagtailAdminTemplateMixin, TemplateView):
    """How the class answered, poll by poll, and what it asked; the polls also as a spreadsheet."""

    model = LiveSession
    template_name = "live/admin/polls.html"
    page_title = _("Polls and questions of the live class")
    header_icon = "help"
    index_url_name = ""
    export_filename = "polls"
    list_export = ("question", "option", "votes", "voters", "people")
    export_headings = {
        "question": _("Question"),
        "option": _("Option"),
        "votes": _("Votes"),
        "voters": _("People who voted"),
        "people": _("Who chose it"),
    }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_export:
            return self.as_spreadsheet(self.answers(), request.GET["export"])
        return super().get(request, *args, **kwargs)

    @cached_property
    def session(self) -> LiveSession:
        return get_object_or_404(
            LiveSession.objects.select_related("class_session__cohort__center"), pk=self.kwargs["pk"]
        )

    def answers(self) -> Iterable[OptionResult]:
        return [option for result in poll_results(self.session) for option in result.options]

    def get_page_subtitle(self) -> str:
        return str(self.session)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse(self.index_url_name), "label": _("Live sessions")},
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            session=self.session,
            results=poll_results(self.session),
            questions=questions_with_votes(self.session),
            **kwargs,
        )
