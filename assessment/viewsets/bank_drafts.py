"""Drafts of the reader that are submitted for review, many at once. Publishing is one by one: a reviewer reads what is published."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.digits import read_key
from accounts.errors import DomainError
from accounts.scoping.requests import MemberRequest
from accounts.scoping.viewsets import CenterViewSet
from accounts.services.formatting import format_number
from assessment.models import Question
from assessment.queries.bank import draft_of, drafts_of, excerpt_of, fault_in
from assessment.services.bank import submit_question

DRAFTS_ON_A_PAGE = 100
# Each is a transaction of its own: so many take a few seconds.
MOST_AT_ONCE = 500


class BankDraftsView(WagtailAdminTemplateMixin, TemplateView):
    """What the reader wrote and did not submit, each with its fault if it has one. POST submits those that are ticked, or all."""

    request: MemberRequest
    viewset: CenterViewSet
    model = Question
    template_name = "assessment/admin/bank_drafts.html"
    page_title = gettext_lazy("Your drafts of questions")
    header_icon = "help"

    def _rows(self) -> QuerySet[Question]:
        return drafts_of(self.request.user).select_related("owner", "published")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = self._rows()
        if "everything" not in request.POST:
            keys = [key for typed in request.POST.getlist("question") if (key := read_key(typed)) is not None]
            rows = rows.filter(pk__in=keys)
        chosen = list(rows[:MOST_AT_ONCE])
        left = 0
        for row in chosen:
            try:
                submit_question(question_id=row.pk, by=self.request.user)
            except DomainError:
                # It stays in the list, with its fault.
                left += 1
        self._say(len(chosen) - left, left)
        return redirect("bank:drafts")

    def _say(self, submitted: int, left: int) -> None:
        if submitted:
            said = ngettext(
                "%(number)s question waits for its review.",
                "%(number)s questions wait for their review.",
                submitted,
            )
            messages.success(self.request, said % {"number": format_number(submitted)})
        if left:
            said = ngettext(
                "%(number)s draft was left: its fault is in the list.",
                "%(number)s drafts were left: their faults are in the list.",
                left,
            )
            messages.warning(self.request, said % {"number": format_number(left)})
        if not submitted and not left:
            messages.error(self.request, _("No draft is ticked."))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("bank:index"), "label": str(self.viewset.menu_label)},
            {"url": "", "label": str(self.page_title)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(self._rows(), DRAFTS_ON_A_PAGE).get_page(self.request.GET.get("p"))
        lines = [
            {"question": row, "words": excerpt_of(row), "fault": fault_in(draft_of(row))} for row in page
        ]
        return super().get_context_data(page=page, lines=lines, **kwargs)
