"""Form fields that several apps use."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.digits import is_decimal, latin_digits
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


class CodeField(forms.CharField):
    """Six digits of an app or eight of a recovery code, typed as the phone's keyboard gives them."""

    def __init__(self) -> None:
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr", "autofocus": True}
        super().__init__(label=_("Code"), max_length=20, widget=forms.TextInput(attrs=attrs))

    def to_python(self, value: Any) -> str:
        return latin_digits(super().to_python(value) or "")


class MessageCodeField(CodeField):
    """The six digits of a short message. What cannot be one does not count as a try."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace(" ", "").replace("-", "")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if not (is_decimal(value) and len(value) == 6):
            raise ValidationError(_("Type the six digits of the message."), code="code")
