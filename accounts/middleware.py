"""Middleware for the sessions, temporary passwords, consent and second factors of logged-in users."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import ResolverMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.scoping.second_factor import has_authenticator_app, lacks_second_factor, second_factors
from accounts.services.consents import privacy_notice
from accounts.services.formatting import chosen_digits
from accounts.sessions import ASKED_CONSENT, is_use_noted, note_use


class LastSeenMiddleware:
    """Notes where and when a session is used, once in `accounts.services.sessions.SEEN_EVERY`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # A page that asked for no user writes for none.
        if not request.session.accessed or request.session.is_empty() or not request.user.is_authenticated:
            return response
        if not is_use_noted(request):
            note_use(request, request.user)
        return response


class ReaderDigitsMiddleware:
    """Pages have the digits that their reader chose. A request without a session, or that writes no digits, asks for no login."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        token = chosen_digits.set(lambda: getattr(request.user, "digits", ""))
        try:
            return self.get_response(request)
        finally:
            chosen_digits.reset(token)


class TemporaryPasswordMiddleware:
    """Asks for a password of one's own before any page, while the one that was told at the desk is in use."""

    OPEN_PAGES = frozenset(
        {
            "account_choose_password",
            "account_logout",
            "healthz",
            "identity_css",
            "picture",
            "readyz",
            "too_large",
            "wagtail_serve",
            "wagtailadmin_logout",
        }
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_args: Any) -> HttpResponseRedirect | None:
        match = request.resolver_match
        # Without the cookie no page has to read a session.
        if (
            settings.SESSION_COOKIE_NAME not in request.COOKIES
            or match is None
            or match.url_name in self.OPEN_PAGES
        ):
            return None
        if not isinstance(request.user, User) or not request.user.password_is_temporary:
            return None
        target = request.get_full_path() if request.method == "GET" else ""
        return HttpResponseRedirect(f"{reverse('account_choose_password')}?{urlencode({'next': target})}")


class PrivacyNoticeMiddleware:
    """Shows a changed privacy notice, or one that was withdrawn from, before any page (`accounts.sessions.note_asked_consent`)."""

    OPEN_PAGES = (TemporaryPasswordMiddleware.OPEN_PAGES - {"wagtail_serve"}) | {
        "account_data",
        "account_privacy",
        "account_reauthenticate",
        "data_request",
        "info",
        "kept_data",
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_args: Any) -> HttpResponseRedirect | None:
        match = request.resolver_match
        if (
            settings.SESSION_COOKIE_NAME not in request.COOKIES
            or match is None
            or match.url_name in self.OPEN_PAGES
        ):
            return None
        if not request.user.is_authenticated or not request.session.get(ASKED_CONSENT):
            return None
        if request.path == privacy_notice().path:
            return None
        target = request.get_full_path() if request.method == "GET" else ""
        return HttpResponseRedirect(f"{reverse('account_privacy')}?{urlencode({'next': target})}")


class SecondFactorMiddleware:
    """Redirects staff who need a second factor to its pages before any page of the workplace (`SECOND_FACTOR_REQUIRED`).

    A page that is not named here is closed to them: the pages of a trainee, of visitors and of one's own login stay open.
    """

    # Namespaces of pages that give staff nothing beyond what a trainee or a visitor has.
    OPEN_NAMESPACES = frozenset(
        {"assessment", "certificates", "courses", "media_pipeline", "offline_verifier"}
    )
    OPEN_PAGES = frozenset(
        {
            "healthz",
            "identity_css",
            "picture",
            "readyz",
            "scanned_certificate",
            "scanned_offline_certificate",
            "share_link",
            "too_large",
            "wagtail_serve",
            "wagtailadmin_logout",
            "wagtailcore_authenticate_with_password",
            "wagtailcore_login",
            "wagtaildocs_serve",
        }
    )
    # Of those namespaces, what is for staff only.
    CLOSED_PAGES = frozenset({"certificates:bundle"})
    # Of one's own login, named by django-allauth and by `accounts.login_urls`.
    OPEN_BEGINNINGS = ("account_", "mfa_", "openid_connect_", "socialaccount_")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_args: Any) -> HttpResponseRedirect | None:
        match = request.resolver_match
        if match is None or self.is_open(match) or not lacks_second_factor(request):
            return None
        if isinstance(request.user, User) and second_factors(request.user).exists():
            messages.info(request, _("Your work as staff opens after your second factor."))
            target = request.get_full_path() if request.method == "GET" else reverse("wagtailadmin_home")
            url = (
                "mfa_reauthenticate" if has_authenticator_app(request.user) else "mfa_reauthenticate_webauthn"
            )
            return HttpResponseRedirect(f"{reverse(url)}?{urlencode({'next': target})}")
        messages.warning(
            request,
            _("Your role needs a second factor as well as the password. Set one up to open the staff pages."),
        )
        return redirect("mfa_index")

    def is_open(self, match: ResolverMatch) -> bool:
        if match.namespace:
            return match.namespace in self.OPEN_NAMESPACES and match.view_name not in self.CLOSED_PAGES
        name = match.url_name or ""
        return name in self.OPEN_PAGES or name.startswith(self.OPEN_BEGINNINGS)
