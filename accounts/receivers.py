"""Receivers of signals of Django and django-allauth: login, new password, second factor."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import (
    authentication_step_completed,
    password_changed,
    password_reset,
    password_set,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.signals import social_account_added, social_account_removed
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.scoping.posted_forms import act_awaiting_reauthentication
from accounts.scoping.second_factor import FACTORS, second_factors
from accounts.services.provider_links import note_end_of_link, note_link
from accounts.services.second_factors import (
    note_factor_added,
    note_factor_removed,
    note_recovery_code_used,
)
from accounts.services.sessions import delete_ended_sessions
from accounts.sessions import keep_only_this_session, note_asked_consent, note_use


@receiver(user_logged_in, dispatch_uid="accounts.note_login")
def note_the_login(request: HttpRequest | None, user: User, **_kwargs: Any) -> None:
    if request is not None:
        note_use(request, user)
        note_asked_consent(request, user)


@receiver(password_changed, dispatch_uid="accounts.end_sessions_of_changed_password")
@receiver(password_set, dispatch_uid="accounts.end_sessions_of_set_password")
def end_other_sessions(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Delete the rows of the other sessions, which are invalid now; Django has renewed the current one."""
    delete_ended_sessions(user)
    note_use(request, user)


@receiver(password_reset, dispatch_uid="accounts.end_sessions_of_reset_password")
def end_sessions(user: User, **_kwargs: Any) -> None:
    delete_ended_sessions(user)


@receiver(authenticator_added, sender=Authenticator, dispatch_uid="accounts.use_added_factor")
def use_added_factor(request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    """A second factor that was just set up counts as used in this session. Sessions that began without one end."""
    if authenticator.type not in FACTORS:
        return
    record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
    note_factor_added(user=user, kind=authenticator.type)
    if second_factors(user).count() == 1:
        keep_only_this_session(request, user)


@receiver(authenticator_removed, sender=Authenticator, dispatch_uid="accounts.note_removed_factor")
def note_the_removed_factor(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    if authenticator.type in FACTORS:
        note_factor_removed(user=user, kind=authenticator.type)


@receiver(authenticator_used, sender=Authenticator, dispatch_uid="accounts.note_used_recovery_code")
def note_the_used_recovery_code(user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        note_recovery_code_used(user=user)


@receiver(social_account_added, sender=SocialLogin, dispatch_uid="accounts.note_link")
def note_the_link(sociallogin: SocialLogin, **_kwargs: Any) -> None:
    note_link(user=sociallogin.user)


@receiver(social_account_removed, sender=SocialAccount, dispatch_uid="accounts.note_end_of_link")
def note_the_end_of_the_link(socialaccount: SocialAccount, **_kwargs: Any) -> None:
    note_end_of_link(user=socialaccount.user)


@receiver(authentication_step_completed, dispatch_uid="accounts.show_confirmation")
def show_confirmation(request: HttpRequest, *, reauthenticated: bool = False, **_kwargs: Any) -> None:
    """The page that follows is the one from which the proof was asked for; what was posted there was not done."""
    if reauthenticated:
        minutes = settings.ACCOUNT_REAUTHENTICATION_TIMEOUT // 60
        sentence = (
            _(
                "You confirmed that it is you. Nothing was done yet: check what you typed and press the button once more. You are not asked again for %(minutes)s minutes."
            )
            if act_awaiting_reauthentication(request)
            else _(
                "You confirmed that it is you. Do what you wanted to do once more; you are not asked again for %(minutes)s minutes."
            )
        )
        get_adapter().add_message(request, messages.SUCCESS, message=sentence % {"minutes": minutes})
