"""The form in which an officer of the ministry asks to correct what papers of a cohort print."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import ProgramPage, SkillLevel
from courses.queries.facts import FACT_LABELS, further_facts

_TEXTS = (
    ("program_ar", 255),
    ("program_en", 255),
    ("program_code", ProgramPage._meta.get_field("code").max_length),
    ("occupation_code", ProgramPage._meta.get_field("occupation_code").max_length),
    ("center_ar", 120),
    ("center_en", 120),
    ("governorate_ar", 60),
    ("governorate_en", 60),
)


class CorrectFactsForm(forms.Form):
    """Begins with the facts in force: what is left as it is does not change."""

    level = forms.ModelChoiceField(label=_("level"), queryset=SkillLevel.objects.all(), required=False)
    hours = forms.IntegerField(label=FACT_LABELS["hours"], min_value=1, max_value=32767)
    kinds_of_today = forms.BooleanField(
        label=_("Names and rules of kinds of certificates as they are today"),
        required=False,
        help_text=_("A kind or a rule that was changed since the cohort opened counts for it only then."),
    )
    reason = forms.CharField(
        label=_("reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The second officer reads it, and it is kept in the audit trail."),
    )

    field_order = (
        *(name for name, _most in _TEXTS[:4]),
        "level",
        "hours",
        *(name for name, _most in _TEXTS[4:]),
    )

    def __init__(self, *args: Any, facts: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": dict(facts)})
        self.facts = facts
        for name, most in _TEXTS:
            is_required = name != "occupation_code"
            self.fields[name] = forms.CharField(
                label=FACT_LABELS[name], max_length=most, required=is_required
            )
        self.order_fields(self.field_order)

    def corrected(self) -> dict[str, Any]:
        """The facts as typed."""
        typed = self.cleaned_data
        level = typed["level"]
        return {
            **{name: typed[name] for name in (*(name for name, _most in _TEXTS), "hours")},
            # A level keeps the names that it had on that day, where it stays the same.
            **(
                {"level": level.code, "level_ar": level.name_ar, "level_en": level.name_en}
                if level and level.code != self.facts["level"]
                else {}
            ),
            **(further_facts() if typed["kinds_of_today"] else {}),
        }
