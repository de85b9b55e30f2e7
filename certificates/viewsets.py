"""Where staff propose, decide, look up and revoke certificates."""

from typing import Any

from django.db.models import Count, QuerySet
from django.forms import BaseForm
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.snippets.views.snippets import SnippetViewSet

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping import may
from accounts.scoping.viewsets import ActView, CenterViewSet
from certificates.codes import display_code
from certificates.enums import ProposalState, RevocationReason
from certificates.forms import RejectionForm, RevocationForm
from certificates.models import CertificateTemplate, Credential, Proposal
from certificates.services import approve, propose, reject, retry_rendering, revoke
from certificates.services.rendering import verify_url


class ProposalForm(WagtailAdminModelForm):
    class Meta:
        model = Proposal
        fields = ("cohort", "template")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = CertificateTemplate.objects.filter(live=True)


class ProposalIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Proposal]:
        return super().get_base_queryset().annotate(people=Count("rows"))


class ProposalInspectView(generic.InspectView):
    """The people of a proposal with their evidence; the decision, for those who may take it."""

    template_name = "certificates/admin/proposal.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        proposal = self.object
        rows = proposal.rows.select_related("enrollment__person", "eligibility__rule")
        is_open = proposal.state == ProposalState.PROPOSED
        is_decider = is_open and may(self.request.user, Act.APPROVE_CERTIFICATES, on=proposal)
        return {
            **context,
            "proposal": proposal,
            "rows": rows,
            "credentials": proposal.credentials.select_related("render_job", "artifact"),
            "is_own": proposal.proposed_by_id == self.request.user.pk,
            "is_decider": is_decider,
            "rejection_form": RejectionForm(),
        }


class CredentialInspectView(generic.InspectView):
    """What the register holds about one certificate."""

    template_name = "certificates/admin/credential.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        credential = self.object
        is_revoker = credential.is_live and may(self.request.user, Act.REVOKE_CERTIFICATES, on=credential)
        return {
            **super().get_context_data(**kwargs),
            "credential": credential,
            "code": display_code(credential.code),
            "verify_url": verify_url(credential.code),
            "events": credential.events.select_related("by"),
            "is_revoker": is_revoker,
            "revocation_form": RevocationForm(),
        }


class ApproveView(ActView):
    model = Proposal

    def act_on(self, pk: int) -> str:
        issued = approve(proposal_id=pk, by=self.request.user)
        return ngettext(
            "%(count)s certificate was issued.", "%(count)s certificates were issued.", len(issued)
        ) % {"count": len(issued)}


class RejectView(ActView):
    model = Proposal

    def act_on(self, pk: int) -> str:
        form = RejectionForm(self.request.POST)
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        reject(proposal_id=pk, reason=reason, by=self.request.user)
        return _("The proposal was sent back.")


class RevokeView(ActView):
    model = Credential

    def act_on(self, pk: int) -> str:
        form = RevocationForm(self.request.POST)
        if not form.is_valid():
            raise RevocationIncomplete
        reason = RevocationReason(form.cleaned_data["reason"])
        credential = revoke(
            credential_id=pk, reason=reason, note=form.cleaned_data["note"], by=self.request.user
        )
        return _("Certificate %(number)s was revoked. The public page says so from now on.") % {
            "number": credential.number
        }


class RedrawView(ActView):
    model = Credential

    def act_on(self, pk: int) -> str:
        job = Credential.objects.select_related("render_job").get(pk=pk).render_job
        retry_rendering(job_id=job.pk)
        return _("The certificate is being drawn again.")


class RevocationIncomplete(DomainError):
    message = gettext_lazy("Choose a reason from the list.")


class ProposalViewSet(CenterViewSet):
    model = Proposal
    name = "proposals"
    icon = "tasks"
    menu_label = gettext_lazy("Proposals")
    acts = {
        "view": Act.VIEW_CERTIFICATES,
        "add": Act.PROPOSE_CERTIFICATES,
        "decide": Act.APPROVE_CERTIFICATES,
    }
    form_class = ProposalForm
    index_view_class = ProposalIndexView
    list_display = (
        "cohort",
        Column("get_state_display", label=gettext_lazy("State")),
        Column("people", label=gettext_lazy("People")),
        "proposed_by",
        "proposed_at",
    )
    list_filter = ("state",)
    list_select_related = ("cohort", "proposed_by")
    inspect_view_class = ProposalInspectView

    def create_row(self, form: BaseForm, *, by: User) -> Proposal:
        return propose(
            cohort_id=form.cleaned_data["cohort"].pk, template_id=form.cleaned_data["template"].pk, by=by
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("approve/<int:pk>/", self.construct_view(ApproveView, verb="decide"), name="approve"),
            path("reject/<int:pk>/", self.construct_view(RejectView, verb="decide"), name="reject"),
        ]


class CredentialViewSet(CenterViewSet):
    model = Credential
    name = "credentials"
    icon = "clipboard-list"
    menu_label = gettext_lazy("Register of certificates")
    acts = {"view": Act.VIEW_CERTIFICATES, "revoke": Act.REVOKE_CERTIFICATES}
    list_display = ("number", "enrollment", "issued_on", "is_live")
    list_filter = ("center", "is_live", "issued_on")
    list_select_related = ("enrollment__person", "enrollment__cohort")
    search_fields = ("number", "code", "enrollment__person__folded_name")
    search_backend_name = None
    inspect_view_class = CredentialInspectView

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("revoke/<int:pk>/", self.construct_view(RevokeView, verb="revoke"), name="revoke"),
            path("redraw/<int:pk>/", self.construct_view(RedrawView, verb="view"), name="redraw"),
        ]


class CertificatesGroup(ViewSetGroup):
    menu_label = gettext_lazy("Certificates")
    menu_icon = "clipboard-list"
    menu_order = 400
    items = (ProposalViewSet, CredentialViewSet)


class CertificateTemplateViewSet(SnippetViewSet):
    model = CertificateTemplate
    icon = "doc-full"
    list_display = ("name", "heading_ar", "live")
