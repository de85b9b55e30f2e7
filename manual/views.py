"""The manual in the workplace, in the language of its reader."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.scoping.requests import MemberRequest
from manual.queries import HowTo, NoSuchPage, chapters, found, howto, neighbors

LONGEST_TYPED = 100


class ManualView(WagtailAdminTemplateMixin, TemplateView):
    """The contents; with `q`, the sections that have its words."""

    request: MemberRequest
    template_name = "manual/index.html"
    page_title = _("Manual")
    header_icon = "help"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        typed = self.request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_TYPED]
        language = get_language()
        return super().get_context_data(
            typed=typed, found=found(typed, language), chapters=chapters(language), **kwargs
        )


class HowToView(WagtailAdminTemplateMixin, TemplateView):
    """One page. 404 where the manual has none of this name."""

    request: MemberRequest
    template_name = "manual/page.html"
    header_icon = "help"
    _show_breadcrumbs = True

    @cached_property
    def howto(self) -> HowTo:
        try:
            return howto(self.kwargs["slug"], get_language())
        except NoSuchPage as missing:
            raise Http404 from missing

    def get_page_title(self) -> str:
        return self.howto.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("manual:index"), "label": _("Manual")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.howto.title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        language = get_language()
        before, behind = neighbors(self.howto.slug, language)
        return super().get_context_data(
            howto=self.howto,
            is_other_language=self.howto.language != language,
            before=before,
            behind=behind,
            **kwargs,
        )
