"""Forms of the staff workplace."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from accounts.digits import latin_digits
from accounts.models import User
from courses.enums import AttendanceStatus, CohortState
from courses.models import Cohort, CoursePage
from courses.queries.series import MOST_CLASSES, Slot, clashes_of, slots_of_series
from live.enums import Scope
from live.models import JOINS_BEFORE, AttendanceObjection, LiveSession

# The week begins on Saturday here; by ISO number.
WEEK = (6, 7, 1, 2, 3, 4, 5)
MOST_WEEKS = 60


class DatesField(forms.CharField):
    """A list of dates such as 2026-10-06, separated by line breaks or commas."""

    widget = forms.Textarea(attrs={"rows": 3})
    default_error_messages = {
        "unreadable": _("“%(word)s” is no date. Write dates as 2026-10-06, one a line.")
    }

    def to_python(self, value: Any) -> Any:
        dates = []
        for word in re.split(r"[\s,،;؛]+", super().to_python(value) or ""):
            try:
                # Arabic digits are digits to int().
                dates += [dt.date(*(int(part) for part in word.split("-")))] if word else []
            except (TypeError, ValueError) as error:
                raise forms.ValidationError(
                    self.error_messages["unreadable"], code="unreadable", params={"word": word}
                ) from error
        return dates


class TypedMomentField(forms.DateTimeField):
    """A date and time in the digits of either language, in 24 hours or as 4:00 م and 4:00 PM."""

    widget = AdminDateTimeInput
    HALVES = (("ص", "AM"), ("م", "PM"))

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = latin_digits(value).strip()
            for arabic, half in self.HALVES:
                if value.endswith(arabic):
                    value = f"{value.removesuffix(arabic).rstrip()} {half}"
        return super().to_python(value)


class TypedDayField(forms.DateField):
    """A date in the digits of either language."""

    widget = AdminDateInput

    def to_python(self, value: Any) -> Any:
        return super().to_python(latin_digits(value) if isinstance(value, str) else value)


class _ClassForm(WagtailAdminModelForm):
    """Fields that every live class has."""

    title = forms.CharField(label=_("title"), max_length=120)
    starts_at = TypedMomentField(label=_("starts at"))
    ends_at = TypedMomentField(label=_("ends at"))
    instructor = forms.ModelChoiceField(
        User.objects.filter(is_active=True),
        label=pgettext_lazy("of a class", "instructor"),
        required=False,
        help_text=_("Any instructor of the center may run the class. Choose the one who is expected to."),
    )
    joins_before = forms.IntegerField(
        label=_("doors open"),
        initial=JOINS_BEFORE,
        required=False,
        min_value=0,
        max_value=24 * 60,
        help_text=_("How many minutes before the class its trainees may enter."),
    )
    capacity = forms.IntegerField(
        label=_("places"),
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=_("How many trainees fit into the room at once. Empty: as many as are enrolled."),
    )

    class Meta:
        model = LiveSession
        fields = ()

    def clean_joins_before(self) -> int:
        minutes: int | None = self.cleaned_data["joins_before"]
        return JOINS_BEFORE if minutes is None else minutes


class ScheduleForm(_ClassForm):
    """A live class in a cohort's timetable, or one on each of some weekdays."""

    cohort = forms.ModelChoiceField(Cohort.objects.exclude(state=CohortState.CLOSED), label=_("cohort"))
    also_for = forms.ModelMultipleChoiceField(
        Cohort.objects.exclude(state=CohortState.CLOSED),
        label=_("together with"),
        required=False,
        # A list of many choices is not usable on a phone.
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Other cohorts of the center that share the room. Each keeps its own register."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        choices=[(day, WEEKDAYS[day - 1]) for day in WEEK],
        coerce=int,
        label=_("repeat on"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("At the same hours, from the day of the first class on. Empty: a single class."),
    )
    weeks = forms.IntegerField(
        label=_("for how many weeks"), required=False, min_value=1, max_value=MOST_WEEKS
    )
    last_day = TypedDayField(label=_("or until"), required=False)
    holidays = DatesField(
        label=_("not on"),
        required=False,
        help_text=_("Holidays, one date a line, such as 2026-10-06."),
    )

    field_order = ("cohort", "also_for", "title", "starts_at", "ends_at", "weekdays", "weeks", "last_day")

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        starts_at, ends_at = typed.get("starts_at"), typed.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("A session must end after it starts."))
        if typed.get("weekdays") and not typed.get("weeks") and not typed.get("last_day"):
            self.add_error("weeks", _("Say for how many weeks, or until which day."))
        if not self.errors:
            self._warn_of_clashes(typed)
        return typed

    def series(self) -> dict[str, Any] | None:
        """The rule of the series, None for a single class."""
        typed = self.cleaned_data
        if not typed["weekdays"]:
            return None
        starts, ends = timezone.localtime(typed["starts_at"]), timezone.localtime(typed["ends_at"])
        by_weeks = starts.date() + dt.timedelta(days=7 * (typed["weeks"] or MOST_WEEKS) - 1)
        return {
            "weekdays": typed["weekdays"],
            "first_day": starts.date(),
            "last_day": min(by_weeks, typed["last_day"] or by_weeks),
            "starts": starts.time(),
            "ends": ends.time(),
            "holidays": typed["holidays"],
        }

    def _warn_of_clashes(self, typed: dict[str, Any]) -> None:
        """List every clash before anything is written; the service checks again."""
        rule = self.series()
        slots = slots_of_series(**rule) if rule else [Slot(typed["starts_at"], typed["ends_at"])]
        instructor = typed.get("instructor")
        clashes = clashes_of(
            slots[:MOST_CLASSES],
            cohort_ids={typed["cohort"].pk, *(cohort.pk for cohort in typed["also_for"])},
            instructor_id=instructor.pk if instructor else None,
        )
        if clashes:
            self.add_error("weekdays" if rule else "starts_at", [str(clash) for clash in clashes])


