"""The way of a center to its first cohort, also after it was gone."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.enums import Act
from accounts.models import Center
from accounts.scoping import fenced
from accounts.scoping.requests import MemberRequest
from courses.queries.first_steps import checklists_of


class FirstCohortView(WagtailAdminTemplateMixin, TemplateView):
    request: MemberRequest
    template_name = "courses/admin/first_cohort.html"
    page_title = gettext_lazy("The way to the first cohort")
    header_icon = "list-ol"
    _show_breadcrumbs = True

    @cached_property
    def center(self) -> Center:
        centers = fenced(Center.objects.all(), user=self.request.user, act=Act.MANAGE_COHORTS)
        return get_object_or_404(centers, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.center)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("center:index"), "label": capfirst(Center._meta.verbose_name_plural)},
            {"url": reverse("center:inspect", args=[self.center.pk]), "label": str(self.center)},
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        (checklist,) = checklists_of([self.center], user=self.request.user)
        return super().get_context_data(checklist=checklist, **kwargs)
