"""Kept seats, waiting lists and transfers in the staff workplace."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping.act_forms import ActFormView
from accounts.scoping.audit import InspectViewWithTrail
from accounts.scoping.viewsets import ActView, CenterViewSet
from courses.enums import EnrollmentState, HoldState
from courses.errors import EnrollmentNotActive, HoldEnded, NotOnWaitingList, NotWithdrawn
from courses.forms import HoldSeatForm, LeaveListForm, ReleaseHoldForm, TransferForm, WaitForm
from courses.forms.cohorts import ReasonForm
from courses.models import Enrollment, SeatHold, WaitingEntry
from courses.queries.transfers import cohorts_to_transfer_to
from courses.services.enrollments import reinstate, settle_given_back
from courses.services.seats import (
    ON_THE_LIST,
    hold_seat,
    join_waiting_list,
    leave_waiting_list,
    release_hold,
)
from courses.services.transfers import transfer


class InspectView(InspectViewWithTrail, generic.InspectView):
    """The row, and what was done to it, with the reasons."""


class ReleaseHoldView(generic.EditView):
    page_title = gettext_lazy("Release the seat")
    submit_button_label = gettext_lazy("Release the seat")
    submit_button_active_label = gettext_lazy("Releasing…")
    success_message = gettext_lazy("“%(object)s”: the seat is no longer kept.")


class SeatHoldViewSet(CenterViewSet):
    """Seats are kept and released, never edited."""

    model = SeatHold
    icon = "lock"
    menu_label = gettext_lazy("Kept seats")
    edit_view_class = ReleaseHoldView
    inspect_view_class = InspectView
    change_label = gettext_lazy("Release the seat")
    list_display = (
        "person",
        "cohort",
        "reason",
        "until",
        "state",
        "note",
    )
    list_filter = ("cohort", "state", "reason")
    list_select_related = ("person", "cohort")
    search_fields = ("person__folded_name", "cohort__code")
    inspect_view_fields = ("person", "cohort", "reason", "note", "held_at", "until", "state", "ended_at")
    form_class = HoldSeatForm
    edit_form_class = ReleaseHoldForm

    def create_row(self, form: HoldSeatForm, *, by: User) -> SeatHold:
        typed = form.cleaned_data
        return hold_seat(
            person_id=typed["person"].pk,
            cohort_id=typed["cohort"].pk,
            until=typed["until"],
            note=typed["note"],
            by=by,
        )

    def refusal_to_change(self, row: SeatHold) -> DomainError | None:
        return None if row.state == HoldState.HELD else HoldEnded()

    def change_row(self, form: ReleaseHoldForm, *, by: User) -> SeatHold:
        return release_hold(hold_id=form.instance.pk, reason=form.cleaned_data["reason"], by=by)


class LeaveListView(generic.EditView):
    page_title = gettext_lazy("Take off the waiting list")
    submit_button_label = gettext_lazy("Take off the list")
    submit_button_active_label = gettext_lazy("Taking off…")
    success_message = gettext_lazy("“%(object)s” waits no more.")


class WaitingEntryViewSet(CenterViewSet):
    """People join at the end and leave; no one changes the order."""

    model = WaitingEntry
    icon = "list-ol"
    menu_label = gettext_lazy("Waiting lists")
    edit_view_class = LeaveListView
    inspect_view_class = InspectView
    change_label = gettext_lazy("Take off the waiting list")
    list_display = (
        "person",
        "cohort",
        "since",
        "state",
        Column("hold__until", label=gettext_lazy("Offered until"), accessor="hold.until"),
    )
    list_filter = ("cohort", "state")
    list_select_related = ("person", "cohort", "hold")
    search_fields = ("person__folded_name", "cohort__code")
    inspect_view_fields = ("person", "cohort", "since", "state", "ended_at")
    form_class = WaitForm
    edit_form_class = LeaveListForm

    def create_row(self, form: WaitForm, *, by: User) -> WaitingEntry:
        typed = form.cleaned_data
        return join_waiting_list(person_id=typed["person"].pk, cohort_id=typed["cohort"].pk, by=by)

    def refusal_to_change(self, row: WaitingEntry) -> DomainError | None:
        return None if row.state in ON_THE_LIST else NotOnWaitingList()

    def change_row(self, form: LeaveListForm, *, by: User) -> WaitingEntry:
        return leave_waiting_list(entry_id=form.instance.pk, reason=form.cleaned_data["reason"], by=by)


class ReinstateView(ActFormView):
    """Gives the seat of a withdrawn enrollment back to it."""

    model = Enrollment
    select_related = ("person", "cohort__program", "cohort__center")
    header_icon = "user"
    template_name = "courses/admin/reinstate.html"
    page_title = gettext_lazy("Take the withdrawal back")
    form_class = ReasonForm

    def carry_out(self, form: ReasonForm) -> str:
        reason = form.cleaned_data["reason"]
        enrollment = reinstate(enrollment_id=self.row.pk, reason=reason, by=self.request.user)
        names = {"person": enrollment.person, "cohort": enrollment.cohort.code}
        return _("%(person)s goes on in cohort %(cohort)s.") % names

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_withdrawn = self.row.state == EnrollmentState.WITHDRAWN
        return super().get_context_data(
            enrollment=self.row, refusal=None if is_withdrawn else NotWithdrawn(), **kwargs
        )


class SettleGivenBackView(ActView):
    """Nothing is to do about a seat that was given back."""

    def act_on(self, pk: int) -> str:
        settle_given_back(enrollment_id=pk, by=self.request.user)
        return _("Noted. The seat that was given back is no longer on the home page.")


class TransferView(ActFormView):
    """Where a trainee may go on, and why."""

    model = Enrollment
    select_related = ("person", "cohort__program", "cohort__center")
    header_icon = "user"
    template_name = "courses/admin/transfer.html"
    page_title = gettext_lazy("Transfer to another cohort")
    form_class = TransferForm

    @property
    def enrollment(self) -> Enrollment:
        enrollment: Enrollment = self.row
        return enrollment

    def get_form_kwargs(self) -> dict[str, Any]:
        cohorts = cohorts_to_transfer_to(self.enrollment, self.request.user)
        return {**super().get_form_kwargs(), "cohorts": cohorts}

    def carry_out(self, form: TransferForm) -> str:
        typed = form.cleaned_data
        moved = transfer(
            enrollment_id=self.enrollment.pk,
            to_cohort_id=typed["cohort"].pk,
            reason=typed["reason"],
            by=self.request.user,
        )
        names = {"person": moved.enrollment.person, "cohort": moved.to_cohort.code}
        return _("%(person)s goes on in cohort %(cohort)s.") % names

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_active = self.enrollment.state == EnrollmentState.ACTIVE
        return super().get_context_data(
            enrollment=self.enrollment, refusal=None if is_active else EnrollmentNotActive(), **kwargs
        )
