"""The form to give a seat back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.enums import WithdrawalReason


class GiveSeatBackForm(forms.Form):
    withdrawn_for = forms.ChoiceField(
        label=_("Why do you leave?"), choices=WithdrawalReason, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Anything else?"),
        max_length=200,
        required=False,
        help_text=_("Your center reads it."),
    )
