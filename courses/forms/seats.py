"""The form to give a seat back."""

from django import forms
from django.utils.translation import gettext_lazy as _


class GiveSeatBackForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you leave?"),
        max_length=200,
        required=False,
        help_text=_("Your center reads it."),
    )
