"""Forms that say when units of a cohort open."""

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from courses.forms.cohorts import DateTimeInput


class CourseReleaseForm(forms.Form):
    course = forms.UUIDField(widget=forms.HiddenInput)
    day = forms.IntegerField(
        label=_("Day of the cohort"),
        required=False,
        min_value=0,
        help_text=_("0 is the first day, 7 the same weekday a week later. Empty: no date."),
    )


class UnitReleaseForm(forms.Form):
    opens_at = forms.DateTimeField(
        label=_("Opens at"),
        required=False,
        widget=DateTimeInput,
        validators=[MinValueValidator(dt.datetime(2000, 1, 1, tzinfo=dt.UTC))],
        help_text=_("Empty: no date."),
    )
    after = forms.TypedMultipleChoiceField(
        label=_("After these are completed"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Required units of the cohort. None: the unit waits for no other."),
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        after: Any = self.fields["after"]
        after.choices = units
