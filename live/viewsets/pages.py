"""The base of the staff's pages about one class."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from live.models import LiveSession


def session_of(pk: object) -> LiveSession:
    """The class of a page; `CenterViewSet` has checked its center by `model` and `pk`."""
    sessions = LiveSession.objects.select_related(
        "class_session__cohort__center", "class_session__cohort__program", "class_session__instructor__person"
    )
    return get_object_or_404(sessions, pk=pk)


class SessionPage(WagtailAdminTemplateMixin, TemplateView):
    """A page about one class, below the list of classes."""

    model = LiveSession
    index_url_name = ""

    @cached_property
    def session(self) -> LiveSession:
        return session_of(self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.session)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse(self.index_url_name), "label": _("Live sessions")},
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]
