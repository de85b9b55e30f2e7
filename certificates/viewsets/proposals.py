"""Pages on which a center proposes certificates, and another person decides."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import date as format_date
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping import may
from accounts.scoping.audit import lenders_behind
from accounts.scoping.hands import hands_shown
from accounts.scoping.posted_forms import pop_posted_form
from accounts.scoping.reauthentication import ConfirmedActView
from accounts.scoping.requests import confirmed_at
from accounts.scoping.viewsets import ActView, CenterViewSet
from certificates.enums import (
    CredentialKind,
    ProposalState,
    RowState,
)
from certificates.errors import AlreadyProposed
from certificates.forms import (
    ApprovalForm,
    RejectionForm,
)
from certificates.models import CertificateTemplate, CredentialType, Proposal
from certificates.queries.fees import unpaid_rows, with_fees
from certificates.queries.proposals import revocations_of, templates_for
from certificates.services.claims_in_words import changed_claims, facts_to_compare
from certificates.services.deciding import approve, check_undecided, is_confirmed, reject
from certificates.services.proposing import propose
from certificates.services.withdrawing import withdraw_proposal
from certificates.viewsets.batches import (
    ProgressView,
    RedrawFailedView,
    RequestCardsView,
    RequestPrintRunView,
    RequestZipView,
    ResendNoticesView,
    batch_context,
    page_of,
)
from certificates.viewsets.drafts import DraftView, draft_context
from certificates.viewsets.fees import RecordFeesView, WaiveFeesView, fee_context, used_fees
from certificates.viewsets.printing import RecordPrintedView
from courses.models import Cohort
from courses.queries.remarks import remarks_on


class ProposalForm(WagtailAdminModelForm):
    """The form of a new proposal: kind, cohort, template."""

    class Meta:
        model = Proposal
        fields = ("cohort", "type", "template")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].required = True
        cohorts = self.fields["cohort"].queryset.select_related("program")
        self.fields["cohort"].queryset = cohorts.order_by("-ends_on", "code")
        self.fields["cohort"].label_from_instance = _with_program
        self.fields["type"].queryset = CredentialType.objects.filter(
            is_active=True, rules__isnull=False
        ).distinct()
        self.fields["template"].queryset = templates_for(CredentialKind)
        self.fields["template"].label_from_instance = _with_kinds
        self.fields["template"].required = False
        self.fields["template"].empty_label = _("The usual one of the kind, or the only one")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        type_ = cleaned.get("type")
        if type_ and "template" not in self.errors and not cleaned.get("template"):
            # A usual template that is not published or prints another kind is refused when it is proposed with.
            cleaned["template"] = type_.template or _only_template_of(type_)
            if cleaned["template"] is None:
                self.add_error("template", _("This kind has no usual template. Choose one."))
        if type_:
            # For the page with the errors; a submitted template of another kind is shown by its name.
            self.fields["template"].queryset = templates_for([type_.kind])
        return cleaned


def _only_template_of(type_: CredentialType) -> CertificateTemplate | None:
    """The one template that prints a kind; None where there are several or none."""
    templates = list(templates_for([type_.kind])[:2])
    return templates[0] if len(templates) == 1 else None


def _with_program(cohort: Cohort) -> str:
    """The label of a cohort: its code, program, days and state."""
    starts_on, ends_on = (format_date(day) for day in (cohort.starts_on, cohort.ends_on))
    return f"{cohort.code} · {cohort.program.title} · {starts_on} – {ends_on} · {cohort.get_state_display()}"


def _with_kinds(template: CertificateTemplate) -> str:
    """The label of a template: its name and the kinds it prints."""
    return f"{template} ({_(', ').join(str(CredentialKind(kind).label) for kind in template.kinds)})"


class ProposalCreateView(generic.CreateView):
    """Leads on to the proposal, which names those who are not yet eligible."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except AlreadyProposed as refusal:
            # With a button, which an error of the form has not.
            address = reverse("proposals:inspect", args=[refusal.proposal_id])
            button = messages.button(address, _("Open the proposal that waits"), new_window=True)
            messages.error(self.request, str(refusal), buttons=[button])
            return self.render_to_response(self.get_context_data(form=form))

    def get_success_url(self) -> str:
        return reverse("proposals:inspect", args=[self.object.pk])

    def get_success_message(self, instance: Proposal) -> str:
        rows = instance.rows.aggregate(
            people=Count("pk", filter=Q(state=RowState.ELIGIBLE)),
            blocked=Count("pk", filter=Q(state=RowState.BLOCKED)),
        )
        return _("Proposed: %(people)s. Not yet eligible: %(blocked)s.") % rows


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


WAITS_FOR_FEE = (RowState.ELIGIBLE, RowState.UNPAID)


