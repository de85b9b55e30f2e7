"""Results of polls, for the staff of a class."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from accounts.scoping.exports import SafeExport
from live.queries.polls import OptionResult, poll_results
from live.queries.questions import questions_with_votes
from live.viewsets.pages import SessionPage


class PollsView(SafeExport, SpreadsheetExportMixin, SessionPage):
    """Results of each poll, and the questions; the polls also as a spreadsheet."""

    template_name = "live/admin/polls.html"
    page_title = _("Polls and questions of the live class")
    header_icon = "help"
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

    def answers(self) -> Iterable[OptionResult]:
        return [option for result in poll_results(self.session) for option in result.options]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            session=self.session,
            results=poll_results(self.session),
            questions=questions_with_votes(self.session),
            **kwargs,
        )
