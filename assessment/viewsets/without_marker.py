"""Answers and appeals that no one at their center may take: how many, what is missing, and where to give the role. Not whose they are."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from accounts.enums import Act
from accounts.scoping.requests import MemberRequest
from assessment.queries.without_marker import missing_for
from assessment.viewsets.marking import OfMarkers

LINES_ON_A_PAGE = 50


@method_decorator(never_cache, name="dispatch")
class WithoutMarkerView(OfMarkers, TemplateView):
    request: MemberRequest
    template_name = "assessment/admin/without_marker.html"
    page_title = gettext_lazy("What no one may mark")
    act = Act.MANAGE_COHORTS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = missing_for(self.request.user)
        page = Paginator(found, LINES_ON_A_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(page=page, **kwargs)
