"""Lists from which a center proposes many certificates at once: renewals, and certificates based on others."""

from collections.abc import Collection
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import Center
from accounts.scoping import acts_held
from accounts.scoping.exports import SafeExport, in_a_cell
from accounts.scoping.requests import MemberRequest
from accounts.scoping.viewsets import CenterViewSet
from certificates.models import Credential, CredentialType, Proposal
from certificates.models.credentials import CredentialQuerySet
from certificates.queries.prerequisites import available_prerequisites, types_with_prerequisite
from certificates.queries.proposals import with_waiting
from certificates.queries.terms import renewable, renewable_types
from certificates.services.proposing import propose_on_prerequisite, propose_renewal
from certificates.viewsets.batches import ROWS_ON_A_PAGE, page_of
from certificates.viewsets.renewals import RenewalForm

NOT_LISTED = gettext_lazy(
    "A certificate that you ticked is not in this list any more, so nothing was proposed. Look through the list again."
)


class ListForm(forms.Form):
    """The form that chooses center and kind of the list."""

    center = forms.ModelChoiceField(label=gettext_lazy("Center"), queryset=Center.objects.all())
    type = forms.ModelChoiceField(
        label=gettext_lazy("Kind of certificate"), queryset=CredentialType.objects.none()
    )

    def only_choices(self) -> dict[str, int]:
        """The fields with only one choice, by name."""
        fields = {
            name: cast("Any", field).queryset
            for name, field in self.fields.items()
            if hasattr(field, "queryset")
        }
        found = {name: list(rows.values_list("pk", flat=True)[:2]) for name, rows in fields.items()}
        return {name: ids[0] for name, ids in found.items() if len(ids) == 1}


class EndingListForm(ListForm):
    ended = forms.BooleanField(label=gettext_lazy("Those that have ended already"), required=False)


class SelectionForm(RenewalForm):
    """The chosen rows of the list, and the template of the new certificates."""

    credentials = forms.ModelMultipleChoiceField(
        queryset=Credential.objects.none(),
        error_messages={
            "required": gettext_lazy("Tick at least one certificate."),
            "invalid_choice": NOT_LISTED,
            "invalid_pk_value": NOT_LISTED,
        },
    )

    def __init__(self, *args: Any, rows: CredentialQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelMultipleChoiceField", self.fields["credentials"]).queryset = rows

    def clean_credentials(self) -> CredentialQuerySet:
        chosen = self.cleaned_data["credentials"]
        if len(chosen) > ROWS_ON_A_PAGE:
            raise forms.ValidationError(
                _("Tick at most %(count)s certificates at a time.") % {"count": ROWS_ON_A_PAGE}
            )
        return chosen


class ProposalListView(SafeExport, SpreadsheetExportMixin, WagtailAdminTemplateMixin, View):
    """A list of certificates of one center and kind; those that are ticked are proposed together."""

    request: MemberRequest
    viewset: CenterViewSet
    model = Credential
    template_name = "certificates/admin/successors.html"
    list_form_class: type[ListForm] = ListForm
    icon: str
    # Texts of the page.
    explanation: Any
    button_label: Any
    nothing: Any
    shows_waiting = False
    list_export: tuple[str, ...] = ("claims.name_ar", "claims.name_en", "number", "valid_until")
    export_headings = {
        "claims.name_ar": gettext_lazy("Name in Arabic"),
        "claims.name_en": gettext_lazy("Name in English"),
        "number": gettext_lazy("Number"),
        "valid_until": gettext_lazy("Ends on"),
        "waiting": gettext_lazy("Waits for a decision"),
    }

    def types(self) -> QuerySet[CredentialType]:
        """The kinds to choose from."""
        raise NotImplementedError

    def rows(self, *, center: Center, type: CredentialType) -> CredentialQuerySet:  # noqa: A002 - the field's name
        """The listed certificates, in order."""
        raise NotImplementedError

    def propose(self, ids: Collection[int], *, type_id: int, template_id: int) -> Proposal:
        """Raises DomainError."""
        raise NotImplementedError

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.is_export and self.list_form.is_valid():
            return self.as_spreadsheet(self.rows(**self.list_form.cleaned_data), request.GET["export"])
        only = {} if request.GET else self.list_form.only_choices()
        if only.keys() == {"center", "type"}:
            return redirect(f"{request.path}?{urlencode(only)}")
        return self._show(None)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._selection(request.POST)
        if form is None or not form.is_valid():
            return self._show(form)
        try:
            proposal = self.propose(
                [credential.pk for credential in form.cleaned_data["credentials"]],
                type_id=self.list_form.cleaned_data["type"].pk,
                template_id=form.cleaned_data["template"].pk,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self._show(form)
        messages.success(request, _("The proposal is made. A certifying officer decides about it."))
        return redirect("proposals:inspect", proposal.pk)

    @cached_property
    def list_form(self) -> ListForm:
        form = self.list_form_class(self.request.GET or None)
        cast("forms.ModelChoiceField", form.fields["type"]).queryset = self.types()
        self.viewset.fence_form(form, user=self.request.user, act=Act.PROPOSE_CERTIFICATES)
        return form

    def _selection(self, data: Any = None) -> SelectionForm | None:
        """The form under the list; None where no list was chosen."""
        if not self.list_form.is_valid():
            return None
        chosen = self.list_form.cleaned_data
        return SelectionForm(
            data,
            rows=self.rows(**chosen),
            kinds=[chosen["type"].kind],
            initial={"template": chosen["type"].template_id},
        )

    def _show(self, form: SelectionForm | None) -> HttpResponse:
        form = form or self._selection()
        context: dict[str, Any] = {
            "view": self,
            "tabs": [
                (view.page_title, reverse(name), isinstance(self, view))
                for view, name in (
                    (EndingView, "credentials:ending"),
                    (PrerequisitesView, "credentials:bases"),
                )
            ],
            "list_form": self.list_form,
            "form": form,
        }
        if form:
            field = cast("forms.ModelMultipleChoiceField", form.fields["credentials"])
            page = page_of(self.request, cast("CredentialQuerySet", field.queryset), "p")
            ticked = set(form["credentials"].value() or ())
            address = self.request.GET.copy()
            address.pop("p", None)
            context |= {
                "page": page,
                "rows": [(credential, str(credential.pk) in ticked) for credential in page],
                "query": address.urlencode(),
            }
        return render(self.request, self.template_name, self.get_context_data(**context))

    def to_row_dict(self, item: Credential) -> dict[str, Any]:
        fields: dict[str, Any] = super().to_row_dict(item)
        if "waiting" in fields:
            fields["waiting"] = in_a_cell(fields["waiting"] is not None)
        return fields

    def get_header_buttons(self) -> list[Any]:
        # Before a list is chosen there is nothing to download.
        buttons = super().get_header_buttons()
        return buttons if self.list_form.is_valid() else []

    def get_header_icon(self) -> str:
        return self.icon

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("credentials:index"), "label": _("Register of certificates")},
            {"url": "", "label": self.page_title},
        ]


