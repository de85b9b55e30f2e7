"""Forms of signing in and up, and of a password of one's own."""

import datetime as dt
from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.digits import latin_digits
from accounts.enums import DataRequestKind
from accounts.errors import DomainError
from accounts.fields import DateField, MessageCodeField, PhoneField
from accounts.models import (
    User,
)
from accounts.services.consents import privacy_notice
from accounts.services.guardians import is_minor
from accounts.services.logins import normalize_login
from accounts.services.names import LONGEST_NAME, NameTooShort, check_arabic_name
from accounts.services.number_logins import logins_of
from accounts.shared_numbers import SharedNumber, keep_opened

# Years.
OLDEST = 110


class LoginForm(allauth_forms.LoginForm):
    """Login by user name, phone or e-mail. What is typed is normalized first, so each login has one counter of
    failed attempts however it is spelled."""

    _shared: SharedNumber | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Mobile number, user name or e-mail")
        self.fields["login"].widget.attrs.update(
            {"autocomplete": "username", "autocapitalize": "none", "dir": "auto"}
        )
        del self.fields["login"].widget.attrs["placeholder"]

    def clean_login(self) -> str:
        return normalize_login(super().clean_login())

    def user_credentials(self) -> dict[str, Any]:
        """A number of several logins, or of one that only its person is reached by, is tried on each of them."""
        credentials: dict[str, Any] = super().user_credentials()
        number = credentials.get("phone")
        if number and self._shared is None:
            logins = logins_of(number)
            if any(login.phone != number for login in logins):
                self._shared = SharedNumber(logins)
        if self._shared is None:
            return credentials
        return {"shared": self._shared, "password": credentials["password"]}

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Log in, or ask whose account it is where the password opened several."""
        if self._shared is None or len(self._shared.opened) == 1:
            return super().login(request, redirect_url=redirect_url)
        is_remembered = self.cleaned_data["remember"]
        keep_opened(request, self._shared.opened, target=redirect_url, is_remembered=is_remembered)
        return redirect("account_whose")


class AgreesToNotice(forms.Form):
    """A consent to the privacy notice that the page links to; one that changed since then is read again."""

    consent = forms.BooleanField(
        label=_("I have read the privacy notice and agree that my data is kept for my training.")
    )
    data: Any
    # The revision that the page linked to.
    notice = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["notice"].initial = self._notice_now()

    @staticmethod
    def _notice_now() -> int | None:
        revision = privacy_notice().revision
        return revision.pk if revision else None

    def clean_notice(self) -> int | None:
        seen = self.cleaned_data["notice"]
        now = self._notice_now()
        if seen is not None and seen != now:
            # The form is shown again with the notice of now.
            shown_again = self.data.copy()
            shown_again["notice"] = str(now or "")
            self.data = shown_again
            self.add_error("consent", _("The privacy notice has changed. Read it again, then agree."))
        return now


class SignupForm(AgreesToNotice, allauth_forms.SignupForm):
    """Sign-up of a trainee by mobile number and name; e-mail is welcome and never required.

    The number is not verified: not every ministry has a gateway for short messages. A number that is known is accepted as any other one
    (`logins.sign_up`): a family shares a phone, and the form tells no one who has an account.
    """

    full_name_ar = forms.CharField(
        label=_("Full name in Arabic"),
        max_length=LONGEST_NAME,
        help_text=_("As on your identity card: at least three names, all four if it has them."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        error_messages={
            "max_length": _("The name is longer than %(limit_value)d letters. Leave titles out.")
        },
    )
    name_is_exact = forms.BooleanField(
        label=_("This is exactly how my name is written in my document."), required=False
    )
    birth_date = DateField(
        label=_("Date of birth"),
        help_text=_("Day, month and year, e.g. 25/3/1998."),
        widget=forms.TextInput(attrs={"autocomplete": "bday", "dir": "ltr", "inputmode": "numeric"}),
    )
    field_order = (
        "full_name_ar",
        "name_is_exact",
        "birth_date",
        "phone",
        "email",
        "password1",
        "password2",
        "consent",
        "notice",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _("At least 8 letters or digits, unlike your name or phone.")
        # Shown after a name was too short.
        if not (self.is_bound and self._is_short(self.data.get("full_name_ar", ""))):
            del self.fields["name_is_exact"]

    @staticmethod
    def _is_short(name: str) -> bool:
        try:
            check_arabic_name(name, is_exact=False)
        except NameTooShort:
            return True
        except DomainError:
            return False
        return False

    def clean_full_name_ar(self) -> str:
        name = self.cleaned_data["full_name_ar"]
        try:
            check_arabic_name(name, is_exact="name_is_exact" in self.data)
        except DomainError as refusal:
            raise ValidationError(str(refusal), code="name") from refusal
        return name

    def clean_birth_date(self) -> dt.date:
        born: dt.date = self.cleaned_data["birth_date"]
        today = timezone.localdate()
        if born > today or born.year < today.year - OLDEST:
            raise ValidationError(_("Write your date of birth as in your document."), code="birth_date")
        if is_minor(born, today):
            raise ValidationError(
                _(
                    "You are under 18. Come to a training center with your guardian: you get your account and your seat there."
                ),
                code="minor",
            )
        return born

    def clean(self) -> dict[str, Any]:
        """Compare the password with the name and the phone, too: allauth knows neither here."""
        super().clean()
        typed = self.cleaned_data
        if password := typed.get("password1"):
            try:
                validate_password(
                    password, User(display_name=typed.get("full_name_ar", ""), phone=typed.get("phone"))
                )
            except ValidationError as weak:
                self.add_error("password1", weak)
        return typed

    def _clean_phone(self) -> None:
        """Leave the question of allauth out, whether the number has a login: the answer would tell it."""

    def validate_unique_email(self, value: str) -> str:
        if User.objects.filter(email__iexact=value).exists():
            raise ValidationError(
                _("This e-mail address already has a login. Log in, or ask for a new password.")
            )
        return value

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        try:
            return super().try_save(request)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            # The same page again, with where the person was going.
            return None, redirect(request.get_full_path())


class ChoosePasswordForm(forms.Form):
    """A password of one's own in the place of the one that was told."""

    password1 = forms.CharField(
        label=_("New password"),
        help_text=_("At least 8 letters or digits, unlike your name or phone."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "dir": "ltr"}),
        strip=False,
    )
    password2 = forms.CharField(
        label=_("New password again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "dir": "ltr"}),
        strip=False,
    )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = self.cleaned_data
        if len(typed) == len(self.fields) and latin_digits(typed["password1"]) != latin_digits(
            typed["password2"]
        ):
            self.add_error("password2", _("The two passwords differ. Type the same one twice."))
        return typed


class NumberForm(forms.Form):
    """The number that a code is asked for."""

    phone = PhoneField()


class MessageCodeForm(forms.Form):
    code = MessageCodeField()


class NewPasswordForm(forms.Form):
    """Typed once: the page shows it on request, and another code is at hand."""

    password1 = forms.CharField(
        label=_("New password"),
        help_text=_("At least 8 letters or digits, unlike your name or phone."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "dir": "ltr"}),
        strip=False,
    )


class FirstPasswordForm(AgreesToNotice, NewPasswordForm):
    """The first password of a login that a list made: the number of the card tells that it is the person of the list."""

    identity_number = forms.CharField(
        label=_("National number or passport number"),
        max_length=40,
        help_text=_("All of it, as on your card."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "dir": "ltr"}),
    )
    field_order = ("identity_number", "password1", "consent", "notice")


class DataRequestForm(forms.Form):
    """What a person asks about their own data."""

    kind = forms.ChoiceField(label=_("What do you ask?"), choices=DataRequestKind, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("In your words"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("For a name: write it exactly as in your document, which the center compares."),
    )
