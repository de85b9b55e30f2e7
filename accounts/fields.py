"""Form fields that several apps use."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.digits import latin_digits
from accounts.services.phones import NotAMobileNumber, normalize_phone


class DateField(forms.DateField):
    """A date with digits of any kind."""

    default_error_messages = {"invalid": _("Write day, month and year, e.g. 25/3/1998.")}

    def to_python(self, value: Any) -> Any:
        return super().to_python(latin_digits(value) if isinstance(value, str) else value)


class PhoneField(forms.CharField):
    """A mobile number in any spelling; cleans to E.164."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Mobile number"), "max_length": 40, **kwargs})

    def clean(self, value: Any) -> str | None:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return normalize_phone(typed)
        except NotAMobileNumber as refusal:
            raise ValidationError(str(refusal), code="phone") from refusal