class EndingView(ProposalListView):
    page_title = gettext_lazy("Ending certificates")
    icon = "resubmit"
    list_form_class = EndingListForm
    explanation = gettext_lazy(
        "Certificates in force that may be renewed now. The next one holds from the day of its issue, and what is left"
        " of the old one is added to it."
    )
    button_label = gettext_lazy("Propose renewal")
    nothing = gettext_lazy("No certificate of this kind may be renewed now in this center.")
    shows_waiting = True
    list_export = (*ProposalListView.list_export, "waiting")
    export_filename = "ending-certificates"

    def types(self) -> QuerySet[CredentialType]:
        return renewable_types()

    def rows(self, *, center: Center, type: CredentialType, ended: bool = False) -> CredentialQuerySet:  # noqa: A002 - the field's name
        today = timezone.localdate()
        found = with_waiting(renewable(Credential.objects.filter(center=center, type=type), day=today))
        if ended:
            return found.filter(valid_until__lt=today).order_by("-valid_until", "-pk")
        return found.filter(valid_until__gte=today).order_by("valid_until", "pk")

    def propose(self, ids: Collection[int], *, type_id: int, template_id: int) -> Proposal:
        return propose_renewal(credential_ids=ids, template_id=template_id, by=self.request.user)


class PrerequisitesView(ProposalListView):
    page_title = gettext_lazy("Prerequisite certificates")
    icon = "circle-plus"
    explanation = gettext_lazy(
        "Choose the kind to be issued, such as a license. Listed are the valid certificates that it may be based on, of"
        " people who neither have one nor wait for one."
    )
    button_label = gettext_lazy("Propose certificates")
    nothing = gettext_lazy("No one in this center has a certificate that this kind may be based on now.")
    export_filename = "prerequisite-certificates"

    def types(self) -> QuerySet[CredentialType]:
        return types_with_prerequisite()

    def rows(self, *, center: Center, type: CredentialType) -> CredentialQuerySet:  # noqa: A002 - the field's name
        found = available_prerequisites(type, day=timezone.localdate()).filter(center=center)
        return found.order_by("holder__folded_name", "pk")

    def propose(self, ids: Collection[int], *, type_id: int, template_id: int) -> Proposal:
        return propose_on_prerequisite(
            type_id=type_id, prerequisite_ids=ids, template_id=template_id, by=self.request.user
        )


class ProposersMenuItem(MenuItem):
    def is_shown(self, request: MemberRequest) -> bool:
        return Act.PROPOSE_CERTIFICATES in acts_held(request.user)


# After the register, which is the second of the group.
ending_item = ProposersMenuItem(
    EndingView.page_title,
    reverse_lazy("credentials:ending"),
    name="ending-certificates",
    icon_name=EndingView.icon,
    order=2,
)
prerequisites_item = ProposersMenuItem(
    PrerequisitesView.page_title,
    reverse_lazy("credentials:bases"),
    name="certificates-to-stand-on",
    icon_name=PrerequisitesView.icon,
    order=2,
)
