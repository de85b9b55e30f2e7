"""Forms of cohorts, sessions, rules and scores in the staff workplace. Those of seats are in `courses.forms.seats`."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.widgets import BaseChooser
from wagtail.models import Locale

from accounts.digits import read_key
from accounts.enums import RoleName
from accounts.models import Membership, Person, User
from courses.enums import CohortState, CorrectionReason, SessionKind
from courses.models import ClassSession, Cohort, ProgramPage


class DateInput(forms.DateInput):
    """The date picker of the browser, which needs no script."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class PersonChooser(BaseChooser):
    """Finds one person among thousands (`courses.viewsets.PersonChooserViewSet`)."""

    model = Person
    icon = "user"
    choose_one_text = _("Choose a person")
    choose_another_text = _("Choose another person")
    chooser_modal_url_name = "person_chooser:choose"


def teachers() -> models.QuerySet[User]:
    teaching = Membership.objects.current().own().filter(role=RoleName.INSTRUCTOR)
    return User.objects.filter(is_active=True, pk__in=teaching.values("user")).order_by("display_name", "pk")


def programs_to_choose() -> models.QuerySet[ProgramPage]:
    """Records hang on the program in the source language."""
    return ProgramPage.objects.live().filter(locale=Locale.get_default()).order_by("title")


class OpenCohortForm(WagtailAdminModelForm):
    class Meta:
        model = Cohort
        fields = (
            "program",
            "center",
            "code",
            "starts_on",
            "ends_on",
            "shift",
            "seats",
            "entry",
            "seats_reserved",
            "late_entry_days",
            "instructors",
        )
        widgets = {
            "starts_on": DateInput,
            "ends_on": DateInput,
            "entry": forms.RadioSelect,
            "instructors": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "program": _(
                "Today's published lessons and the newest completion rule are what this cohort gets."
            ),
            "code": _("Printed on lists and certificates, e.g. CAI-03-26-1."),
            "instructors": _("Instructors of the center."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["program"].queryset = programs_to_choose()
        self.fields["instructors"].queryset = teachers()


class ChangeCohortForm(WagtailAdminModelForm):
    """What may change once people are in: dates, shift, seats, instructors.

    Starting and closing are acts of their own (`courses.viewsets.starting`, `closing`).
    """

    class Meta:
        model = Cohort
        fields = (
            "starts_on",
            "ends_on",
            "shift",
            "seats",
            "entry",
            "seats_reserved",
            "late_entry_days",
            "instructors",
        )
        widgets = OpenCohortForm.Meta.widgets

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instructors"].queryset = teachers()


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It is kept in the audit trail."),
    )


class CancelSessionForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "Trainees read it in their timetable, and it is kept in the audit trail."
        )


class UrgentCorrectionForm(forms.Form):
    reason = forms.ChoiceField(label=_("Because of"), choices=CorrectionReason)
    note = forms.CharField(
        label=_("What changed"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Trainees read it on the page of the unit, and it is kept in the audit trail."),
    )


class CloseCohortForm(ReasonForm):
    """Confirms a list that was read: `failing` carries the keys of those it named as not completing."""

    is_confirmed = forms.BooleanField(label=_("I have read the list above and close the cohort."))
    failing = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_failing(self) -> set[int]:
        typed = self.cleaned_data["failing"].split(",")
        return {key for text in typed if (key := read_key(text)) is not None}


class ClassSessionForm(WagtailAdminModelForm):
    """A session in a venue. Live classes have their own form in the `live` app, which also makes their room."""

    class Meta:
        model = ClassSession
        fields = ("cohort", "kind", "title", "starts_at", "ends_at", "venue", "instructor")
        widgets = {"starts_at": DateTimeInput, "ends_at": DateTimeInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cohorts = Cohort.objects.exclude(state=CohortState.CLOSED).select_related("program", "center")
        self.fields["cohort"].queryset = cohorts.order_by("-starts_on", "code")
        self.fields["cohort"].label_from_instance = cohort_with_program
        self.fields["instructor"].queryset = teachers()
        self.fields["venue"].queryset = self.fields["venue"].queryset.select_related("center")
        self.fields["venue"].label_from_instance = venue_with_center
        if self.instance.pk:
            self.fields["cohort"].disabled = True
        self._keep_kinds_apart()

    def validate_constraints(self) -> None:
        """The service says what takes the room or the instructor, and when; a constraint says only that something does."""

    def _keep_kinds_apart(self) -> None:
        """A session never becomes a live class or an exam here, nor one of these a session."""
        kind, venue = self.fields["kind"], self.fields["venue"]
        if self.instance.pk and self.instance.kind == SessionKind.LIVE:
            kind.disabled = venue.disabled = True
            kind.help_text = _(
                "Change the opening times and the capacity of a live class under “Live classes”."
            )
            return
        if self.instance.pk and self.instance.is_exam:
            kind.disabled = True
            kind.help_text = _("An exam stays an exam: it counts for no attendance.")
            return
        others = {SessionKind.LIVE}
        if self.instance.pk:
            others.add(SessionKind.EXAM)
        kind.choices = [choice for choice in kind.choices if choice[0] not in others]
        kind.help_text = _("Live classes are planned under “Live classes”. Exams count for no attendance.")


class CorrectScoreForm(ReasonForm):
    score = forms.DecimalField(
        label=_("Score, percent"), min_value=0, max_value=100, max_digits=5, decimal_places=2
    )
    # Chosen each time: a score above the pass mark does not pass by itself, and nothing is passed by leaving a box as it is.
    passed = forms.TypedChoiceField(
        label=_("Is the test passed?"),
        choices=[("1", _("yes")), ("0", _("no"))],
        coerce=lambda typed: typed == "1",
        widget=forms.RadioSelect,
        help_text=_("What you choose counts, also where the pass mark says otherwise."),
    )
    field_order = ("score", "passed", "reason")


def cohort_with_program(cohort: Cohort) -> str:
    return f"{cohort.code} · {cohort.program.title}"


def venue_with_center(venue: Any) -> str:
    return f"{venue.name} · {venue.center}"
