"""Fees in the staff workplace: receipts of a proposal's people on one page, those of copies, waivers, and the list of all."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, cast

from django import forms
from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from accounts.digits import read_key
from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may
from accounts.scoping.act_forms import ActFormView
from accounts.scoping.audit import InspectViewWithTrail
from accounts.scoping.viewsets import CenterViewSet
from accounts.services.formatting import format_pounds, localize_digits
from certificates.enums import CredentialState, FeeMeans, Source
from certificates.errors import ReceiptsRefused
from certificates.forms import RejectionForm
from certificates.models import Credential, Proposal, ProposalRow, SettledFee
from certificates.queries.fees import copy_fee_due, open_copy_fee, unpaid_rows
from certificates.services.fees import (
    Receipt,
    cancel_settled_fee,
    record_copy_receipt,
    record_receipts,
    waive_copy_fee,
    waive_fee,
)
from certificates.viewsets.acts import SimpleActView
from certificates.viewsets.batches import ROWS_ON_A_PAGE, page_of

PAID_BY = [(one, one.label) for one in FeeMeans if one != FeeMeans.WAIVER]


class HowPaidForm(forms.Form):
    """What all receipts of a form have in common."""

    means = forms.ChoiceField(label=gettext_lazy("How it was paid"), choices=PAID_BY)
    paid_on = forms.DateField(
        label=gettext_lazy("Day on the receipt"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    @property
    def how(self) -> dict[str, Any]:
        return {
            "means": FeeMeans(self.cleaned_data["means"]),
            "paid_on": cast("dt.date", self.cleaned_data["paid_on"]),
        }


def number_field(*, is_required: bool) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Number of the receipt"),
        max_length=40,
        required=is_required,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
    )


def amount_field(due: Decimal) -> forms.DecimalField:
    return forms.DecimalField(
        label=gettext_lazy("Amount in pounds"),
        max_digits=8,
        decimal_places=2,
        initial=due.to_integral() if due == due.to_integral() else due,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "decimal", "autocomplete": "off"}),
    )


class PoundsColumn(Column):
    """An amount of money in words; a file has the number."""

    cell_template_name = "certificates/admin/pounds_cell.html"


class Line(NamedTuple):
    """One person in the list of receipts."""

    row: ProposalRow
    number: forms.BoundField
    amount: forms.BoundField


class ReceiptsForm(HowPaidForm):
    """A line for each person whose fee waits; a line without a number is left for later."""

    def __init__(
        self, *args: Any, rows: Sequence[ProposalRow], is_outdated: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        self.is_outdated = is_outdated
        for row in rows:
            self.fields[f"number_{row.pk}"] = number_field(is_required=False)
            self.fields[f"amount_{row.pk}"] = amount_field(cast("Any", row).fee)

    def clean(self) -> dict[str, Any]:
        if self.is_outdated:
            raise forms.ValidationError(
                _(
                    "Somebody settled fees of this list meanwhile, so nothing was recorded. Look through it again."
                )
            )
        return super().clean() or {}

    def lines(self) -> Iterator[Line]:
        for row in self.rows:
            yield Line(row, self[f"number_{row.pk}"], self[f"amount_{row.pk}"])

    @property
    def receipts(self) -> list[Receipt]:
        typed = self.cleaned_data
        return [
            Receipt(row.pk, typed[f"number_{row.pk}"], typed[f"amount_{row.pk}"] or Decimal(0))
            for row in self.rows
            if typed[f"number_{row.pk}"]
        ]


class RecordFeesView(ActFormView):
    """The people of a proposal whose fee was not received: their receipts, all on one page."""

    model = Proposal
    select_related = ("type", "cohort", "center")
    index_url_name = "proposals:index"
    header_icon = "tag"
    template_name = "certificates/admin/fees.html"
    page_title = gettext_lazy("Fees not received")
    form_class = ReceiptsForm

    @property
    def waiting(self) -> QuerySet[ProposalRow]:
        rows = unpaid_rows().filter(proposal=self.row).select_related("person")
        return rows.order_by("person__folded_name", "pk")

    @cached_property
    def page(self) -> Any:
        return page_of(self.request, self.waiting, "p")

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if self.request.method != "POST":
            return kwargs | {"rows": list(self.page)}
        # The lines that were shown, which are not those of the page any more where somebody paid meanwhile.
        names = {name: read_key(name.removeprefix("number_")) for name in self.request.POST}
        shown = [key for name, key in names.items() if name.startswith("number_") and key is not None]
        rows = list(self.waiting.filter(pk__in=shown[:ROWS_ON_A_PAGE]))
        filled = {key for name, key in names.items() if key in shown and self.request.POST[name].strip()}
        return kwargs | {"rows": rows, "is_outdated": bool(filled - {row.pk for row in rows})}

    def get_initial(self) -> dict[str, Any]:
        return {"means": FeeMeans.CASH_DESK, "paid_on": timezone.localdate()}

    def carry_out(self, form: ReceiptsForm) -> str:
        try:
            saved = record_receipts(
                proposal_id=self.row.pk, receipts=form.receipts, by=self.request.user, **form.how
            )
        except ReceiptsRefused as refused:
            for row_id, fault in refused.faults.items():
                form.add_error(f"number_{row_id}", str(fault))
            raise
        return ngettext(
            "%(count)s receipt was recorded.", "%(count)s receipts were recorded.", len(saved)
        ) % {"count": localize_digits(len(saved))}

    def next_url(self) -> str:
        """The page again, as long as anybody waits."""
        if unpaid_rows().filter(proposal=self.row).exists():
            return self.request.path
        return super().next_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "proposal": self.row,
            "page": self.page,
            "lines": list(context["form"].lines()),
            "may_waive": may(self.request.user, Act.WAIVE_FEES, on=self.row),
        }


class UnpaidRowField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.person} · {format_pounds(obj.fee)}"


class WaiverForm(RejectionForm):
    """Whose fee is waived, and why."""

    row = UnpaidRowField(label=gettext_lazy("Person"), queryset=ProposalRow.objects.none())
    field_order = ("row", "reason")

    def __init__(self, *args: Any, rows: QuerySet[ProposalRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("UnpaidRowField", self.fields["row"]).queryset = rows


class WaiveFeesView(SimpleActView):
    model = Proposal
    select_related = ("type", "cohort", "center")
    index_url_name = "proposals:index"
    header_icon = "tag"
    page_title = gettext_lazy("Waive a fee")
    explanation = gettext_lazy(
        "The certificate can then be issued without a receipt. Your name and the reason stay in the record."
    )
    submit_label = gettext_lazy("Waive the fee")
    form_class = WaiverForm

    def get_form_kwargs(self) -> dict[str, Any]:
        rows = unpaid_rows().filter(proposal=self.row).select_related("person")
        return super().get_form_kwargs() | {"rows": rows.order_by("person__folded_name", "pk")}

    def refusal(self) -> str:
        waits = unpaid_rows().filter(proposal=self.row).exists()
        return "" if waits else _("No fee of this proposal waits.")

    def carry_out(self, form: WaiverForm) -> str:
        row = form.cleaned_data["row"]
        waive_fee(row_id=row.pk, reason=form.cleaned_data["reason"], by=self.request.user)
        return _("The fee of %(person)s is waived.") % {"person": row.person}


class CopyReceiptForm(HowPaidForm):
    field_order = ("number", "amount", "means", "paid_on")

    def __init__(self, *args: Any, due: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"] = number_field(is_required=True)
        self.fields["amount"] = amount_field(due)
        self.order_fields(self.field_order)


class CopyFeeView(SimpleActView):
    model = Credential
    select_related = ("type", "holder", "center")
    index_url_name = "credentials:index"
    header_icon = "tag"

    @cached_property
    def due(self) -> Decimal:
        return copy_fee_due(self.row, day=timezone.localdate())

    def refusal(self) -> str:
        if open_copy_fee(self.row):
            return _("The fee of the next copy was settled already. A certifying officer issues the copy.")
        return "" if self.due else _("A copy of this certificate costs nothing today.")


class RecordCopyFeeView(CopyFeeView):
    page_title = gettext_lazy("Receipt for a copy")
    submit_label = gettext_lazy("Record the receipt")
    form_class = CopyReceiptForm

    @property
    def explanation(self) -> str:
        return _(
            "A copy costs %(amount)s today. A certifying officer issues it after the receipt is recorded."
        ) % {"amount": format_pounds(self.due)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"due": self.due}

    def get_initial(self) -> dict[str, Any]:
        return {"means": FeeMeans.CASH_DESK, "paid_on": timezone.localdate()}

    def carry_out(self, form: CopyReceiptForm) -> str:
        record_copy_receipt(
            credential_id=self.row.pk,
            number=form.cleaned_data["number"],
            amount=form.cleaned_data["amount"] or Decimal(0),
            by=self.request.user,
            **form.how,
        )
        return _("The receipt is recorded. A certifying officer can issue the copy now.")


class WaiveCopyFeeView(CopyFeeView):
    page_title = gettext_lazy("Waive the fee of a copy")
    explanation = WaiveFeesView.explanation
    submit_label = WaiveFeesView.submit_label
    form_class = RejectionForm

    def carry_out(self, form: RejectionForm) -> str:
        waive_copy_fee(credential_id=self.row.pk, reason=form.cleaned_data["reason"], by=self.request.user)
        return _("The fee of the next copy is waived.")


class CancelReceiptView(SimpleActView):
    model = SettledFee
    select_related = ("type", "center")
    index_url_name = "settled_fees:index"
    header_icon = "cross"
    page_title = gettext_lazy("Cancel")
    explanation = gettext_lazy(
        "It stays in the list as canceled, and its number may be recorded again, for another person, too. Afterwards the fee is due"
        " again."
    )
    submit_label = gettext_lazy("Cancel it")
    is_grave = True
    form_class = RejectionForm

    def refusal(self) -> str:
        return "" if self.row.is_open else _("It was used or canceled already, so it stays as it is.")

    def carry_out(self, form: RejectionForm) -> str:
        cancel_settled_fee(
            settled_fee_id=self.row.pk, reason=form.cleaned_data["reason"], by=self.request.user
        )
        return _("It is canceled. The fee is due again.")


class SettledFeeInspectView(InspectViewWithTrail, generic.InspectView):
    template_name = "certificates/admin/settled_fee.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        settled, by = self.object, self.request.user
        act = Act.WAIVE_FEES if settled.is_waiver else Act.RECORD_FEES
        verb = "cancel_waiver" if settled.is_waiver else "cancel"
        may_cancel = settled.is_open and may(by, act, on=settled)
        return {
            **super().get_context_data(**kwargs),
            "settled": settled,
            "cancel_url": reverse(f"settled_fees:{verb}", args=[settled.pk]) if may_cancel else "",
        }


class SettledFeeViewSet(CenterViewSet):
    """The list to compare with the book of the cash desk."""

    model = SettledFee
    name = "settled_fees"
    icon = "tag"
    menu_label = gettext_lazy("Receipts of fees")
    inspect_view_class = SettledFeeInspectView
    list_display = (
        "means",
        Column("number", label=gettext_lazy("Number of the receipt"), sort_key="number_key"),
        Column("holder", label=gettext_lazy("Person")),
        "type",
        Column("get_due_for_display", label=gettext_lazy("Due for")),
        PoundsColumn("amount", label=gettext_lazy("Amount"), sort_key="amount"),
        "paid_on",
        "center",
        "by",
        Column("state", label=gettext_lazy("State")),
        "cancel_reason",
    )
    list_filter = ("center", "type", "due_for", "means", "paid_on")
    list_select_related = ("type", "center", "by", "enrollment__person", "credential__holder")
    export_filename = "receipts-of-fees"
    search_fields = ("number", "number_key")
    search_backend_name = None

    def get_urlpatterns(self) -> list[URLPattern]:
        cancel = self.construct_view(CancelReceiptView, verb="cancel")
        waiver = self.construct_view(CancelReceiptView, verb="cancel_waiver")
        return [
            *super().get_urlpatterns(),
            path("cancel/<int:pk>/", cancel, name="cancel"),
            path("cancel_waiver/<int:pk>/", waiver, name="cancel_waiver"),
        ]


def fee_context(rows: Sequence[ProposalRow]) -> dict[int, SettledFee]:
    """What settled the fees of rows that carry `settled`, by its key."""
    keys = [key for row in rows if (key := cast("Any", row).settled)]
    return SettledFee.objects.in_bulk(keys) if keys else {}


def used_fees(proposal: Proposal, rows: Sequence[ProposalRow]) -> dict[int, SettledFee]:
    """What the certificates of a decided proposal were issued on, by the key of the holder."""
    issued = Credential.objects.filter(
        proposal=proposal, holder__in=[row.person_id for row in rows], settled_fee__isnull=False
    ).select_related("settled_fee")
    return {one.holder_id: one.settled_fee for one in issued if one.settled_fee}


def copy_fee_context(credential: Credential, *, user: User) -> dict[str, Any]:
    """For the page of a certificate: what its next copy costs, whether that was settled, and who may settle it."""
    if credential.state != CredentialState.IN_FORCE or credential.source != Source.ISSUED:
        return {}
    due, settled = copy_fee_due(credential, day=timezone.localdate()), open_copy_fee(credential)
    waits = bool(due) and settled is None
    return {
        "copy_fee_due": due,
        "copy_fee_settled": settled,
        "may_record_copy_fee": waits and may(user, Act.RECORD_FEES, on=credential),
        "may_waive_copy_fee": waits and may(user, Act.WAIVE_FEES, on=credential),
    }
