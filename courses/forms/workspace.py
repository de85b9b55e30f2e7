"""Forms of the workspace of a cohort: which people are listed, and acts on many."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from courses.enums import EnrollmentState, Risk, WithdrawalReason
from courses.forms.seats import CohortChoiceField
from courses.models import Cohort
from courses.queries.requirements import CLAUSE_WORDS
from courses.queries.workspace.roster import ANY, LONGEST, NOTHING, SORTS

ORDERS = {
    "name": _("Name"),
    "attendance": _("Attendance, lowest first"),
    "-attendance": _("Attendance, highest first"),
    "progress": _("Progress, lowest first"),
    "-progress": _("Progress, highest first"),
    "score": _("Score, lowest first"),
    "-score": _("Score, highest first"),
    "seen": _("Last seen, longest ago first"),
    "-seen": _("Last seen, newest first"),
    "-name": _("Name, from the end"),
}


class RosterForm(forms.Form):
    """The filter of a roster, as `courses.queries.workspace.roster.RosterFilter` reads it."""

    q = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"placeholder": _("Name, in any spelling")}),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("in the cohort")), *EnrollmentState.choices],
    )
    missing = forms.ChoiceField(
        label=_("Missing"),
        required=False,
        choices=[("", _("whatever is missing")), *CLAUSE_WORDS.items(), (NOTHING, _("nothing: rule met"))],
    )
    risk = forms.ChoiceField(
        label=_("At risk"),
        required=False,
        choices=[("", _("everybody")), (ANY, _("at risk")), *Risk.choices],
    )
    sort = forms.ChoiceField(
        label=_("Order"), required=False, choices=[(name, ORDERS[name]) for name in ORDERS if name in SORTS]
    )


class WithdrawManyForm(forms.Form):
    # None is chosen before somebody chooses: figures count these reasons.
    withdrawn_for = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason")), *WithdrawalReason.choices],
        error_messages={"required": _("Choose why they leave. No one was withdrawn.")},
    )
    reason = forms.CharField(
        label=_("In words"),
        max_length=200,
        help_text=_(
            "Kept in the record of each. The seats go to the next in line; what the trainees did stays."
        ),
    )


class NextCohortForm(forms.Form):
    """Where the chosen people get a seat: asked first, because it decides who can."""

    to = CohortChoiceField(
        label=_("Cohort to enroll in"),
        queryset=Cohort.objects.none(),
        help_text=_("Cohorts of any program that still give seats."),
    )

    def __init__(self, *args: Any, cohorts: QuerySet[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = cohorts.select_related("program", "center")


class TargetCohortForm(NextCohortForm):
    to = CohortChoiceField(
        label=_("Cohort to go on in"),
        queryset=Cohort.objects.none(),
        help_text=_("Cohorts of the same program that still give seats."),
    )
