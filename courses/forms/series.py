"""Recurring sessions: every Sunday and Tuesday from one day to another."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.services.formatting import format_date
from courses.enums import CohortState, SessionKind
from courses.errors import SeriesEmpty, SeriesTooLong, SessionOutsideCohort
from courses.forms.cohorts import DateInput, cohort_with_program, teachers, venue_with_center
from courses.models import Cohort, Holiday, Venue
from courses.queries.holidays import holidays_between
from courses.queries.series import MOST_CLASSES, Clash, Slot, all_clashes_of, slots_of_series

# The week begins on Saturday here; by ISO number.
WEEK = (6, 7, 1, 2, 3, 4, 5)


class TimeInput(forms.TimeInput):
    """The time picker of the browser, which needs no script."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


@dataclass(frozen=True)
class PlannedDay:
    """One day of the preview. It is proposed unless a holiday is on it or something clashes."""

    slot: Slot
    day: dt.date
    holiday: Holiday | None
    clashes: list[Clash]
    is_chosen: bool


class SessionSeriesForm(forms.Form):
    """What every day has in common. `day` of what is posted are the days that were chosen in the preview."""

    cohort = forms.ModelChoiceField(
        Cohort.objects.exclude(state=CohortState.CLOSED)
        .select_related("program", "center")
        .order_by("-starts_on", "code"),
        label=_("cohort"),
    )
    kind = forms.ChoiceField(
        label=_("kind"),
        choices=[choice for choice in SessionKind.choices if choice[0] != SessionKind.LIVE],
        initial=SessionKind.WORKSHOP,
        help_text=_("Live classes are planned under “Live classes”. Exams count for no attendance."),
    )
    title = forms.CharField(label=_("title"), max_length=120)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("every"),
        choices=[(day, WEEKDAYS[day - 1]) for day in WEEK],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    starts = forms.TimeField(label=_("from (hour)"), widget=TimeInput)
    ends = forms.TimeField(label=_("to (hour)"), widget=TimeInput)
    first_day = forms.DateField(label=_("first day"), widget=DateInput)
    last_day = forms.DateField(label=_("last day"), widget=DateInput)
    venue = forms.ModelChoiceField(
        Venue.objects.select_related("center"), label=pgettext_lazy("of a class", "room"), required=False
    )
    instructor = forms.ModelChoiceField(
        User.objects.none(), label=pgettext_lazy("of a class", "instructor"), required=False
    )
    # Of the values that the preview was made of: others are previewed again before they are saved.
    previewed = forms.CharField(required=False, widget=forms.HiddenInput)

    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["instructor"].queryset = teachers()
        fields["cohort"].label_from_instance = cohort_with_program
        fields["venue"].label_from_instance = venue_with_center

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return typed
        cohort = typed["cohort"]
        if typed["ends"] <= typed["starts"]:
            self.add_error("ends", _("A session must end after it starts."))
        elif not cohort.starts_on <= typed["first_day"] <= typed["last_day"] <= cohort.ends_on:
            first, last = (format_date(day) for day in (cohort.starts_on, cohort.ends_on))
            self.add_error("last_day", str(SessionOutsideCohort(cohort=cohort.code, first=first, last=last)))
        elif not self.slots:
            self.add_error("weekdays", str(SeriesEmpty()))
        elif len(self.slots) > MOST_CLASSES:
            self.add_error("last_day", str(SeriesTooLong(most=MOST_CLASSES)))
        return typed

    @property
    def slots(self) -> list[Slot]:
        names = ("weekdays", "first_day", "last_day", "starts", "ends")
        return slots_of_series(**{name: self.cleaned_data[name] for name in names})

    @cached_property
    def fingerprint(self) -> str:
        names = sorted(set(self.fields) - {"previewed"})
        values = "|".join(f"{name}={self.cleaned_data[name]}" for name in names)
        return hashlib.sha256(values.encode()).hexdigest()[:16]

    @property
    def is_previewed(self) -> bool:
        return self.cleaned_data["previewed"] == self.fingerprint

    def days(self) -> list[PlannedDay]:
        """The days of a valid form, each with what is against it. Two queries."""
        typed = self.cleaned_data
        holidays = holidays_between(
            typed["first_day"], typed["last_day"], governorate_id=typed["cohort"].center.governorate_id
        )
        slots = self.slots
        clashes = all_clashes_of(
            slots,
            cohort_ids={typed["cohort"].pk},
            instructor_id=typed["instructor"] and typed["instructor"].pk,
            venue_id=typed["venue"] and typed["venue"].pk,
        )
        days = []
        for slot in slots:
            day = slot.starts_at.date()
            against = [clash for clash in clashes if clash.slot == slot]
            holiday = holidays.get(day)
            is_chosen = (
                day.isoformat() in self.data.getlist("day") if self.is_previewed else not (holiday or against)
            )
            days.append(PlannedDay(slot, day, holiday, against, is_chosen))
        return days
