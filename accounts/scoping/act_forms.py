"""Acts on one row: each has a page that shows the consequences before it asks for confirmation."""

from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.errors import DomainError
from accounts.scoping.requests import MemberRequest
from accounts.scoping.viewsets import CenterViewSet


class ActFormView(WagtailAdminTemplateMixin, FormView):
    """A form about one row, which the fence of its viewset has let the user reach."""

    request: MemberRequest
    model: type[Model]
    select_related: tuple[str, ...] = ()
    viewset: CenterViewSet
    index_url_name = ""

    @cached_property
    def row(self) -> Any:
        rows = self.model._default_manager.select_related(*self.select_related)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def carry_out(self, form: Any) -> str:
        """Do the act and show a message. Raises `DomainError`."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            said = self.carry_out(form)
            messages.success(self.request, said, buttons=self.buttons_of_success())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return redirect(self.next_url())

    def buttons_of_success(self) -> list[Any]:
        """What the message about the act leads to."""
        return []

    def next_url(self) -> str:
        return reverse(self.viewset.get_url_name("inspect"), args=[self.row.pk])

    def get_page_subtitle(self) -> str:
        return self.viewset.title_of(self.row)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        title = self.get_page_subtitle()
        page = reverse(self.viewset.get_url_name("inspect"), args=[self.row.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": capfirst(self.model._meta.verbose_name_plural)},
            {"url": page, "label": title},
            {"url": "", "label": self.get_page_title(), "sublabel": title},
        ]
