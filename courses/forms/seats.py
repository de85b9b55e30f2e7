"""Forms of seats: taking, keeping, waiting for, transferring and giving back."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from accounts.services.formatting import format_date
from courses.enums import WithdrawalReason
from courses.forms.cohorts import DateTimeInput, PersonChooser, ReasonForm
from courses.models import Cohort, Enrollment, SeatHold, WaitingEntry
from courses.queries.cohorts import giving_seats


class CohortChoiceField(forms.ModelChoiceField):
    """Cohorts with what tells them apart, and the seats that staff may give."""

    def label_from_instance(self, cohort: Cohort) -> str:
        left = _("%(seats)s seats left") % {"seats": cohort.seats_free}
        starts, shift = format_date(cohort.starts_on), cohort.get_shift_display()
        return f"{cohort.code} · {cohort.program.title} · {cohort.center} · {starts} · {shift} · {left}"


class PersonInCohortForm(WagtailAdminModelForm):
    """Base of what staff do for a person in a cohort that gives seats today."""

    cohort = CohortChoiceField(label=_("Cohort"), queryset=Cohort.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cohorts = giving_seats().select_related("program", "center")
        self.fields["cohort"].queryset = cohorts.order_by("starts_on", "code")

    def validate_unique(self) -> None:
        """The service answers, in words; someone who withdrew may take up the same enrollment again."""

    def validate_constraints(self) -> None:
        """As `validate_unique`."""


class EnrollForm(PersonInCohortForm):
    """Enrolling on behalf of someone who has no phone at hand."""

    class Meta:
        model = Enrollment
        fields = ("person", "cohort")
        widgets = {"person": PersonChooser}


class HoldSeatForm(PersonInCohortForm):
    class Meta:
        model = SeatHold
        fields = ("person", "cohort", "until", "note")
        widgets = {"person": PersonChooser, "until": DateTimeInput}
        help_texts = {"until": _("After this the seat goes to the next in line.")}


class WaitForm(PersonInCohortForm):
    class Meta:
        model = WaitingEntry
        fields = ("person", "cohort")
        widgets = {"person": PersonChooser}


class ReleaseHoldForm(WagtailAdminModelForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("It is kept in the audit trail."))

    class Meta:
        model = SeatHold
        fields = ()


class LeaveListForm(ReleaseHoldForm):
    class Meta:
        model = WaitingEntry
        fields = ()


class WithdrawForm(WagtailAdminModelForm):
    # None is chosen before somebody chooses: figures count these reasons.
    withdrawn_for = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason")), *WithdrawalReason.choices],
        error_messages={"required": _("Choose why the trainee leaves. The seat was not taken away.")},
    )
    reason = forms.CharField(
        label=_("In words"),
        max_length=200,
        help_text=_("Kept in the record. The seat goes to the next in line; what the trainee did stays."),
    )

    class Meta:
        model = Enrollment
        fields = ()


class TransferForm(ReasonForm):
    cohort = CohortChoiceField(
        label=_("Cohort to go on in"),
        queryset=Cohort.objects.none(),
        help_text=_("Cohorts of the same program that still give seats."),
    )
    field_order = ("cohort", "reason")

    def __init__(self, *args: Any, cohorts: QuerySet[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("CohortChoiceField", self.fields["cohort"])
        field.queryset = cohorts.select_related("program", "center")


class GiveSeatBackForm(forms.Form):
    withdrawn_for = forms.ChoiceField(
        label=_("Why do you leave?"), choices=WithdrawalReason, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Anything else?"),
        max_length=200,
        required=False,
        help_text=_("Your center reads it."),
    )
