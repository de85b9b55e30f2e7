"""Forms of requests for a call: of who asks, and of the desk that closes one."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import PhoneField
from courses.enums import CallBackOutcome, CallHours
from courses.models.call_backs import LONGEST_LINE

# As `lms/assets/js/call_back.js` writes it: width and height.
SCREEN = re.compile(r"[1-9][0-9]{1,4}×[1-9][0-9]{1,4}")
# Of the Network Information API.
CONNECTIONS = frozenset({"slow-2g", "2g", "3g", "4g"})


class CallBackForm(forms.Form):
    """A number, when, and one line. What the script found out is read where it has the form that it writes, else left out."""

    phone = PhoneField(help_text=_("We call this number."))
    hours = forms.ChoiceField(
        label=_("When should we call?"),
        choices=CallHours,
        initial=CallHours.ANY,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What is wrong?"),
        max_length=LONGEST_LINE,
        help_text=_("One line. No passwords and no codes: we never need them."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    page = forms.CharField(required=False, widget=forms.HiddenInput)
    screen = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-found": "screen"}))
    connection = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-found": "connection"}))

    def clean_screen(self) -> str:
        typed: str = self.cleaned_data["screen"]
        return typed if SCREEN.fullmatch(typed) else ""

    def clean_connection(self) -> str:
        typed: str = self.cleaned_data["connection"]
        return typed if typed in CONNECTIONS else ""


class CloseCallBackForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=CallBackOutcome, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=LONGEST_LINE,
        help_text=_("For colleagues, in one line. It is deleted with the request."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].widget.attrs["required"] = True
