"""Forms of the code page and of who types its digits."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.digits import is_decimal, latin_digits
from courses.models.attendance_codes import LATE_AFTER_MINUTES
from courses.rotating_codes import DIGITS


class CodeForm(forms.Form):
    digits = forms.CharField(
        label=_("The six digits on the screen"),
        max_length=12,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "dir": "ltr",
                "class": "code__input",
            }
        ),
    )

    def clean_digits(self) -> str:
        typed = latin_digits("".join(self.cleaned_data["digits"].split()))
        if not is_decimal(typed) or len(typed) != DIGITS:
            raise forms.ValidationError(_("A code has six digits."))
        return typed


class OpenCodeForm(forms.Form):
    late_after = forms.IntegerField(
        label=_("Late after so many minutes"),
        min_value=0,
        max_value=600,
        initial=LATE_AFTER_MINUTES,
        help_text=_("Counted from the planned beginning of the session."),
    )
