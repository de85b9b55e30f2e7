"""How django-allauth's second factors fit this site: secrets encrypted at rest, codes limited by the day, our own names."""

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.fields import CodeField
from accounts.models import User
from accounts.scoping.second_factor import must_have_second_factor, second_factors
from accounts.services.field_encryption import decrypt_field, encrypt_field
from accounts.services.qr_codes import qr_svg


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "Your role needs a second factor. Set up another one before you remove this one."
        ),
        "incorrect_code": _(
            "This code is wrong or too old, or was used already. Wait for the next one and type it."
        ),
    }

    def encrypt(self, text: str) -> str:
        return encrypt_field(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt_field(encrypted_text.encode())

    def get_totp_label(self, user: User) -> str:
        return user.username or user.phone or user.email or ""

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {**super().get_public_key_credential_user_entity(user), "name": self.get_totp_label(user)}

    def build_totp_svg(self, url: str) -> str:
        return qr_svg(url)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user = authenticator.user
        others = second_factors(user).exclude(pk=authenticator.pk)
        return not must_have_second_factor(user) or others.exists()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's signature
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}

    def _get_site_name(self) -> str:
        return settings.WAGTAIL_SITE_NAME


class DailyLimitForm:
    """A mixin for forms of allauth with a code of a second factor: limits wrong codes per day."""

    user: User

    def clean_code(self) -> str:
        usage = ratelimit.consume(
            context.request,
            app="allauth.account",
            action="second_factor",
            key=f"second-factor:{self.user.pk}",
        )
        if not usage:
            raise get_account_adapter().validation_error("too_many_login_attempts")
        code = super().clean_code()  # type: ignore[misc]  # the form of allauth comes after this mixin
        usage.rollback()
        return code


class CodeForm(DailyLimitForm, AuthenticateForm):
    code = CodeField()


class ReauthenticationCodeForm(DailyLimitForm, ReauthenticateForm):
    code = CodeField()


class ActivationCodeForm(ActivateTOTPForm):
    code = CodeField()


class PasskeyForm(AddWebAuthnForm):
    name = forms.CharField(
        label=_("Name of this passkey"),
        required=False,
        max_length=60,
        help_text=_("So that you tell them apart, for example “my phone”."),
    )
