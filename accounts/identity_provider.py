"""Sign-in of staff by the operator's identity provider (OpenID Connect Core 1.0): off without `OIDC_ISSUER`.

It opens existing logins only: it creates none, and an unverified address opens none.
"""

import re
from typing import Any, NoReturn

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from requests import Session

from accounts.models import User

NOT_LINKED = _(
    "No login of staff belongs to this account of the identity provider. Log in with your password, and link the account under "
    "“Security of your login”."
)
NOT_STAFF = _("Only staff log in by the identity provider. Log in with your password.")
UNCLEAR = _(
    "The identity provider's answers do not belong together. Try again, or log in with your password."
)


def provider_id() -> str:
    """The name of the issuer in addresses and rows: another issuer's accounts are other accounts."""
    return re.sub(r"[^a-z0-9]+", "-", settings.OIDC_ISSUER.lower().partition("://")[2]).strip("-")


class StaffSignInAdapter(DefaultSocialAccountAdapter):
    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The one provider of the settings; rows of the database name none."""
        if not settings.OIDC_ISSUER:
            return []
        app = SocialApp(
            provider="openid_connect",
            provider_id=provider_id(),
            name=settings.OIDC_NAME,
            client_id=settings.OIDC_CLIENT_ID,
            secret=settings.OIDC_CLIENT_SECRET,
            settings={"server_url": settings.OIDC_ISSUER, "oauth_pkce_enabled": True},
        )
        is_meant = provider in {None, app.provider, app.provider_id} and client_id in {None, app.client_id}
        return [app] if is_meant else []

    def get_requests_session(self) -> Session:
        """A session that follows no redirect: only the provider of the settings is called."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return reverse("mfa_index")

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in staff whose account is linked, or whose verified address is that of their login; refuse everyone else."""
        if not _is_of_one_person(sociallogin.account.extra_data):
            _refuse(request, UNCLEAR)
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            if not _is_staff(request.user):
                _refuse(request, NOT_STAFF)
            return
        if not sociallogin.is_existing:
            user = _holder_of_verified_address(sociallogin)
            if user is None:
                _refuse(request, NOT_LINKED)
            sociallogin.connect(request, user)
        if not _is_staff(sociallogin.user):
            _refuse(request, NOT_STAFF)


def _is_of_one_person(answers: dict[str, Any]) -> bool:
    """Whether the ID token and the user information are about one subject (OpenID Connect Core 1.0, 5.3.2)."""
    token, information = answers.get("id_token"), answers.get("userinfo")
    return bool(token and information and token.get("sub") and token["sub"] == information.get("sub"))


def _is_staff(user: User | AnonymousUser) -> bool:
    # django-allauth refuses a closed login, with the message of every other way to log in.
    return user.is_authenticated and (not user.is_active or user.has_perm("wagtailadmin.access_admin"))


def _holder_of_verified_address(sociallogin: SocialLogin) -> User | None:
    """The one member of staff whose address both sides verified."""
    told = [address.email.lower() for address in sociallogin.email_addresses if address.verified]
    known = EmailAddress.objects.filter(email__in=told, verified=True).select_related("user")
    holders = {address.user for address in known if address.user.email == address.email}
    user = holders.pop() if len(holders) == 1 else None
    return user if user is not None and _is_staff(user) else None


def _refuse(request: HttpRequest, sentence: Promise) -> NoReturn:
    get_account_adapter().add_message(request, messages.ERROR, message=str(sentence))
    page = "mfa_index" if request.user.is_authenticated else "account_login"
    raise ImmediateHttpResponse(HttpResponseRedirect(reverse(page)))
