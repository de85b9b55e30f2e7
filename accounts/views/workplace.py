"""Pages of the workplace that are everybody's: one kind of work in full, and the search over everything."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.scoping.finding import LONGEST_TYPED, find
from accounts.scoping.requests import MemberRequest
from accounts.scoping.work import Work, kind_of_work

LINES_ON_A_PAGE = 50


class WorkView(WagtailAdminTemplateMixin, TemplateView):
    """Everything that waits of one kind. 404 where the kind is not the reader's."""

    request: MemberRequest
    template_name = "accounts/admin/work.html"
    header_icon = "tasks"

    @cached_property
    def work(self) -> Work:
        found = kind_of_work(self.kwargs["name"], self.request.user)
        if found is None:
            raise Http404
        return found

    def get_page_title(self) -> str:
        return str(self.work.title)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.work.rows(self.request.user)
        page = Paginator(rows, LINES_ON_A_PAGE).get_page(self.request.GET.get("p"))
        lines = self.work.lines(list(page.object_list), self.request.user)
        numbers = page.paginator.get_elided_page_range(page.number)
        return super().get_context_data(
            work=self.work, lines=lines, page_obj=page, elided_page_range=numbers, **kwargs
        )


class FindView(WagtailAdminTemplateMixin, TemplateView):
    """People, cohorts, certificates and programs that the typed text names, as far as the reader may see them."""

    request: MemberRequest
    template_name = "accounts/admin/find.html"
    page_title = _("Search")
    header_icon = "search"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        typed = self.request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_TYPED]
        sections = find(typed, user=self.request.user) if typed else []
        return super().get_context_data(typed=typed, sections=sections, **kwargs)
