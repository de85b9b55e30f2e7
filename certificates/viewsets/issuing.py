"""Where staff propose, decide, look up and revoke certificates."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.forms import BaseForm, Form
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping import may
from accounts.scoping.audit import InspectViewWithTrail
from accounts.scoping.confirming import ConfirmedActView
from accounts.scoping.requests import confirmed_at
from accounts.scoping.viewsets import ActView, CenterViewSet
from accounts.services import fold_arabic, latin_digits
from certificates.codes import code_of_address, display_code, parse_code
from certificates.enums import (
    CredentialKind,
    CredentialState,
    FileKind,
    ProposalState,
    Reason,
    RenderState,
    RowState,
    Source,
)
from certificates.errors import NothingFailed
from certificates.forms import (
    ApprovalForm,
    CopyForm,
    CorrectionForm,
    ReinstatementForm,
    RejectionForm,
    RevocationForm,
    SuspensionForm,
)
from certificates.models import CertificateTemplate, Credential, CredentialType, Proposal, RenderJob
from certificates.queries import card_of, original_of, scan_of, standing_on, successor_of, templates_for
from certificates.services import (
    Change,
    approve,
    is_confirmed,
    issue_copy,
    propose,
    propose_correction,
    reinstate,
    reject,
    retry_rendering,
    revoke,
    suspend,
)
from certificates.services.papers import verify_url
from certificates.viewsets.batches import (
    AskForCardsView,
    AskForPrintRunView,
    AskForZipView,
    ProgressView,
    RedrawFailedView,
    TellAgainView,
    batch_context,
    page_of,
)
from certificates.viewsets.drafts import DraftView, draft_context
from certificates.viewsets.successor_lists import BasesView, EndingView
from certificates.viewsets.successors import FollowView, RenewView, following_forms


class ProposalForm(WagtailAdminModelForm):
    """Which kind for which cohort, on which template."""

    class Meta:
        model = Proposal
        fields = ("cohort", "type", "template")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].required = True
        self.fields["type"].queryset = CredentialType.objects.filter(
            is_active=True, rules__isnull=False
        ).distinct()
        self.fields["template"].queryset = templates_for(CredentialKind)
        self.fields["template"].label_from_instance = _with_kinds
        self.fields["template"].required = False
        self.fields["template"].empty_label = _("The usual one of the kind")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        type_ = cleaned.get("type")
        if type_ and "template" not in self.errors and not cleaned.get("template"):
            # A usual template that is not published or prints another kind is refused when it is proposed with.
            cleaned["template"] = type_.template
            if type_.template is None:
                self.add_error("template", _("This kind has no usual template. Choose one."))
        return cleaned


def _with_kinds(template: CertificateTemplate) -> str:
    """The name of a template and what it prints, as a list of choices shows it."""
    return f"{template} ({_(', ').join(str(CredentialKind(kind).label) for kind in template.kinds)})"


class ProposalIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Proposal]:
        return (
            super()
            .get_base_queryset()
            .annotate(
                people=Count("rows", filter=~Q(rows__state=RowState.BLOCKED)),
                blocked=Count("rows", filter=Q(rows__state=RowState.BLOCKED)),
            )
        )


class ProposalInspectView(generic.InspectView):
    """The people of a proposal with their evidence; the decision, for those who may take it."""

    template_name = "certificates/admin/proposal.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        proposal = self.object
        rows = proposal.rows.select_related("person", "eligibility__rule", "basis", "corrects", "renews")
        people = rows.exclude(state=RowState.BLOCKED)
        is_open = proposal.state == ProposalState.PROPOSED
        is_decider = is_open and may(self.request.user, Act.APPROVE_CERTIFICATES, on=proposal)
        is_sure = is_confirmed(confirmed_at(self.request))
        decides_now = is_decider and is_sure and proposal.proposed_by_id != self.request.user.pk
        # Whoever decides sees everybody in one form; for everybody else a long list has pages.
        people_page = None if decides_now else page_of(self.request, people, "people")
        return {
            **context,
            **(batch_context(self.request, proposal) if proposal.state == ProposalState.APPROVED else {}),
            "proposal": proposal,
            "rows": people if people_page is None else people_page,
            "rows_page": people_page,
            "blocked": page_of(self.request, rows.filter(state=RowState.BLOCKED), "blocked"),
            "is_confirmed": is_sure,
            "may_decide": is_decider and proposal.proposed_by_id != self.request.user.pk,
            "is_own": proposal.proposed_by_id == self.request.user.pk,
            "is_decider": is_decider,
            "may_mend": may(self.request.user, Act.PROPOSE_CERTIFICATES, on=proposal),
            "rejection_form": RejectionForm(),
            "left_out": set(self.request.session.pop(_left_out(proposal.pk), ())) if decides_now else (),
            **(draft_context(proposal, decides=decides_now) if is_open else {}),
        }


class CredentialIndexView(generic.IndexView):
    """Searches numbers, codes as they are printed, and names in any spelling."""

    def search_queryset(self, queryset: QuerySet[Credential]) -> QuerySet[Credential]:
        if not self.is_searching:
            return queryset
        typed = latin_digits(self.search_query)
        code = parse_code(code_of_address(typed)) or typed
        name = Q()
        for word in fold_arabic(typed).split():
            name &= Q(holder__folded_name__contains=word)
        return queryset.filter(Q(number__icontains=typed) | Q(code__icontains=code) | name)


class CredentialInspectView(InspectViewWithTrail, generic.InspectView):
    """What the register holds about one certificate."""

    template_name = "certificates/admin/credential.html"

    def rows_of_trail(self) -> list[QuerySet[Any]]:
        return [Proposal.objects.filter(pk=self.object.proposal_id)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        credential = self.object
        by = self.request.user
        is_revoker = credential.is_live and may(by, Act.REVOKE_CERTIFICATES, on=credential)
        is_in_force = credential.state == CredentialState.IN_FORCE
        is_drawn_here = credential.source == Source.ISSUED
        return {
            **super().get_context_data(**kwargs),
            "credential": credential,
            "code": display_code(credential.code),
            "verify_url": verify_url(credential.code),
            "successor": successor_of(credential),
            "events": credential.events.select_related("by"),
            "is_revoker": is_revoker,
            "may_mend": may(by, Act.PROPOSE_CERTIFICATES, on=credential),
            "revocation_form": RevocationForm(),
            "basis": Credential.objects.filter(number=credential.facts.get("basis", "")).first(),
            "followers": standing_on([credential]).select_related("type").order_by("pk"),
            "suspension_form": SuspensionForm() if is_in_force else None,
            "reinstatement_form": ReinstatementForm(),
            "copy_form": CopyForm()
            if is_in_force and is_drawn_here and may(by, Act.APPROVE_CERTIFICATES, on=credential)
            else None,
            "correction_form": CorrectionForm(type_=credential.type)
            if is_in_force and is_drawn_here and may(by, Act.PROPOSE_CERTIFICATES, on=credential)
            else None,
            **following_forms(credential, user=by),
            "paper": original_of(credential),
            "card": card_of(credential),
            "scan": scan_of(credential),
            "drawing": credential.render_jobs.filter(kind=FileKind.PAPER, copy=None).first(),
            "has_failed": credential.render_jobs.filter(state=RenderState.FAILED).exists(),
            "copies": credential.copies.all(),
        }


class ApproveView(ConfirmedActView):
    model = Proposal

    def act_on(self, pk: int) -> str:
        form = ApprovalForm(self.request.POST)
        if not form.is_valid():
            raise ApprovalUnreadable
        try:
            issued = approve(
                proposal_id=pk,
                by=self.request.user,
                confirmed_at=confirmed_at(self.request),
                **form.cleaned_data,
            )
        except DomainError:
            # The page comes back as it was sent: a second press must not issue to those who were left out.
            self.request.session[_left_out(pk)] = sorted(form.cleaned_data["left_out"])
            raise
        return ngettext(
            "%(count)s certificate was issued.", "%(count)s certificates were issued.", len(issued)
        ) % {"count": len(issued)}


def _left_out(proposal_id: int) -> str:
    """Where a session keeps whom its officer left out of a proposal in an approval that was refused."""
    return f"left-out-of-{proposal_id}"


class RejectView(ActView):
    model = Proposal

    def act_on(self, pk: int) -> str:
        form = RejectionForm(self.request.POST)
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        reject(proposal_id=pk, reason=reason, by=self.request.user)
        return _("The proposal was sent back.")


class RevokeView(ConfirmedActView):
    model = Credential

    def act_on(self, pk: int) -> str:
        form = _complete(RevocationForm(self.request.POST))
        reason = Reason(form.cleaned_data["reason"])
        change = revoke(credential_id=pk, by=self.request.user, **form.cleaned_data | {"reason": reason})
        return " ".join(
            [
                _("Certificate %(number)s was revoked. The public page says so from now on.")
                % {"number": change.credential.number},
                *_followed(change),
            ]
        )


class RedrawView(ActView):
    model = Credential

    def act_on(self, pk: int) -> str:
        job = RenderJob.objects.filter(credential=pk, state=RenderState.FAILED).first()
        if job is None:
            raise NothingFailed
        retry_rendering(job_id=job.pk, by=self.request.user)
        return _("The certificate is being drawn again.")


class SuspendView(ConfirmedActView):
    model = Credential

    def act_on(self, pk: int) -> str:
        form = _complete(SuspensionForm(self.request.POST))
        change = suspend(
            credential_id=pk,
            reason=Reason(form.cleaned_data["reason"]),
            note=form.cleaned_data["note"],
            by=self.request.user,
        )
        said = _("The certificate is suspended. The public page says so from now on.")
        return " ".join([said, *_followed(change)])


class ReinstateView(ConfirmedActView):
    model = Credential

    def act_on(self, pk: int) -> str:
        form = _complete(ReinstatementForm(self.request.POST))
        change = reinstate(credential_id=pk, note=form.cleaned_data["note"], by=self.request.user)
        return " ".join([_("The certificate is in force again."), *_followed(change)])


class CopyView(ConfirmedActView):
    model = Credential

    def act_on(self, pk: int) -> str:
        form = _complete(CopyForm(self.request.POST))
        copy = issue_copy(credential_id=pk, reason=Reason(form.cleaned_data["reason"]), by=self.request.user)
        return _("Copy %(number)s is being drawn.") % {"number": copy.number}


class CorrectView(ActView):
    model = Credential

    def act_on(self, pk: int) -> str:
        credential = Credential.objects.select_related("type").get(pk=pk)
        form = _complete(CorrectionForm(self.request.POST, type_=credential.type))
        propose_correction(
            credential_id=pk,
            reason=Reason(form.cleaned_data["reason"]),
            template_id=form.cleaned_data["template"].pk,
            by=self.request.user,
        )
        return _("The correction is proposed. A certifying officer decides about it.")


def _followed(change: Change) -> Iterator[str]:
    """What became of the certificates that stand on one, in sentences."""
    for followers, sentence in (
        (change.revoked, _("Revoked with it: %(numbers)s.")),
        (change.suspended, _("Suspended until somebody decides: %(numbers)s.")),
        (change.reinstated, _("In force again with it: %(numbers)s.")),
    ):
        if followers:
            yield sentence % {"numbers": _(", ").join(one.number for one in followers)}


def _complete[F: Form](form: F) -> F:
    if not form.is_valid():
        raise FormIncomplete
    return form


class ApprovalUnreadable(DomainError):
    message = gettext_lazy(
        "Whom you leave out, or why, could not be read, so nothing was issued. Tick again; a reason has at most 300 letters."
    )


class FormIncomplete(DomainError):
    message = gettext_lazy("Fill in every field and choose a reason from the list.")


class ProposalViewSet(CenterViewSet):
    model = Proposal
    name = "proposals"
    icon = "tasks"
    menu_label = gettext_lazy("Proposals")
    form_class = ProposalForm
    index_view_class = ProposalIndexView
    list_display = (
        "cohort",
        "type",
        Column("get_state_display", label=gettext_lazy("State")),
        Column("people", label=gettext_lazy("People")),
        Column("blocked", label=gettext_lazy("Blocked")),
        "proposed_by",
        "proposed_at",
    )
    list_filter = ("state", "type", "center")
    list_select_related = ("cohort", "center", "type", "proposed_by")
    inspect_view_class = ProposalInspectView

    def create_row(self, form: BaseForm, *, by: User) -> Proposal:
        return propose(
            cohort_id=form.cleaned_data["cohort"].pk,
            type_id=form.cleaned_data["type"].pk,
            template_id=form.cleaned_data["template"].pk,
            by=by,
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("approve/<int:pk>/", self.construct_view(ApproveView, verb="decide"), name="approve"),
            path("draft/<int:pk>/", self.construct_view(DraftView, verb="view"), name="draft"),
            path("reject/<int:pk>/", self.construct_view(RejectView, verb="decide"), name="reject"),
            path("progress/<int:pk>/", self.construct_view(ProgressView, verb="view"), name="progress"),
            path("redraw/<int:pk>/", self.construct_view(RedrawFailedView, verb="mend"), name="redraw"),
            path("tell_again/<int:pk>/", self.construct_view(TellAgainView, verb="mend"), name="tell_again"),
            path("zip/<int:pk>/", self.construct_view(AskForZipView, verb="view"), name="zip"),
            path("cards/<int:pk>/", self.construct_view(AskForCardsView, verb="view"), name="cards"),
            path(
                "print_run/<int:pk>/", self.construct_view(AskForPrintRunView, verb="view"), name="print_run"
            ),
        ]


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
        Column("get_state_display", label=gettext_lazy("State")),
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
            path("copy/<int:pk>/", self.construct_view(CopyView, verb="copy_paper"), name="issue_copy"),
            path("correct/<int:pk>/", self.construct_view(CorrectView, verb="propose"), name="correct"),
            path("renew/<int:pk>/", self.construct_view(RenewView, verb="propose"), name="renew"),
            path("follow/<int:pk>/", self.construct_view(FollowView, verb="propose"), name="follow"),
            path("redraw/<int:pk>/", self.construct_view(RedrawView, verb="propose"), name="redraw"),
            path("ending/", self.construct_view(EndingView, verb="propose"), name="ending"),
            path("bases/", self.construct_view(BasesView, verb="propose"), name="bases"),
        ]
