"""Security paper in the staff workplace: deliveries with what is left of them, and each sheet."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may
from accounts.scoping.audit import InspectViewWithTrail
from accounts.scoping.columns import CodesIndexView
from accounts.scoping.viewsets import CenterViewSet
from accounts.services.formatting import localize_digits
from certificates.enums import SheetState
from certificates.errors import DeliveryInUse
from certificates.forms import RejectionForm
from certificates.models import Sheet, SheetDelivery
from certificates.queries.security_paper import is_untouched, with_counts
from certificates.services.security_paper import deliver_sheets, end_sheet, recall_delivery
from certificates.viewsets.acts import SimpleActView


class SheetDeliveryForm(WagtailAdminModelForm):
    class Meta:
        model = SheetDelivery
        fields = ("center", "prefix", "first", "last", "received_on", "received_by")
        widgets = {"received_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def validate_constraints(self) -> None:
        """The service says them in words."""

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("The day cannot be in the future."))
        return day


class SheetDeliveryIndexView(CodesIndexView):
    def get_base_queryset(self) -> QuerySet[Any]:
        return with_counts(super().get_base_queryset())


class SheetDeliveryInspectView(InspectViewWithTrail, generic.InspectView):
    """With how many of its sheets are in each state."""

    template_name = "certificates/admin/sheet_delivery.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_recall = may(self.request.user, Act.ASSIGN_PAPER, on=self.object)
        context = super().get_context_data(**kwargs)
        return context | {"may_recall": may_recall and is_untouched(self.object)}

    def get_fields_context(self) -> list[dict[str, Any]]:
        counted = with_counts(SheetDelivery.objects.filter(pk=self.object.pk)).get()
        counts = [
            {"label": capfirst(state.label), "value": localize_digits(getattr(counted, str(state)))}
            for state in SheetState
        ]
        return [*super().get_fields_context(), *counts]


class RecallDeliveryView(SimpleActView):
    model = SheetDelivery
    select_related = ("center",)
    index_url_name = "sheet_deliveries:index"
    header_icon = "cross"
    page_title = gettext_lazy("Recorded by mistake")
    explanation = gettext_lazy(
        "For numbers or a center that were mistyped. All of its sheets leave the stock, and the numbers may be recorded again."
    )
    submit_label = gettext_lazy("Take the delivery back")
    is_grave = True
    form_class = RejectionForm

    def refusal(self) -> str:
        return "" if is_untouched(self.row) else str(DeliveryInUse())

    def carry_out(self, form: RejectionForm) -> str:
        recall_delivery(delivery_id=self.row.pk, reason=form.cleaned_data["reason"], by=self.request.user)
        return _("The delivery is taken back.")


class SheetDeliveryViewSet(CenterViewSet):
    """The report of the paper, too: how much of each delivery is in stock, used, spoiled and missing."""

    model = SheetDelivery
    name = "sheet_deliveries"
    icon = "form"
    menu_label = gettext_lazy("Security paper")
    form_class = SheetDeliveryForm
    index_view_class = SheetDeliveryIndexView
    inspect_view_class = SheetDeliveryInspectView
    list_display = (
        "label",
        "center",
        "received_on",
        "received_by",
        *(Column(str(state), label=state.label) for state in SheetState),
    )
    list_filter = ("center", "received_on")
    list_select_related = ("center",)
    inspect_view_fields = ("center", "prefix", "first", "last", "received_on", "received_by", "by", "at")
    export_filename = "security-paper"

    def get_urlpatterns(self) -> list[URLPattern]:
        recall = self.construct_view(RecallDeliveryView, verb="recall")
        return [*super().get_urlpatterns(), path("recall/<int:pk>/", recall, name="recall")]

    def create_row(self, form: SheetDeliveryForm, *, by: User) -> SheetDelivery:
        return deliver_sheets(**form.cleaned_data, by=by)


class EndSheetForm(RejectionForm):
    state = forms.ChoiceField(
        label=gettext_lazy("What happened"), choices=[(one, one.label) for one in SheetState.ended()]
    )
    field_order = ("state", "reason")


class EndSheetView(SimpleActView):
    model = Sheet
    select_related = ("delivery__center",)
    index_url_name = "sheets:index"
    header_icon = "cross"
    page_title = gettext_lazy("Spoiled or missing")
    explanation = gettext_lazy("For a sheet on which nothing was printed. Its number is not used any more.")
    submit_label = gettext_lazy("Take it out of the stock")
    is_grave = True
    form_class = EndSheetForm

    def refusal(self) -> str:
        return "" if self.row.state == SheetState.FREE else _("This sheet is not in stock.")

    def carry_out(self, form: EndSheetForm) -> str:
        end_sheet(
            sheet_id=self.row.pk,
            state=SheetState(form.cleaned_data["state"]),
            reason=form.cleaned_data["reason"],
            by=self.request.user,
        )
        return _("Sheet %(sheet)s is out of the stock.") % {"sheet": self.row}


class SheetInspectView(InspectViewWithTrail, generic.InspectView):
    template_name = "certificates/admin/sheet.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sheet = self.object
        is_free = sheet.state == SheetState.FREE
        return {
            **super().get_context_data(**kwargs),
            "sheet": sheet,
            "may_end": is_free and may(self.request.user, Act.HAND_OUT_CERTIFICATES, on=sheet),
        }


class SheetViewSet(CenterViewSet):
    model = Sheet
    name = "sheets"
    icon = "form"
    menu_label = gettext_lazy("Sheets of security paper")
    index_view_class = CodesIndexView
    inspect_view_class = SheetInspectView
    list_display = (
        "label",
        Column("delivery.center", label=gettext_lazy("Center")),
        Column("get_state_display", label=gettext_lazy("State")),
        Column(
            "printout",
            label=gettext_lazy("Certificate"),
            accessor=lambda sheet: getattr(sheet, "printout", ""),
        ),
        "reason",
    )
    list_filter = ("state", "delivery__center", "prefix")
    list_select_related = ("delivery__center", "printout__credential", "printout__copy")
    export_filename = "sheets-of-security-paper"
    search_fields = ("prefix", "number")
    search_backend_name = None

    def get_urlpatterns(self) -> list[URLPattern]:
        end = self.construct_view(EndSheetView, verb="end")
        return [*super().get_urlpatterns(), path("end/<int:pk>/", end, name="end")]
