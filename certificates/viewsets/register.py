"""The register of certificates in the admin: look up, revoke, suspend, copy, correct."""

from typing import Any

from django.db.models import Q, QuerySet
from django.forms import Form
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from accounts.enums import Act
from accounts.scoping import may
from accounts.scoping.audit import InspectViewWithTrail
from accounts.scoping.posted_forms import restored_form
from accounts.scoping.reauthentication import ConfirmedActView
from accounts.scoping.viewsets import ActView, CenterViewSet
from accounts.services.formatting import format_date
from certificates.codes import display_code
from certificates.enums import CredentialState, FileKind, Reason, Source
from certificates.errors import NothingFailed
from certificates.forms import (
    CopyForm,
    CorrectionForm,
    ReinstatementForm,
    RevocationForm,
    SuspensionForm,
)
from certificates.models import Credential, Proposal, RenderJob, SettledFee
from certificates.queries.doubts import doubts_of
from certificates.queries.files import card_of, original_of, scan_of
from certificates.queries.finding import matching
from certificates.queries.prerequisites import based_on, replacement_of
from certificates.services.proceedings import propose_revocation
from certificates.services.proposing import propose_correction
from certificates.services.rendering import retry_rendering
from certificates.services.sealed_pdfs import verify_url
from certificates.services.statuses import issue_copy, reinstate, suspend
from certificates.viewsets.changes import complete, followed
from certificates.viewsets.collecting import HandOutView, paper_context
from certificates.viewsets.doubts import (
    ConfirmSuspensionView,
    DecideRevocationView,
    DropRevocationView,
    LiftDoubtView,
    context_of_doubts,
)
from certificates.viewsets.fees import RecordCopyFeeView, WaiveCopyFeeView, copy_fee_context
from certificates.viewsets.printing import RecordOnePrintedView
from certificates.viewsets.renewal_lists import EndingView, PrerequisitesView
from certificates.viewsets.renewals import ProposeOnPrerequisiteView, RenewView, follow_up_forms
from jobs.enums import JobState


class CredentialIndexView(generic.IndexView):
    """Searches numbers, codes as they are printed, and names in any spelling."""

    def search_queryset(self, queryset: QuerySet[Credential]) -> QuerySet[Credential]:
        if not self.is_searching:
            return queryset
        return matching(queryset, self.search_query)

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        """With the doubts of the page, in as many statements as for one certificate."""
        paginator, page, rows, is_paginated = super().paginate_queryset(queryset, page_size)
        shown = list(rows)
        page.object_list = shown
        doubted = doubts_of(shown)
        for credential in shown:
            credential.is_shown_in_doubt = credential.pk in doubted
        return paginator, page, shown, is_paginated


def _state_of(credential: Credential) -> str:
    state = str(credential.get_state_display())
    if not getattr(credential, "is_shown_in_doubt", False):
        return state
    return _("%(state)s, in doubt") % {"state": state}


