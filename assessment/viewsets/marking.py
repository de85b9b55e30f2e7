"""Marking answers by hand: question by question, without knowing whose they are.

No page here has a name, a number, a cohort, the time of an answer, or what another marker gave; but for the decision, which has both marks
without who gave them.
"""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.digits import read_key
from accounts.enums import Act
from accounts.scoping import acts_held
from accounts.scoping.requests import MemberRequest
from assessment.models import MarkingTask
from assessment.queries.marking import (
    by_question,
    free_for,
    questions_waiting,
    waiting_for_decision_of,
    waiting_for_mark_of,
)
from assessment.queries.without_marker import missing_for
from assessment.services.marking_tasks import claim_next

QUESTIONS_ON_A_PAGE = 20


class _MenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return self.is_for(acts_held(request.user))

    def is_for(self, acts: frozenset[Act]) -> bool:
        raise NotImplementedError


class MarkingMenuItem(_MenuItem):
    def is_for(self, acts: frozenset[Act]) -> bool:
        return Act.MARK_ANSWERS in acts


class DecisionsMenuItem(_MenuItem):
    """Who marks, too, has a link among the answers to mark."""

    def is_for(self, acts: frozenset[Act]) -> bool:
        return Act.MODERATE_MARKS in acts and Act.MARK_ANSWERS not in acts


class AgreementMenuItem(_MenuItem):
    """Shown to those who lead markers."""

    def is_for(self, acts: frozenset[Act]) -> bool:
        return Act.MANAGE_COHORTS in acts


class OfMarkers(WagtailAdminTemplateMixin):
    """Of no row: for those who may do `act` somewhere, 404 for all others."""

    request: MemberRequest
    header_icon = "edit"
    act: Act

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if self.act not in acts_held(self.request.user):
            raise Http404

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]


@method_decorator(never_cache, name="dispatch")
class _QueueView(OfMarkers, TemplateView):
    request: MemberRequest
    template_name = "assessment/admin/marking.html"
    decides = False

    def rows(self) -> QuerySet[MarkingTask]:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = by_question(free_for(self.rows(), self.request.user))
        page = Paginator(waiting, QUESTIONS_ON_A_PAGE).get_page(self.request.GET.get("p"))
        held = acts_held(self.request.user)
        return super().get_context_data(
            page=page,
            questions=questions_waiting(page),
            decides=self.decides,
            may_mark=Act.MARK_ANSWERS in held,
            may_decide=Act.MODERATE_MARKS in held,
            may_compare=Act.MANAGE_COHORTS in held,
            missing=missing_for(self.request.user) if Act.MANAGE_COHORTS in held else [],
            **kwargs,
        )


class MarkingView(_QueueView):
    """The queue, by question. Whether an answer waits for its first mark or its second, it does not say."""

    request: MemberRequest
    page_title = gettext_lazy("Answers to mark")
    act = Act.MARK_ANSWERS

    def rows(self) -> QuerySet[MarkingTask]:
        return waiting_for_mark_of(self.request.user)


class DecisionsView(_QueueView):
    """The answers whose two marks are far apart, by question."""

    request: MemberRequest
    page_title = gettext_lazy("Marks to decide")
    act = Act.MODERATE_MARKS
    decides = True

    def rows(self) -> QuerySet[MarkingTask]:
        return waiting_for_decision_of(self.request.user)


class NextAnswerView(View):
    """Opens the next answer to a question for the reader."""

    request: MemberRequest
    act = Act.MARK_ANSWERS
    decides = False

    def post(self, request: MemberRequest) -> HttpResponse:
        if self.act not in acts_held(request.user):
            raise Http404
        version = read_key(request.POST.get("question", ""))
        return to_next(request, version or 0, decides=self.decides)


class NextDecisionView(NextAnswerView):
    request: MemberRequest
    act = Act.MODERATE_MARKS
    decides = True


def to_next(
    request: MemberRequest, version: int, *, decides: bool, task: MarkingTask | None = None
) -> HttpResponse:
    """`task`: is left for later."""
    after = task.code if task else None
    following = claim_next(version_id=version, by=request.user, decides=decides, after=after)
    if following is None or (task is not None and following.pk == task.pk):
        messages.info(request, _("No other answer to this question waits for you now."))
        return redirect(queue_url(decides=decides))
    return redirect("marking_decide" if decides else "marking_answer", following.code)


def queue_url(*, decides: bool) -> str:
    return reverse("marking_decisions" if decides else "marking")
