"""How far markers agree."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from accounts.enums import Act
from accounts.scoping.requests import MemberRequest
from assessment.queries.marker_agreement import pairs_led_by
from assessment.viewsets.marking import OfMarkers

PAIRS_ON_A_PAGE = 50


@method_decorator(never_cache, name="dispatch")
class AgreementView(OfMarkers, TemplateView):
    """How far markers agree, pair by pair, for those who lead them."""

    request: MemberRequest
    template_name = "assessment/admin/marker_agreement.html"
    page_title = gettext_lazy("How far markers agree")
    act = Act.MANAGE_COHORTS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = pairs_led_by(self.request.user)
        page = Paginator(found.pairs, PAIRS_ON_A_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(page=page, found=found, **kwargs)
