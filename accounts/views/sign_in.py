"""The staff login, a password in the place of a temporary one, the identity provider, and whose account a shared number leads to."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from requests import RequestException
from wagtail.admin.views.account import (
    AccountView,
    BaseSettingsPanel,
    NameEmailSettingsPanel,
)
from wagtail.log_actions import log
from wagtail.users.models import UserProfile

from accounts.audit.changes import changes_in_form
from accounts.errors import DomainError
from accounts.forms.sign_in import ChoosePasswordForm
from accounts.scoping.requests import MemberRequest
from accounts.services.gateway import sends_codes
from accounts.services.logins import choose_password as choose_own_password
from accounts.services.number_proofs import own_number
from accounts.sessions import note_use
from accounts.shared_numbers import forget_opened, logins_to_choose


@never_cache
def staff_login(request: HttpRequest) -> HttpResponse:
    """Redirect to the login page. Raises Http404 for a logged-in user without access to the workplace."""
    if request.user.is_authenticated and not request.user.has_perm("wagtailadmin.access_admin"):
        raise Http404
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = resolve_url("wagtailadmin_home")
    return redirect_to_login(target, resolve_url("account_login"))


class StaffAccountView(AccountView):
    """Language, theme and picture of one's own workplace; the name is changed on the page of the login."""

    def get_panels(self) -> list[BaseSettingsPanel]:
        return [panel for panel in super().get_panels() if not isinstance(panel, NameEmailSettingsPanel)]

    def post(self, request: MemberRequest) -> HttpResponse:
        """As Wagtail's, but the audit trail has what was changed. Passwords are changed elsewhere."""
        forms = [form for panel in self.get_panels() if (form := panel.get_form()).is_bound]
        if not all(form.is_valid() for form in forms):
            return self.render_to_response(self.get_context_data())
        changes = {name: change for form in forms for name, change in changes_in_form(form).items()}
        with transaction.atomic():
            for form in forms:
                form.save()
            if changes:
                data = {"changes": changes}
                log(request.user, "accounts.login.change_settings", user=request.user, data=data)
        with override(UserProfile.get_for_user(request.user).get_preferred_language()):
            messages.success(request, _("Your settings are saved."))
        return redirect("wagtailadmin_account")


@login_required
@never_cache
def choose_password(request: MemberRequest) -> HttpResponse:
    """Ask for a password in the place of a temporary one, then go on; anyone else changes theirs with the old one at hand."""
    if not request.user.password_is_temporary:
        return redirect("account_change_password")
    form = ChoosePasswordForm(request.POST if request.method == "POST" else None)
    target = request.POST.get("next") or request.GET.get("next", "")
    if form.is_valid():
        try:
            user = choose_own_password(password=form.cleaned_data["password1"], by=request.user)
        except DomainError as refusal:
            form.add_error("password1", str(refusal))
        else:
            update_session_auth_hash(request, user)
            # The session has another key now.
            note_use(request, user)
            messages.success(request, _("Your password is saved. Only you know it."))
            if sends_codes() and own_number(user).leads_to_recovery:
                messages.info(
                    request,
                    _(
                        "Confirm your mobile number on “My account”: then you can choose a new password yourself if you lose it."
                    ),
                )
            is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
            return redirect(target if is_ours else get_adapter().get_login_redirect_url(request))
    return render(request, "account/choose_password.html", {"form": form, "next": target})


@never_cache
def sign_in_by_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Redirect to the identity provider, by a POST; 404 without one."""
    try:
        return openid_connect.login(request, provider_id)
    except RequestException as away:
        return render_authentication_error(request, provider=None, exception=away)


@never_cache
def come_from_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    return openid_connect.callback(request, provider_id)


@never_cache
def whose_account(request: HttpRequest) -> HttpResponse:
    """Ask which of the logins that one password opened at a shared number, and log in as it. Once for each password."""
    if request.user.is_authenticated:
        return redirect(get_adapter().get_login_redirect_url(request))
    logins = logins_to_choose(request)
    if request.method != "POST" and logins:
        return render(request, "account/whose.html", {"logins": logins})
    kept = forget_opened(request)
    chosen = next((login for login in logins if str(login.pk) == request.POST.get("login")), None)
    if chosen is None:
        messages.error(request, _("You are not logged in yet. Type the number and the password again."))
        return redirect_to_login(kept.get("next") or "", resolve_url("account_login"))
    record_authentication(request, chosen, "password")
    response = perform_login(request, chosen, redirect_url=kept["next"])
    request.session.set_expiry(settings.SESSION_COOKIE_AGE if kept["is_remembered"] else 0)
    return response
