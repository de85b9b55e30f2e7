"""Requests of people about their own data in the staff workplace."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import EditView, InspectView
from wagtail.admin.widgets import Button, HeaderButton

from accounts.enums import DataRequestKind, DataRequestState
from accounts.errors import DomainError
from accounts.models import DataRequest, User
from accounts.scoping.audit import InspectViewWithTrail
from accounts.scoping.viewsets import CenterViewSet
from accounts.services.data_requests import RequestDecided, decide_data_request
from accounts.services.erasing import preview_of


class DecideForm(WagtailAdminModelForm):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=(("", "–"), (DataRequestState.DONE, _("done")), (DataRequestState.REFUSED, _("refused"))),
    )
    answer = forms.CharField(
        label=_("answer"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "The person reads it, and everyone who has the address of the request: no names, no numbers."
        ),
    )

    class Meta:
        model = DataRequest
        fields = ()


class DecideView(EditView):
    """Of an erasure, shows what would go, what stays and why, and what forbids it now."""

    template_name = "accounts/admin/data_request.html"
    page_title = _("Answer the request")
    submit_button_label = _("Answer")
    submit_button_active_label = _("Saving…")
    success_message = _("“%(object)s” has its answer.")

    def get_success_message(self) -> str:
        if self.object.state == DataRequestState.PROPOSED:
            words = gettext("“%(object)s” waits on the home page of a second officer of the ministry.")
            return words % {"object": self.object}
        return str(super().get_success_message())

    def get_page_subtitle(self) -> str:
        """What was asked, by whom."""
        request = self.object
        return f"{request.person} · {request.get_kind_display()}: {request.text or '–'}"

    def get_initial(self) -> dict[str, Any]:
        """The second of two reads what the first one wrote."""
        return {**super().get_initial(), "answer": self.object.answer}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_erasure = self.object.kind == DataRequestKind.ERASE
        preview = preview_of(self.object.person) if is_erasure else None
        return super().get_context_data(preview=preview, **kwargs)

    @cached_property
    def header_buttons(self) -> list[Button]:
        address = reverse("person:inspect", args=[self.object.person_id])
        return [HeaderButton(_("Page of the person"), url=address, icon_name="user")]


class DataRequestInspectView(InspectViewWithTrail, InspectView):
    """The request, its answer, and who decided."""


class DataRequestViewSet(CenterViewSet):
    """Asked on the person's own page, answered here; what was asked for is done on the page of the person."""

    model = DataRequest
    name = "data_requests"
    icon = "mail"
    menu_label = _("Requests about data")
    edit_view_class = DecideView
    inspect_view_class = DataRequestInspectView
    change_label = _("Answer the request")
    list_display = ("person", "kind", "text", "state", "asked_at", Column("due_on", label=_("Answer by")))
    list_filter = ("state", "kind")
    list_select_related = ("person",)
    search_fields = ("person__folded_name",)
    inspect_view_fields = (
        "person",
        "kind",
        "text",
        "state",
        "asked_at",
        "filed_by",
        "proposed_by",
        "proposed_at",
        "answer",
        "decided_by",
        "decided_at",
    )
    edit_form_class = DecideForm

    def refusal_to_change(self, row: DataRequest) -> DomainError | None:
        return None if row.is_undecided else RequestDecided()

    def change_row(self, form: DecideForm, *, by: User) -> DataRequest:
        typed: dict[str, Any] = form.cleaned_data
        return decide_data_request(
            request_id=form.instance.pk,
            is_done=typed["decision"] == DataRequestState.DONE,
            answer=typed["answer"],
            by=by,
        )
