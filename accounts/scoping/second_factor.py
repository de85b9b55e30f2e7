"""Who may not act as staff with a password alone, and in which sessions a second factor was used."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from accounts.roles import ROLES
from accounts.scoping import roles_held

# Recovery codes come with one of these; they are none by themselves.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def second_factors(user: User) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user=user, type__in=FACTORS)


def has_authenticator_app(user: User) -> bool:
    return second_factors(user).filter(type=Authenticator.Type.TOTP).exists()


def must_have_second_factor(user: User | AnonymousUser) -> bool:
    """Whether the settings ask for a second factor, and `user` is a superuser or holds a role that needs one today."""
    return (
        settings.SECOND_FACTOR_REQUIRED
        and user.is_authenticated
        and (user.is_superuser or any(ROLES[role].needs_second_factor for role in roles_held(user)))
    )


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether this session must not act as staff: its user needs a second factor, and used none in it or has none any more.

    `request` needs `session` and `user`. Called on every entry point of staff: pages and HTTP API by
    `accounts.middleware.SecondFactorMiddleware`, uploads by `media_pipeline.consumers`. Sockets are opened by tickets, which
    pages give.
    """
    user = request.user
    if not isinstance(user, User) or not must_have_second_factor(user):
        return False
    records = get_authentication_records(request, user)
    used = any(record.get("method") == "mfa" for record in records)
    return not used or not second_factors(user).exists()
