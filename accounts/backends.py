"""Compares a password with all logins of a shared number, and answers Django permission checks of Wagtail from memberships."""

from allauth.account.auth_backends import AuthenticationBackend
from django.apps import apps
from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest
from wagtail.permissions import policy_registry

from accounts.models import User
from accounts.roles import ROLES
from accounts.scoping import roles_held
from accounts.scoping.policies import MinistryPolicy
from accounts.shared_numbers import SharedNumber


class SharedNumberBackend(BaseBackend):
    """Tries a password on each login of a number that several have; django-allauth's backend tries it on one. It grants nothing."""

    def authenticate(  # type: ignore[override]  # Django asks a backend by the names of its arguments
        self, request: HttpRequest | None, *, shared: SharedNumber, password: str
    ) -> User:
        """The first login that the password opens; all of them are in `shared`. Raises `PermissionDenied` where there is none."""
        shared.compare(password)
        if not shared.opened:
            # No other backend is asked: it would spend one more hash.
            raise PermissionDenied
        return shared.opened[0]

    def get_user(self, user_id: int) -> User | None:
        return login_of(user_id)


def login_of(user_id: int) -> User | None:
    """The open login, with the preferences that Wagtail reads on every page of the workplace."""
    user = User.objects.select_related("wagtail_userprofile").filter(pk=user_id).first()
    return user if user and ModelBackend().user_can_authenticate(user) else None


class LoginBackend(AuthenticationBackend):
    """django-allauth's. Django's tables of permissions, of users and of groups, are neither read nor do they give anything (ADR 7)."""

    def get_user(self, user_id: int) -> User | None:
        return login_of(user_id)

    def get_user_permissions(self, user_obj: User, obj: Model | None = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: User, obj: Model | None = None) -> set[str]:
        return set()


class MembershipBackend(BaseBackend):
    """Gives access to the staff workplace to users with a role that works there. It authenticates no one."""

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, obj: Model | None = None) -> bool:
        if obj is not None or not isinstance(user_obj, User):
            return False
        if perm == "wagtailadmin.access_admin":
            return any(ROLES[role].works_in_admin for role in roles_held(user_obj))
        return _may_as_ministry(user_obj, perm)


def _may_as_ministry(user: User, perm: str) -> bool:
    """For buttons of Wagtail's editor, which check Django permissions such as `certificates.publish_certificatetemplate`."""
    app, _, codename = perm.partition(".")
    verb, _, name = codename.partition("_")
    try:
        policy = policy_registry.get_by_type(apps.get_model(app, name), fallback=False)
    except (LookupError, ValueError):
        return False
    return isinstance(policy, MinistryPolicy) and policy.user_has_permission(user, verb)
