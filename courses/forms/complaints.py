"""Forms of complaints: of citizens, at the desk, and of staff who answer."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.fields import PhoneField
from accounts.models import Center, User
from courses.enums import ComplaintKind, ComplaintLevel, ComplaintOutcome
from courses.models import Cohort
from courses.models.complaints import LONGEST_TEXT
from courses.queries.complaints import Subjects
from courses.references import LONGEST_TYPED, parse_reference


class CohortOfComplaintField(forms.ModelChoiceField):
    def label_from_instance(self, cohort: Cohort) -> str:
        return f"{cohort.program.title} · {cohort.center} · {cohort.code}"


class StaffField(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        return user.get_full_name()


def _text(label: Any, **facts: Any) -> forms.CharField:
    # A line break is sent as two characters; the service counts what it keeps.
    return forms.CharField(
        label=label,
        max_length=2 * LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "maxlength": LONGEST_TEXT}),
        **facts,
    )


class ComplaintForm(forms.Form):
    """A complaint of who is logged in, or of a visitor: then with a name, and of a center."""

    kind = forms.ChoiceField(label=_("What is it about?"), choices=ComplaintKind, widget=forms.RadioSelect)
    cohort = CohortOfComplaintField(
        label=_("In which of your cohorts?"), queryset=Cohort.objects.none(), required=False
    )
    center = forms.ModelChoiceField(
        label=_("At which center?"), queryset=Center.objects.none(), required=False
    )
    staff = StaffField(
        label=_("About whom?"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("They do not see your complaint."),
    )
    text = _text(
        _("What happened?"), help_text=_("When, where, and what you ask for. At most 2,000 letters.")
    )
    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = PhoneField(
        help_text=_("We tell you by short message when there is an answer. You need it to read the answer.")
    )

    def __init__(self, *args: Any, subjects: Subjects, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subjects = subjects
        for name, rows in (
            ("cohort", subjects.cohorts),
            ("center", subjects.centers),
            ("staff", subjects.staff),
        ):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        if subjects.person is None and subjects.at_desk is None:
            del self.fields["cohort"], self.fields["staff"]
            self.fields["center"].required = True
        elif subjects.only_place(None) is None:
            self._say_that_a_place_is_needed()
        if subjects.person is not None:
            del self.fields["name"]

    def _say_that_a_place_is_needed(self) -> None:
        for name in ("cohort", "center"):
            self.fields[name].is_needed_with_others = True  # type: ignore[attr-defined]
        self.fields["cohort"].help_text = _(
            "Choose a cohort or a center. You need neither if you name somebody who works at one center only."
        )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not typed.get("cohort") and not typed.get("center") and not self.errors:
            typed["center"] = self.subjects.only_place(typed.get("staff"))
            if typed["center"] is None:
                self.add_error(
                    "cohort",
                    ValidationError(_("Say where it happened: choose a cohort or a center."), code="where"),
                )
        return typed


class DeskComplaintForm(ComplaintForm):
    """Entered by staff for somebody: in their words."""

    language = forms.ChoiceField(
        label=_("Language of the answer"), choices=(("ar", "العربية"), ("en", "English"))
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].label = _("Cohort")
        self.fields["center"].label = _("Center")
        self.fields["staff"].help_text = _("They do not see the complaint. Nor do you, after you entered it.")
        if "name" in self.fields:
            self.fields["name"].label = _("Name of the person")
        self.fields["phone"].help_text = _(
            "The person is told by short message, and reads the answer with this number."
        )


class FindComplaintForm(forms.Form):
    """The reference and the number that was given with it."""

    reference = forms.CharField(
        label=_("Reference number"),
        max_length=LONGEST_TYPED,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr", "autocomplete": "off"}),
        help_text=_("Nine digits, such as 123-456-789."),
    )
    phone = PhoneField(help_text=_("The one that you gave with the complaint."))

    def clean_reference(self) -> str:
        reference = parse_reference(self.cleaned_data["reference"])
        if reference is None:
            raise ValidationError(
                _("A digit is wrong or missing. Compare it with what you wrote down."), code="reference"
            )
        return reference


class ComplaintTextForm(forms.Form):
    """A question, a note, or what the citizen answered."""

    text = _text(_("Text"))


class HandOverForm(forms.Form):
    level = forms.TypedChoiceField(label=_("To whom"), coerce=int)
    reason = _text(_("Why"), help_text=_("Colleagues read it, the citizen does not."))

    def __init__(self, *args: Any, above: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [level for level in ComplaintLevel if above < level <= ComplaintLevel.MINISTRY]
        self.fields["level"].choices = [(int(level), level.label) for level in levels]  # type: ignore[attr-defined]


class AnswerComplaintForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=ComplaintOutcome, widget=forms.RadioSelect)
    text = _text(
        _("Answer"),
        help_text=_(
            "The citizen reads it, in the language of the complaint. Name what was done, and no one by name."
        ),
    )
