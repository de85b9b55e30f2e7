"""Lets memberships answer permission questions that Wagtail asks of Django."""

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from accounts.models import User
from accounts.roles import ROLES
from accounts.scoping import roles_held


class MembershipBackend(BaseBackend):
    """Opens the staff workplace to whoever holds a role that works there; logs nobody in."""

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, obj: Model | None = None) -> bool:
        if perm != "wagtailadmin.access_admin" or obj is not None:
            return False
        return any(ROLES[role].works_in_admin for role in roles_held(user_obj))