class ChangeForm(_ClassForm):
    """Change a future class, assign a substitute, or cancel it; optionally with the later ones of its series."""

    scope = forms.ChoiceField(
        choices=Scope.choices, initial=Scope.ONE, label=_("how far"), widget=forms.RadioSelect
    )
    is_canceled = forms.BooleanField(
        label=_("cancel"), required=False, help_text=_("The trainees are told, with the reason.")
    )
    reason = forms.CharField(label=_("reason of canceling"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meeting = self.instance.class_session
        self.initial |= {
            "title": meeting.title,
            "starts_at": meeting.starts_at,
            "ends_at": meeting.ends_at,
            "instructor": meeting.instructor_id,
            "joins_before": self.instance.joins_before,
            "capacity": self.instance.capacity,
        }
        if self.instance.series_id is None:
            del self.fields["scope"]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("is_canceled") and not typed.get("reason", "").strip():
            self.add_error("reason", _("Give a reason. It is kept in the record."))
        return typed


class PlaceField(forms.Field):
    """A position in a video as players show it, 1:05 or 1:02:30; in milliseconds, None where empty."""

    default_error_messages = {"unreadable": _("Write a time of the video such as 4:05 or 1:04:05.")}

    def __init__(self, **options: Any) -> None:
        attributes = {"dir": "ltr", "inputmode": "numeric", "maxlength": 8, "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attributes), **options)

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        # Arabic digits are digits here, and to int().
        found = re.fullmatch(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{2})", text)
        hours, minutes, seconds = (int(figure or 0) for figure in found.groups()) if found else (0, 0, 60)
        if seconds > 59:
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable")
        return ((hours * 60 + minutes) * 60 + seconds) * 1000


class LessonForm(forms.Form):
    """A lesson made of a recording: its title, its part and its course."""

    title = forms.CharField(label=_("title"), max_length=120)
    course = forms.ModelChoiceField(CoursePage.objects.none(), label=_("course"))
    start = PlaceField(label=_("begins at"), required=False, help_text=_("Empty: at the beginning."))
    end = PlaceField(label=_("ends at"), required=False, help_text=_("Empty: at the end."))

    has_chat = forms.BooleanField(
        label=_("show messages next to the video"),
        required=False,
        help_text=_("Messages of staff, and of trainees who allow it. Names are not shown."),
    )

    def __init__(self, *args: Any, courses: list[CoursePage], **options: Any) -> None:
        super().__init__(*args, **options)
        if not settings.LIVE_REPLAY_CHAT:
            del self.fields["has_chat"]
        chosen = CoursePage.objects.filter(pk__in=[course.pk for course in courses]).order_by("path")
        self.fields["course"].queryset = chosen  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = typed.get("start") or 0, typed.get("end")
        if end is not None and end <= start:
            self.add_error("end", _("The lesson must end after it begins."))
        return typed

    def facts(self) -> dict[str, Any]:
        """The arguments of `live.services.ask_for_lesson`."""
        typed = self.cleaned_data
        return {
            "title": typed["title"],
            "course": typed["course"],
            "start_ms": typed["start"] or 0,
            "end_ms": typed["end"],
            "has_chat": typed.get("has_chat", False),
        }


class AnswerForm(forms.Form):
    """Staff answers an objection of one class."""

    objection = forms.ModelChoiceField(AttendanceObjection.objects.none())
    decision = forms.ChoiceField(choices=(("grant", "grant"), ("refuse", "refuse")))
    answer = forms.CharField(max_length=200, required=False)
    status = forms.ChoiceField(choices=AttendanceStatus.choices, required=False)
    minutes = forms.IntegerField(min_value=0, required=False)

    def __init__(self, session: LiveSession, *args: Any) -> None:
        super().__init__(*args)
        self.fields["objection"].queryset = session.objections.all()  # type: ignore[attr-defined]
