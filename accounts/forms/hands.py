"""The form by which a colleague compares an identity card."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ConfirmCardForm(forms.Form):
    """The number is typed from the card that the holder shows, the phone as the holder says it.

    The name is asked only where the login names no person yet, the phone where the login has one.
    """

    full_name_ar = forms.CharField(
        label=_("Name"), max_length=160, help_text=_("The whole name in Arabic, as on the card.")
    )
    number = forms.CharField(
        label=_("National number or passport number"),
        max_length=40,
        help_text=_("The whole number, from the card itself."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    country = forms.CharField(
        label=_("Country of the passport"),
        required=False,
        max_length=2,
        help_text=_("ISO code, e.g. SD. Empty for a national number."),
    )
    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=40,
        help_text=_("As the colleague says it. Call it: it rings in front of you."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr", "inputmode": "tel"}),
    )

    def __init__(self, *args: Any, is_named: bool, has_phone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_named:
            del self.fields["full_name_ar"], self.fields["country"]
        if not has_phone:
            del self.fields["phone"]
