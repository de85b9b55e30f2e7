"""The center fence: may this user do this act to this row, and which rows.

One rule answers both questions, so that a list and a single page cannot disagree. A model takes part by naming
the way to its center in `center_path` (`"center"`, `"cohort__center"`; `"pk"` for the center itself).
"""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, Model, Q, QuerySet

from accounts.enums import Act, MembershipScope
from accounts.models import Center, Membership, User
from accounts.roles import roles_with


def _held(user: User | AnonymousUser, act: Act) -> QuerySet[Membership]:
    """The user's current memberships whose role may do `act`: role and place stay in one row."""
    if not user.is_authenticated or not user.is_active:
        return Membership.objects.none()
    return Membership.objects.current().filter(user=user, role__in=roles_with(act))


def _everywhere(held: QuerySet[Membership]) -> Q:
    return Q(Exists(held.filter(scope=MembershipScope.MINISTRY)))


def centers_where(user: User | AnonymousUser, act: Act) -> QuerySet[Center]:
    """The centers in which `user` may do `act`, as one query."""
    if user.is_active and user.is_superuser:
        return Center.objects.all()
    held = _held(user, act)
    return Center.objects.filter(
        Q(pk__in=held.filter(scope=MembershipScope.CENTER).values("center"))
        | Q(governorate__in=held.filter(scope=MembershipScope.GOVERNORATE).values("governorate"))
        | _everywhere(held)
    )


def fenced[M: Model](rows: QuerySet[M], *, user: User | AnonymousUser, act: Act) -> QuerySet[M]:
    """Keep the rows of `rows` to which `user` may do `act`.

    Rows without a center (a person who registered alone) are for those who hold the act in the whole ministry.
    """
    if user.is_active and user.is_superuser:
        return rows
    model: Any = rows.model
    return rows.filter(
        Q(**{f"{model.center_path}__in": centers_where(user, act)}) | _everywhere(_held(user, act))
    )


def may(user: User | AnonymousUser, act: Act, *, on: Model) -> bool:
    """Say whether `user` may do `act` to the saved row `on`."""
    return fenced(type(on)._default_manager.filter(pk=on.pk), user=user, act=act).exists()


def may_somewhere(user: User | AnonymousUser, act: Act) -> bool:
    """Say whether `user` may do `act` in any place at all: whether to show a menu item."""
    return user.is_active and (user.is_superuser or _held(user, act).exists())
