"""The form about a mistyped national number."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.services.national_number import BadNationalNumber, parse_national_number


class MistypedNumberForm(forms.Form):
    CORRECT, TAKE_OUT = "correct", "take_out"
    step = forms.ChoiceField(
        label=_("What to do"),
        choices=(
            (CORRECT, _("Write the right number")),
            (TAKE_OUT, _("Take the number out: another record of this person has the right one")),
        ),
        widget=forms.RadioSelect,
    )
    number = forms.CharField(
        label=_("The right national number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
        help_text=_("14 digits, from the card itself. Empty where you take the number out."),
    )
    reason = forms.CharField(
        label=_("How do you know that the number is wrong?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "For example: the card is here and has another digit. Without the number: the audit trail keeps it."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Show an invalid number as an error of the field; the service validates it again."""
        typed: dict[str, Any] = self.cleaned_data
        number = typed.get("number", "")
        if typed.get("step") == self.CORRECT:
            if not number:
                raise ValidationError(
                    {"number": ValidationError(_("Write the number of the card."), code="required")}
                )
            try:
                parse_national_number(number, today=timezone.localdate())
            except BadNationalNumber as refusal:
                raise ValidationError(
                    {"number": ValidationError(str(refusal), code="national_number")}
                ) from refusal
        elif number:
            raise ValidationError(
                {
                    "number": ValidationError(
                        _("Leave it empty, or choose “Write the right number”."), code="not_empty"
                    )
                }
            )
        return typed
