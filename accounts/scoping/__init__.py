"""The center fence: may this user do this act to this row, and which rows.

Lists and single pages use the same rule, so they cannot disagree. A model names the lookup path to its center in
`center_path` (`"center"`, `"cohort__center"`; `"pk"` for the center itself). The path may cross relations to many
rows (`"memberships__center"`): one center within reach is enough. `None` means that the rows belong to the ministry:
they are for users who hold the act in the whole ministry.

`accounts.scoping.viewsets` applies the fence to Wagtail's admin views, `accounts.scoping.choosers` to its choosers.
"""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.enums import Act, MembershipScope, RoleName
from accounts.models import Center, HeldRole, Membership, MembershipQuerySet, User
from accounts.models.memberships import in_force_on


def memberships_with(
    user: User | AnonymousUser, act: Act, *, roles: Collection[RoleName] | None = None
) -> MembershipQuerySet:
    """The user's current memberships whose role may do `act`: role and place stay in one row. With `roles`, of these only."""
    if not user.is_authenticated or not user.is_active:
        return Membership.objects.none()
    among = None if roles is None else frozenset(roles)
    return in_force_on(timezone.localdate(), act, roles=among).filter(user=user)


def memberships_of_all_with(act: Act) -> MembershipQuerySet:
    """The current memberships of all active logins whose role may do `act`."""
    return Membership.objects.current().filter(user__is_active=True).able_to(act)


def _everywhere(held: QuerySet[Membership]) -> Q:
    return Q(Exists(held.filter(scope=MembershipScope.MINISTRY)))


def _passes_many(model: Any) -> bool:
    """Whether the path to the center crosses a relation to many rows."""
    for name in model.center_path.split("__"):
        if name == "pk":
            return False
        field = model._meta.get_field(name)
        if field.one_to_many or field.many_to_many:
            return True
        model = field.related_model
    return False


def centers_where(
    user: User | AnonymousUser,
    act: Act,
    *,
    roles: Collection[RoleName] | None = None,
    is_lent_enough: bool = True,
) -> QuerySet[Center]:
    """The centers in which `user` may do `act`, as one query. With `roles`, as one of these."""
    if user.is_active and user.is_superuser:
        return Center.objects.all()
    held = memberships_with(user, act, roles=roles)
    if not is_lent_enough:
        held = held.own()
    return Center.objects.filter(_named_in(held) | _everywhere(held))


def _named_in(held: MembershipQuerySet) -> Q:
    """The centers of the memberships in a center, and those of the memberships in a governorate."""
    return Q(pk__in=held.filter(scope=MembershipScope.CENTER).values("center")) | Q(
        governorate__in=held.filter(scope=MembershipScope.GOVERNORATE).values("governorate")
    )


def fenced[M: Model](
    rows: QuerySet[M], *, user: User | AnonymousUser, act: Act, roles: Collection[RoleName] | None = None
) -> QuerySet[M]:
    """Keep the rows of `rows` to which `user` may do `act`. With `roles`, as one of these: narrower, never wider.

    Rows without a center (a person who registered alone) are for those who hold the act in the whole ministry.
    """
    if user.is_active and user.is_superuser:
        return rows
    model: Any = rows.model
    held = memberships_with(user, act, roles=roles)
    if model.center_path is None:
        return rows.filter(_everywhere(held))
    return rows.filter(_inside(model, Center.objects.filter(_named_in(held))) | _everywhere(held))


def _inside(model: Any, centers: QuerySet[Center]) -> Q:
    inside = Q(**{f"{model.center_path}__in": centers})
    # A join over many rows would repeat a row once for each of its centers.
    return Q(pk__in=model._default_manager.filter(inside).values("pk")) if _passes_many(model) else inside


def kept_in[M: Model](rows: QuerySet[M], centers: QuerySet[Center]) -> QuerySet[M]:
    """Keep the rows of `rows` that belong to one of `centers`."""
    return rows.filter(_inside(rows.model, centers))


def centers_without(role: RoleName) -> QuerySet[Center]:
    """The centers in which no open login holds `role` today, there or above."""
    held = Membership.objects.current().filter(role=role, user__is_active=True)
    inside = Q(scope=MembershipScope.CENTER, center=OuterRef("pk"))
    above = Q(scope=MembershipScope.GOVERNORATE, governorate=OuterRef("governorate"))
    return Center.objects.filter(~Exists(held.filter(inside | above | Q(scope=MembershipScope.MINISTRY))))


def fenced_choices[M: Model](rows: QuerySet[M], *, user: User | AnonymousUser, act: Act) -> QuerySet[M]:
    """Keep what `user` may choose for `act`; rows that belong to no center (a governorate) are everybody's."""
    return fenced(rows, user=user, act=act) if getattr(rows.model, "center_path", None) else rows


def may(user: User | AnonymousUser, act: Act, *, on: Model) -> bool:
    """Whether `user` may do `act` to the saved row `on`."""
    return fenced(type(on)._default_manager.filter(pk=on.pk), user=user, act=act).exists()


def may_somewhere(user: User | AnonymousUser, act: Act) -> bool:
    """Whether `user` may do `act` in any place: whether to show a menu item."""
    return user.is_active and (user.is_superuser or memberships_with(user, act).exists())


def may_everywhere(user: User | AnonymousUser, act: Act, *, is_lent_enough: bool = True) -> bool:
    """Whether `user` may do `act` in the whole ministry."""
    whole = memberships_with(user, act).filter(scope=MembershipScope.MINISTRY)
    if not is_lent_enough:
        whole = whole.own()
    return user.is_active and (user.is_superuser or whole.exists())


def held_today(user: User | AnonymousUser) -> tuple[HeldRole, ...]:
    """The roles `user` holds today and where, read once for the life of this user object: one request."""
    return user.held_today() if isinstance(user, User) else ()


def roles_held(user: User | AnonymousUser) -> frozenset[RoleName]:
    """The roles `user` holds anywhere today, as of the first question in this request."""
    return frozenset(held.role for held in held_today(user))


def holds_everywhere(user: User | AnonymousUser, act: Act) -> bool:
    """Whether `user` may do `act` in the whole ministry, as of the first question in this request: for what a menu shows."""
    if user.is_active and user.is_superuser:
        return True
    return any(act in held.acts for held in held_today(user) if held.scope == MembershipScope.MINISTRY)


def acts_held(user: User | AnonymousUser) -> frozenset[Act]:
    """Every act `user` may do somewhere, as of the first question in this request."""
    if user.is_active and user.is_superuser:
        return frozenset(Act)
    return frozenset(act for held in held_today(user) for act in held.acts)


def acts_held_in(user: User | AnonymousUser, center: Center) -> frozenset[Act]:
    """Every act `user` may do in a center, as of the first question in this request: for what the pages of its rows offer."""
    if user.is_active and user.is_superuser:
        return frozenset(Act)
    return frozenset(
        act
        for held in held_today(user)
        if held.covers(center=center.pk, governorate=center.governorate_id)
        for act in held.acts
    )
