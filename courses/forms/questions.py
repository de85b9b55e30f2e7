"""Forms of questions under units: of trainees, and of staff who answer and moderate."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.digits import LATIN_DIGITS
from courses.models.questions import LONGEST_POST, LONGEST_REASON

# Minutes and seconds, or hours, too: "3:12", "1:03:12".
CLOCK = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-5][0-9])")


class TimeInVideoField(forms.CharField):
    """A place in a video as players show it; its value is in seconds, None where nothing was typed."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"dir": "ltr", "placeholder": "3:12", "autocomplete": "off"})
        super().__init__(max_length=9, required=False, widget=widget, **options)

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value).translate(LATIN_DIGITS).replace(" ", "")
        if not typed:
            return None
        found = CLOCK.fullmatch(typed)
        if found is None:
            raise ValidationError(_("Write it as the player shows it, such as 3:12."))
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return hours * 3600 + minutes * 60 + seconds


def _text(label: Any, *, longest: int = LONGEST_POST, rows: int = 4, **facts: Any) -> forms.CharField:
    # A line break is sent as two characters; the service counts what it keeps.
    return forms.CharField(
        label=label,
        max_length=2 * longest,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto", "maxlength": longest}),
        **facts,
    )


class QuestionForm(forms.Form):
    """`seconds` is the length of the video, None for a unit without one."""

    text = _text(
        _("Your question"), help_text=_("At most 1,000 letters. Your cohort and your instructors read it.")
    )
    second = TimeInVideoField(label=_("At which place of the video?"), help_text=_("Such as 3:12."))
    is_anonymous = forms.BooleanField(
        label=_("Do not show my name to my colleagues"),
        help_text=_("Your instructors see it."),
        required=False,
    )

    def __init__(self, *args: Any, seconds: float | None, is_change: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.seconds = seconds
        if seconds is None:
            del self.fields["second"]
        if is_change:
            del self.fields["is_anonymous"]

    def clean_second(self) -> int | None:
        second: int | None = self.cleaned_data["second"]
        if second is not None and self.seconds is not None and second > self.seconds:
            raise ValidationError(_("The video is shorter than that."))
        return second


class PostForm(forms.Form):
    """An answer; below the own question something to add to it."""

    text = _text(_("Your answer"))

    def __init__(self, *args: Any, is_own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_own:
            self.fields["text"].label = _("What you add")


class ReportForm(forms.Form):
    reason = _text(
        _("What is out of place?"), longest=LONGEST_REASON, rows=2, help_text=_("Your instructor reads it.")
    )


class StaffAnswerForm(forms.Form):
    text = _text(_("Your answer"), help_text=_("The whole cohort reads it, with your name."))
    is_answer = forms.BooleanField(
        label=_("This is the answer"),
        help_text=_("Without the tick, the question goes on waiting: you asked something back."),
        required=False,
        initial=True,
    )


class HideForm(forms.Form):
    reason = _text(_("Reason"), longest=LONGEST_REASON, rows=2, help_text=_("Its author reads it."))


class MuteForm(forms.Form):
    until = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = _text(_("Reason"), longest=LONGEST_REASON, rows=2, help_text=_("The trainee reads it."))
