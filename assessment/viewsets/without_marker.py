"""Answers and appeals that no one at their center may take: how many, what is missing, and where to give the role. Not whose they are."""

from typing import Any

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from accounts.enums import Act, RoleName
from accounts.scoping import may
from accounts.scoping.requests import MemberRequest
from assessment.queries.questions import stored_questions, text_of
from assessment.queries.without_assessor import appeals_to_pass_on, colleagues_to_appoint
from assessment.queries.without_marker import MENDED_BY_THE_CENTER, missing_for
from assessment.viewsets.appeals import facts_of
from assessment.viewsets.marking import OfMarkers

LINES_ON_A_PAGE = 50


@method_decorator(never_cache, name="dispatch")
class _OfManagers(OfMarkers, TemplateView):
    request: MemberRequest
    act = Act.MANAGE_COHORTS


class WithoutMarkerView(_OfManagers):
    template_name = "assessment/admin/without_marker.html"
    page_title = gettext_lazy("What no one may mark")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = missing_for(self.request.user)
        page = Paginator(found, LINES_ON_A_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(page=page, **kwargs)


class AppealsLeftView(_OfManagers):
    """The appeals that no assessor may answer, without whose they are."""

    template_name = "assessment/admin/appeals_left.html"
    page_title = gettext_lazy("Appeals that no one at the center may answer")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = appeals_to_pass_on(self.request.user)
        rows = waiting.select_related("attempt__enrollment__cohort__center")
        page = Paginator(rows, LINES_ON_A_PAGE).get_page(self.request.GET.get("p"))
        asked = {appeal: appeal.attempt.versions[appeal.slot] for appeal in page}
        texts = {one.version: text_of(one) for one in stored_questions(list(asked.values()))}
        lines = [(appeal, texts[version]) for appeal, version in asked.items()]
        return super().get_context_data(page=page, lines=lines, **kwargs)


class AppealLeftView(_OfManagers):
    """One of them, and what gets it answered."""

    template_name = "assessment/admin/appeal_left.html"
    page_title = gettext_lazy("Appeal that no one at the center may answer")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        waiting = appeals_to_pass_on(user).select_related("attempt__enrollment__cohort__center")
        appeal = get_object_or_404(waiting, pk=self.kwargs["pk"])
        center = appeal.attempt.enrollment.cohort.center
        may_appoint = may(user, Act.MANAGE_MEMBERS, on=center)
        return super().get_context_data(
            **facts_of(appeal, user),
            center=center,
            role=RoleName.ASSESSOR,
            may_appoint=may_appoint,
            days=MENDED_BY_THE_CENTER.days,
            colleagues=colleagues_to_appoint(appeal, by=user) if may_appoint else [],
            **kwargs,
        )