class CredentialInspectView(InspectViewWithTrail, generic.InspectView):
    """The page of one certificate."""

    template_name = "certificates/admin/credential.html"

    def rows_of_trail(self) -> list[QuerySet[Any]]:
        own = Q(credential=self.object) | Q(pk=self.object.settled_fee_id)
        return [Proposal.objects.filter(pk=self.object.proposal_id), SettledFee.objects.filter(own)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        credential = self.object
        by = self.request.user
        is_revoker = credential.is_live and may(by, Act.REVOKE_CERTIFICATES, on=credential)
        is_in_force = credential.state == CredentialState.IN_FORCE
        is_drawn_here = credential.source == Source.ISSUED
        return {
            **super().get_context_data(**kwargs),
            "credential": credential,
            **context_of_doubts(credential, user=by),
            "code": display_code(credential.code),
            "verify_url": verify_url(credential.code),
            "successor": replacement_of(credential),
            "events": credential.events.select_related("by"),
            "is_revoker": is_revoker,
            "may_mend": may(by, Act.PROPOSE_CERTIFICATES, on=credential),
            "revocation_form": self.restored_form(RevocationForm, "revoke"),
            "basis": Credential.objects.filter(number=credential.claims.get("basis", "")).first(),
            "followers": based_on([credential]).select_related("type").order_by("pk"),
            "suspension_form": self.restored_form(SuspensionForm, "suspend") if is_in_force else None,
            "reinstatement_form": self.restored_form(ReinstatementForm, "reinstate"),
            "copy_form": self.restored_form(CopyForm, "issue_copy")
            if is_in_force and is_drawn_here and may(by, Act.APPROVE_CERTIFICATES, on=credential)
            else None,
            "correction_form": CorrectionForm(type_=credential.type)
            if is_in_force and is_drawn_here and may(by, Act.PROPOSE_CERTIFICATES, on=credential)
            else None,
            **follow_up_forms(credential, user=by),
            **copy_fee_context(credential, user=by),
            **paper_context(credential, user=by),
            "paper": original_of(credential),
            "card": card_of(credential),
            "scan": scan_of(credential),
            "drawing": credential.render_jobs.filter(kind=FileKind.CERTIFICATE, copy=None).first(),
            "has_failed": credential.render_jobs.filter(state=JobState.FAILED).exists(),
            "copies": credential.copies.select_related("settled_fee").prefetch_related("artifacts"),
        }

    def restored_form[F: Form](self, form_class: type[F], act: str) -> F:
        """The form of an operation, with the text typed before reauthentication or refusal."""
        address = reverse(f"credentials:{act}", args=[self.object.pk])
        return restored_form(form_class, self.request, address, auto_id=f"{act}_%s")


class RevokeView(ConfirmedActView):
    model = Credential

    def act_on(self, pk: int) -> str:
        form = complete(RevocationForm(self.request.POST))
        reason = Reason(form.cleaned_data["reason"])
        proceeding = propose_revocation(
            credential_id=pk, by=self.request.user, **form.cleaned_data | {"reason": reason}
        )
        said = _(
            "The revocation is proposed. The holder may answer until %(day)s; then another officer decides."
        )
        return said % {"day": format_date(proceeding.heard_until)}


class RedrawView(ActView):
    model = Credential

    def act_on(self, pk: int) -> str:
        job = RenderJob.objects.filter(credential=pk, state=JobState.FAILED).first()
        if job is None:
            raise NothingFailed
        retry_rendering(job_id=job.pk, by=self.request.user)
        return _("The certificate is being drawn again.")


class SuspendView(ConfirmedActView):
    model = Credential
    is_final = False

    def act_on(self, pk: int) -> str:
        form = complete(SuspensionForm(self.request.POST))
        change = suspend(
            credential_id=pk,
            reason=Reason(form.cleaned_data["reason"]),
            note=form.cleaned_data["note"],
            by=self.request.user,
        )
        said = _(
            "The certificate is suspended, and the public page says so. It is in force again after 30 days unless another officer confirms it."
        )
        return " ".join([said, *followed(change)])


class ReinstateView(ConfirmedActView):
    model = Credential
    is_final = False

    def act_on(self, pk: int) -> str:
        form = complete(ReinstatementForm(self.request.POST))
        change = reinstate(credential_id=pk, note=form.cleaned_data["note"], by=self.request.user)
        return " ".join([_("The certificate is in force again."), *followed(change)])


class CopyView(ConfirmedActView):
    model = Credential

    def act_on(self, pk: int) -> str:
        form = complete(CopyForm(self.request.POST))
        copy = issue_copy(credential_id=pk, reason=Reason(form.cleaned_data["reason"]), by=self.request.user)
        return _("Copy %(number)s is being drawn.") % {"number": copy.number}


class CorrectView(ActView):
    model = Credential

    def act_on(self, pk: int) -> str:
        credential = Credential.objects.select_related("type").get(pk=pk)
        form = complete(CorrectionForm(self.request.POST, type_=credential.type))
        propose_correction(
            credential_id=pk,
            reason=Reason(form.cleaned_data["reason"]),
            template_id=form.cleaned_data["template"].pk,
            by=self.request.user,
        )
        return _("The correction is proposed. A certifying officer decides about it.")


class CredentialViewSet(CenterViewSet):
    model = Credential
    name = "credentials"
    icon = "clipboard-list"
    menu_label = gettext_lazy("Register of certificates")
    list_display = (
        "number",
        "holder",
        "type",
        "issued_on",
        "valid_until",
        Column("state_and_doubt", label=gettext_lazy("State"), accessor=_state_of),
    )
    list_filter = ("center", "type", "state", "source", "issued_on")
    list_select_related = ("holder", "type")
    search_fields = ("number", "code", "holder__folded_name")
    search_backend_name = None
    index_view_class = CredentialIndexView
    inspect_view_class = CredentialInspectView

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("revoke/<int:pk>/", self.construct_view(RevokeView, verb="revoke"), name="revoke"),
            path("suspend/<int:pk>/", self.construct_view(SuspendView, verb="revoke"), name="suspend"),
            path("reinstate/<int:pk>/", self.construct_view(ReinstateView, verb="revoke"), name="reinstate"),
            *(
                path(f"{name}/<int:pk>/", self.construct_view(view, verb=verb), name=name)
                for name, view, verb in (
                    ("decide_revocation", DecideRevocationView, "revoke"),
                    ("drop_revocation", DropRevocationView, "revoke"),
                    ("confirm_suspension", ConfirmSuspensionView, "revoke"),
                    ("lift_doubt", LiftDoubtView, "lift_doubt"),
                )
            ),
            path("copy/<int:pk>/", self.construct_view(CopyView, verb="copy_paper"), name="issue_copy"),
            path(
                "copy_fee/<int:pk>/",
                self.construct_view(RecordCopyFeeView, verb="record_fees"),
                name="copy_fee",
            ),
            path(
                "waive_copy_fee/<int:pk>/",
                self.construct_view(WaiveCopyFeeView, verb="waive_fees"),
                name="waive_copy_fee",
            ),
            path(
                "printed/<int:pk>/",
                self.construct_view(RecordOnePrintedView, verb="hand_out"),
                name="printed",
            ),
            path("hand_out/<int:pk>/", self.construct_view(HandOutView, verb="hand_out"), name="hand_out"),
            path("correct/<int:pk>/", self.construct_view(CorrectView, verb="propose"), name="correct"),
            path("renew/<int:pk>/", self.construct_view(RenewView, verb="propose"), name="renew"),
            path(
                "follow/<int:pk>/",
                self.construct_view(ProposeOnPrerequisiteView, verb="propose"),
                name="follow",
            ),
            path("redraw/<int:pk>/", self.construct_view(RedrawView, verb="propose"), name="redraw"),
            path("ending/", self.construct_view(EndingView, verb="propose"), name="ending"),
            path("bases/", self.construct_view(PrerequisitesView, verb="propose"), name="bases"),
        ]
