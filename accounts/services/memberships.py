"""Gives roles and ends them."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import Act, MembershipScope, RoleName
from accounts.errors import DomainError
from accounts.models import Center, Governorate, Membership, User
from accounts.roles import ROLES, conflicting, gives_roles
from accounts.scoping import may, may_everywhere
from accounts.scoping.hands import counts_as_hand, hands_of, line_of
from accounts.scoping.reach import is_known_to
from accounts.services.formatting import format_list
from accounts.services.hands import note_makers, note_role
from accounts.services.lendings import end_lendings_of_role, lasting_deputies
from accounts.signals import role_ended


class RoleAlreadyEnded(DomainError):
    message = _("This role has ended already.")


class OwnRole(DomainError):
    message = _("You cannot give or end your own role. Ask a colleague.")


class RoleOutOfReach(DomainError):
    message = _("You may give roles of a center, in your own center only. Ask the ministry for this one.")


class RolesConflict(DomainError):
    message = _(
        "This person is %(held)s there already. The two roles stand against each other; if it has to be, say why in “Reason”."
    )


class HolderUnknown(DomainError):
    message = _(
        "No person who is registered at your center, or works there, uses this login. Create a login for a new colleague; offer the "
        "role to a person who works or learns at another center (“Offered roles”)."
    )


class MadeByYou(DomainError):
    message = _(
        "You and this login count as one person, since one of you, or one third person, made the other, or gave it a role or a password; and this "
        "role approves certificates. Another officer gives it the role, or compares the identity card first."
    )


class RoleTakesTwo(DomainError):
    message = _(
        "This role gives roles to others, so two people give it. Ask for it under “Roles given by two”."
    )


class HolderNotCompared(DomainError):
    message = _(
        "No colleague has compared the identity card of this person yet, which this role needs first. One who did not make the login does "
        "(“Cards of colleagues”)."
    )


class PlaceMissing(DomainError):
    message = _("Choose the place that belongs to the scope, and no other.")


class RoleAlreadyHeld(DomainError):
    message = _("This login already holds this role there.")


class EndsBeforeItBegins(DomainError):
    message = _("A role cannot end before it begins.")


@transaction.atomic
def give_role(
    *,
    user_id: int,
    role: RoleName,
    scope: MembershipScope = MembershipScope.CENTER,
    center: Center | None = None,
    governorate: Governorate | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    reason: str = "",
    by: User,
) -> Membership:
    """Give a login a role in one place. Roles that conflict need a reason, which the audit trail keeps.

    Raises `RoleTakesTwo`, `HolderNotCompared`, and what `check_role` raises, `EndsBeforeItBegins`, `RoleAlreadyHeld`.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    check_role(user, RoleName(role), scope, center, governorate, by=by)
    if gives_roles(RoleName(role)):
        raise RoleTakesTwo
    if not ROLES[RoleName(role)].is_local:
        require_compared(user)
    return give_checked_role(
        user,
        RoleName(role),
        scope,
        center,
        governorate=governorate,
        since=since,
        until=until,
        reason=reason,
        by=by,
    )


def check_role(
    user: User,
    role: RoleName,
    scope: MembershipScope | str,
    center: Center | None,
    governorate: Governorate | None,
    *,
    by: User,
) -> None:
    """Whether `by` may give this role to a locked login.

    Raises `OwnRole`, `PlaceMissing`, `RoleOutOfReach`, `MadeByYou`, `HolderUnknown`.
    """
    if user == by:
        raise OwnRole
    _require_place(scope, center=center, governorate=governorate)
    require_reach(role, scope, center, by=by)
    require_other_hands(role, user, by=by)
    if not is_known_to(by, user):
        raise HolderUnknown


def takes_two(role: RoleName) -> bool:
    """Whether one person asks for a role and another one gives it (`accounts.services.role_requests`)."""
    return gives_roles(role)


def require_compared(user: User) -> None:
    """Raises `HolderNotCompared`: what reaches beyond a center, and what gives roles, is for people whose card a colleague compared."""
    if not counts_as_hand(user):
        raise HolderNotCompared


