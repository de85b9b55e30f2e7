"""How django-allauth reaches our logins: phone numbers live on the user row, sign-up is a service."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from accounts.devices import remember_device, remember_language
from accounts.errors import DomainError
from accounts.fields import PhoneField
from accounts.models import User
from accounts.scoping.requests import is_confirmed
from accounts.services.formatting import localize_digits
from accounts.services.logins import sign_up
from accounts.services.mail_identity import name_of_site, sender, with_site_signature
from accounts.services.pending_actions import find_pending_action
from accounts.shared_numbers import SharedNumber, count_try, key_of_tries

# The error does not say which of the two is wrong.
WRONG_LOGIN = _("The number or the password is not correct.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG_LOGIN,
        "phone_password_mismatch": WRONG_LOGIN,
        "email_password_mismatch": WRONG_LOGIN,
    }

    def phone_form_field(self, **kwargs: Any) -> forms.Field:
        return PhoneField(**kwargs)

    def set_phone(self, user: User, phone: str, verified: bool) -> None:  # noqa: FBT001 - allauth's signature
        user.phone = phone
        user.phone_verified = verified
        user.save(update_fields=["phone", "phone_verified"])

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone_verified(self, user: User, phone: str) -> None:
        self.set_phone(user, phone, verified=True)

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone=phone).first()

    def get_login_stages(self) -> list[str]:
        """Leave the phone stage out: it would only refuse staff without a phone number."""
        phone_stage = "allauth.account.stages.PhoneVerificationStage"
        return [stage for stage in super().get_login_stages() if stage != phone_stage]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try before any password is hashed; answer 429 beyond the limit.

        The counter belongs to the identity, whichever of its names was typed (`accounts.shared_numbers`).
        """
        shared: SharedNumber | None = credentials.get("shared")
        if shared is None:
            self._login_failed_rl_usage = count_try(request, self._counter(request, credentials))
        else:
            self._login_failed_rl_usage = shared if shared.count(request) else None
        if not self._login_failed_rl_usage:
            raise ImmediateHttpResponse(ratelimit.respond_429(request))

    def _counter(self, request: HttpRequest, credentials: dict[str, Any]) -> str:
        named = [credentials[name] for name in ("username", "phone", "email") if credentials.get(name)]
        names = Q(username__in=named) | Q(phone__in=named) | Q(email__in=named)
        user = User.objects.filter(names).first()
        if user is None:
            return f"unknown:{named[0] if named else ''}"
        return key_of_tries(request, user)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Say to wait where a login of the number was not tried: it might be the right one."""
        shared: SharedNumber | None = credentials.get("shared")
        if shared and not shared.is_complete:
            raise ImmediateHttpResponse(ratelimit.respond_429(request))

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponse:
        response = super().post_login(request, user, **facts)
        if facts["signup"] and self._perform_pending_action(request, user, facts["redirect_url"]):
            response = redirect(settings.LOGIN_REDIRECT_URL)
        remember_device(request, response, user)
        remember_language(response, user.language)
        return response

    @staticmethod
    def _perform_pending_action(request: HttpRequest, user: User, address: str | None) -> bool:
        """Run the pending action that the sign-up page announced. Its own page shows an error, if any."""
        pending_action = find_pending_action(address) if "pending_action" in request.POST else None
        if pending_action is None:
            return False
        try:
            messages.success(request, pending_action.do(user))
        except DomainError:
            return False
        return True

    def is_reauthentication_required(self, *, app: str, **facts: Any) -> bool:
        """A login of a minute ago is as good a proof as one that was asked for again."""
        required = super().is_reauthentication_required(app=app, **facts)
        return required and not is_confirmed(context.request)

    def save_user(
        self,
        request: HttpRequest,
        user: User,
        form: forms.Form,
        commit: bool = True,  # noqa: FBT001, FBT002 - allauth's signature
    ) -> User:
        """Register the person, the login and the consent in one service; allauth's blank user is not used."""
        typed = form.cleaned_data
        return sign_up(
            full_name_ar=typed["full_name_ar"],
            birth_date=typed["birth_date"],
            phone=typed["phone"],
            email=typed.get("email") or "",
            password=typed["password1"],
            language=get_language() or "ar",
        )

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff begin in the workplace, trainees with what they learn."""
        if request.user.has_perm("wagtailadmin.access_admin"):
            return reverse("wagtailadmin_home")
        language = request.user.language if request.user.is_authenticated else get_language()
        with override(language):
            return super().get_login_redirect_url(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Name the configured site in mails, never the one of the Host header."""
        site = {"name": name_of_site(), "domain": urlsplit(settings.SITE_URL).netloc}
        super().send_mail(template_prefix, email, {"current_site": site, **context})

    def get_from_email(self) -> str:
        return sender()

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMessage:
        message: EmailMessage = super().render_mail(*args, **kwargs)
        message.subject = localize_digits(message.subject)
        message.body = localize_digits(with_site_signature(str(message.body)))
        return message

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Build the link from the configured address: a visitor can forge the Host header."""
        return f"{settings.SITE_URL}{urlsplit(super().get_reset_password_from_key_url(key)).path}"