class ProposalInspectView(generic.InspectView):
    """The people of a proposal with their evidence, and the form of the decision for users who may decide."""

    template_name = "certificates/admin/proposal.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        proposal = self.object
        rows = with_fees(proposal.rows.all(), day=timezone.localdate()).select_related(
            "person", "eligibility__rule", "prerequisite", "corrects", "renews"
        )
        people = rows.exclude(state=RowState.BLOCKED)
        is_open = proposal.state == ProposalState.PROPOSED
        is_decider = is_open and may(self.request.user, Act.APPROVE_CERTIFICATES, on=proposal)
        is_sure = is_confirmed(confirmed_at(self.request))
        is_own = proposal.proposed_by_id in hands_shown(self.request.user)
        decides_now = is_decider and is_sure and not is_own
        # Users who decide see all people in one form; for others a long list has pages.
        typed = ApprovalForm(pop_posted_form(self.request, reverse("proposals:approve", args=[proposal.pk])))
        people_page = None if decides_now else page_of(self.request, people, "people")
        shown = list(people if people_page is None else people_page)
        revocations = revocations_of([row.person_id for row in shown], proposal.type)
        settled = fee_context(shown)
        used = {} if is_open else used_fees(proposal, shown)
        remarks = remarks_on([row.enrollment_id for row in shown if row.enrollment_id])
        for row in shown:
            row.remarks = remarks.get(row.enrollment_id, ())
            row.revocations = revocations.get(row.person_id, ())
            row.settled_fee = used.get(row.person_id) or settled.get(row.settled)
        lenders = lenders_behind(proposal)
        return {
            **context,
            **(batch_context(self.request, proposal) if proposal.state == ProposalState.APPROVED else {}),
            "proposal": proposal,
            "rows": shown,
            "rows_page": people_page,
            "blocked": page_of(self.request, rows.filter(state=RowState.BLOCKED), "blocked"),
            # How many wait for their fee, and whether a column shows it.
            "unpaid": unpaid_rows().filter(proposal=proposal).count(),
            "has_fees": bool(used)
            or any(row.fee or row.settled for row in shown if row.state in WAITS_FOR_FEE),
            "is_open": is_open,
            "may_hand_out": may(self.request.user, Act.HAND_OUT_CERTIFICATES, on=proposal),
            "may_record_fees": may(self.request.user, Act.RECORD_FEES, on=proposal),
            "may_waive_fees": may(self.request.user, Act.WAIVE_FEES, on=proposal),
            "is_confirmed": is_sure,
            "may_decide": is_decider and not is_own,
            "is_own": is_own,
            "is_decider": is_decider,
            "may_withdraw": is_open and may(self.request.user, Act.PROPOSE_CERTIFICATES, on=proposal),
            "proposed_for": lenders.get("certificates.propose"),
            "decided_for": lenders.get("certificates.approve")
            or lenders.get("certificates.reject")
            or lenders.get("certificates.withdraw"),
            "may_mend": may(self.request.user, Act.PROPOSE_CERTIFICATES, on=proposal),
            "rejection_form": RejectionForm(),
            "facts_to_compare": facts_to_compare(proposal) if decides_now else [],
            "corrected": changed_claims(proposal),
            # As it was submitted: submitting it again must not issue to people who were left out.
            "sent": typed.cleaned_data
            if decides_now and typed.is_valid()
            else {"left_out": set(), "note": "", "facts_compared": False},
            **(draft_context(proposal, decides=decides_now) if is_open else {}),
        }


class ApproveView(ConfirmedActView):
    """By GET the proof alone: the button on the page of the proposal, which may be an old one."""

    model = Proposal
    http_method_names = ["get", "post"]
    free_methods = frozenset()

    def check_before_proof(self, **kwargs: Any) -> None:
        check_undecided(Proposal.objects.select_related("decided_by").get(pk=kwargs["pk"]))

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return redirect(self.return_page(request, pk=pk))

    def act_on(self, pk: int) -> str:
        form = ApprovalForm(self.request.POST)
        if not form.is_valid():
            raise ApprovalUnreadable
        issued = approve(
            proposal_id=pk,
            by=self.request.user,
            confirmed_at=confirmed_at(self.request),
            **form.cleaned_data,
        )
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


class WithdrawProposalView(ActView):
    model = Proposal

    def act_on(self, pk: int) -> str:
        form = RejectionForm(self.request.POST)
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        withdraw_proposal(proposal_id=pk, reason=reason, by=self.request.user)
        return _("The proposal is taken back. Its people may be proposed again.")


class ApprovalUnreadable(DomainError):
    message = gettext_lazy(
        "Whom you leave out, or why, could not be read, so nothing was issued. Tick again; a reason has at most 300 letters."
    )


class ProposalViewSet(CenterViewSet):
    model = Proposal
    name = "proposals"
    icon = "tasks"
    menu_label = gettext_lazy("Proposals")
    form_class = ProposalForm
    add_view_class = ProposalCreateView
    index_view_class = ProposalIndexView
    list_display = (
        "subject",
        "type",
        Column("get_state_display", label=gettext_lazy("State")),
        Column("people", label=gettext_lazy("People")),
        Column("blocked", label=gettext_lazy("Not yet eligible")),
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
            path("fees/<int:pk>/", self.construct_view(RecordFeesView, verb="record_fees"), name="fees"),
            path(
                "waive_fees/<int:pk>/",
                self.construct_view(WaiveFeesView, verb="waive_fees"),
                name="waive_fees",
            ),
            path(
                "printed/<int:pk>/", self.construct_view(RecordPrintedView, verb="hand_out"), name="printed"
            ),
            path("reject/<int:pk>/", self.construct_view(RejectView, verb="decide"), name="reject"),
            path(
                "withdraw/<int:pk>/",
                self.construct_view(WithdrawProposalView, verb="withdraw"),
                name="withdraw",
            ),
            path("progress/<int:pk>/", self.construct_view(ProgressView, verb="view"), name="progress"),
            path("redraw/<int:pk>/", self.construct_view(RedrawFailedView, verb="mend"), name="redraw"),
            path(
                "tell_again/<int:pk>/", self.construct_view(ResendNoticesView, verb="mend"), name="tell_again"
            ),
            path("zip/<int:pk>/", self.construct_view(RequestZipView, verb="view"), name="zip"),
            path("cards/<int:pk>/", self.construct_view(RequestCardsView, verb="view"), name="cards"),
            path(
                "print_run/<int:pk>/", self.construct_view(RequestPrintRunView, verb="view"), name="print_run"
            ),
        ]