@transaction.atomic
def give_role_with_consent(
    *, user_id: int, role: RoleName, center: Center, reason: str, by: User
) -> Membership:
    """Give a role of a center to a person who consents, also one whom the center does not know.

    Raises `OwnRole`, `RoleOutOfReach`, `RoleTakesTwo`, `RolesConflict`, `RoleAlreadyHeld`.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    if user == by:
        raise OwnRole
    require_reach(role, MembershipScope.CENTER, center, by=by)
    if gives_roles(role):
        raise RoleTakesTwo
    return give_checked_role(user, role, MembershipScope.CENTER, center, reason=reason, by=by)


def give_checked_role(
    user: User,
    role: RoleName,
    scope: MembershipScope | str,
    center: Center | None,
    *,
    governorate: Governorate | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    reason: str,
    by: User,
) -> Membership:
    """Write a role that `check_role` lets pass, and who gave it. Raises `RolesConflict`, `EndsBeforeItBegins`, `RoleAlreadyHeld`."""
    _require_reason(role, user, center, reason)
    since = since or timezone.localdate()
    if until and until < since:
        raise EndsBeforeItBegins
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                user=user,
                role=role,
                scope=scope,
                center=center,
                governorate=governorate,
                since=since,
                until=until,
            )
    except IntegrityError as held:
        raise RoleAlreadyHeld from held
    if role != RoleName.TRAINEE:
        note_role(user, by=by)
    log(
        membership,
        "accounts.membership.give",
        user=by,
        data={"login": user.pk, "role": str(role), "reason": reason},
    )
    return membership


@transaction.atomic
def end_role(*, membership_id: int, reason: str, by: User) -> Membership:
    """End a role from today on; the row stays, and says until when.

    A role that begins today never counts again either: it ends yesterday, and begins yesterday. Its deputies end with it; one of those is
    ended by `accounts.services.deputies`.
    Sends `role_ended`. Raises `OwnRole`, `RoleOutOfReach`.
    """
    membership = Membership.objects.own().select_for_update(of=("self",)).get(pk=membership_id)
    if membership.user_id == by.pk:
        raise OwnRole
    require_reach(RoleName(membership.role), membership.scope, membership.center, by=by)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    if membership.until is None or membership.until > yesterday:
        membership.until = yesterday
        membership.since = min(membership.since, yesterday)
        membership.save(update_fields=["since", "until"])
    log(
        membership,
        "accounts.membership.end",
        user=by,
        data={"login": membership.user_id, "role": str(membership.role), "reason": reason},
    )
    role_ended.send(sender=Membership, membership=membership)
    end_lendings_of_role(membership, reason=reason, by=by)
    return membership


def require_other_hands(role: RoleName, user: User, *, by: User) -> None:
    """Raises `MadeByYou` where the two logins are of one line and the role approves certificates: one person could use both."""
    if Act.APPROVE_CERTIFICATES not in ROLES[role].acts:
        return
    note_makers(user)
    if by.pk in line_of(user) or user.pk in hands_of(by):
        raise MadeByYou


def _require_reason(role: RoleName, user: User, center: Center | None, reason: str) -> None:
    """Raises `RolesConflict` where the user has a conflicting role and no reason is given; roles without a center conflict in all centers.

    Also a role that somebody lends them from another day on.
    """
    current = Membership.objects.current().filter(user=user)
    ahead = lasting_deputies().filter(user=user).values("pk")
    held = Membership.objects.filter(Q(pk__in=current.values("pk")) | Q(pk__in=ahead))
    if center is not None:
        held = held.filter(Q(center=center) | Q(center=None))
    against = conflicting(role, held.values_list("role", flat=True))
    if against and not reason.strip():
        raise RolesConflict(held=format_list(other.label for other in against))


def _require_place(
    scope: MembershipScope | str, *, center: Center | None, governorate: Governorate | None
) -> None:
    filled = (governorate is not None, center is not None)
    wanted = (scope == MembershipScope.GOVERNORATE, scope == MembershipScope.CENTER)
    if filled != wanted:
        raise PlaceMissing


def require_reach(role: RoleName, scope: MembershipScope | str, center: Center | None, *, by: User) -> None:
    """Users who manage members of the whole ministry give any role; others give local roles in their centers."""
    if may_everywhere(by, Act.MANAGE_MEMBERS):
        return
    is_local = scope == MembershipScope.CENTER and ROLES[role].is_local
    if not is_local or center is None or not may(by, Act.MANAGE_MEMBERS, on=center):
        raise RoleOutOfReach
