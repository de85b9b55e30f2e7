"""Names deputies: a colleague holds the rights of one role in its place, for some days."""

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import Act, MembershipScope, RoleName
from accounts.errors import DomainError, ReasonMissing
from accounts.models import Deputy, Membership, User
from accounts.roles import ROLES, conflicting
from accounts.scoping import may_everywhere
from accounts.scoping.reach import learns_in
from accounts.services.formatting import format_date, format_list
from accounts.services.lendings import end_lending, lasting_deputies, tell_begins
from accounts.services.memberships import (
    OwnRole,
    RoleAlreadyHeld,
    RoleOutOfReach,
    RolesConflict,
    require_compared,
    require_other_hands,
    require_reach,
)

LONGEST_DAYS = 90


class NotToBeLent(DomainError):
    message = _("What a deputy holds for a colleague, and the role of a trainee, are not passed on.")


class RoleIsOver(DomainError):
    message = _("This role is not held on all of these days.")


class DaysInThePast(DomainError):
    message = _("A deputy begins today or later.")


class DaysReversed(DomainError):
    message = _("The last day is before the first one.")


class TooManyDays(DomainError):
    message = _("A deputy is named for 90 days at most. Name one again when they are over.")


class OwnDeputy(DomainError):
    message = _("No one is their own deputy.")


class NotAColleague(DomainError):
    message = _(
        "A deputy works at the same place already. Choose a colleague who has a role there, and is no trainee."
    )


class DeputyLearnsThere(DomainError):
    message = _("This person learns there, and would decide about the own records.")


class DeputyThen(DomainError):
    message = _("%(name)s is the deputy from %(since)s to %(until)s. Choose other days, or end that first.")


class DeputyAway(DomainError):
    message = _(
        "%(name)s is away from %(since)s to %(until)s: %(deputy)s is the deputy then. Choose other days, or another colleague."
    )


class DeputyOver(DomainError):
    message = _("This deputy is over.")


@transaction.atomic
def name_deputy(
    *,
    membership_id: int,
    user_id: int,
    since: dt.date,
    until: dt.date,
    reason: str,
    conflict_reason: str = "",
    by: User,
) -> Deputy:
    """Lend a role to a colleague from one day to another, both included; the days are those of the ministry's calendar.

    The holder of a role of a center names the deputy, or who may give that role. Raises `NotToBeLent`, `RoleOutOfReach`, `OwnRole`,
    `OwnDeputy`, `ReasonMissing`, `DaysInThePast`, `DaysReversed`, `TooManyDays`, `RoleIsOver`, `NotAColleague`, `DeputyLearnsThere`,
    `RoleAlreadyHeld`, `MadeByYou`, `HolderNotCompared`, `DeputyThen`, `DeputyAway`, `RolesConflict`.
    """
    lent = Membership.objects.select_for_update(of=("self",)).select_related("center").get(pk=membership_id)
    logins = (
        User.objects.select_for_update(of=("self",)).filter(pk__in=(lent.user_id, user_id)).order_by("pk")
    )
    locked = {login.pk: login for login in logins}
    lent.user, user = locked[lent.user_id], locked[user_id]
    role = RoleName(lent.role)
    if lent.lent_from_id is not None or role is RoleName.TRAINEE:
        raise NotToBeLent
    _require_say(lent, by)
    if user.pk == lent.user_id:
        raise OwnDeputy
    if user == by:
        raise OwnRole
    if not reason.strip():
        raise ReasonMissing
    _require_days(lent, since, until)
    _require_colleague(lent, user, by)
    # Neither who names the deputy nor the lender has another login to approve with.
    for namer in (by, lent.user):
        require_other_hands(role, user, by=namer)
    if not ROLES[role].is_local:
        require_compared(user)
    _require_free(lent, since, until)
    _require_there(user, since, until)
    against = conflicts_of(lent, user, since, until)
    if against and not conflict_reason.strip():
        raise RolesConflict(held=format_list(other.label for other in against))
    deputy = Deputy.objects.create(
        user=user,
        role=role,
        scope=lent.scope,
        center=lent.center,
        governorate_id=lent.governorate_id,
        since=since,
        until=until,
        lent_from=lent,
        reason=reason.strip(),
        named_by=by,
    )
    log(
        deputy,
        "accounts.deputy.name",
        user=by,
        data={
            "login": user.pk,
            "lender": lent.user_id,
            "role": str(role),
            "since": since.isoformat(),
            "until": until.isoformat(),
            "reason": reason.strip(),
            "conflict": conflict_reason.strip(),
        },
    )
    if since == timezone.localdate():
        tell_begins([deputy])
    return deputy


@transaction.atomic
def end_deputy(*, deputy_id: int, reason: str, by: User) -> Deputy:
    """End a deputy before the last day: by the lender, the deputy, or who may give the role. Raises `DeputyOver`, `RoleOutOfReach`, `ReasonMissing`."""
    rows = Deputy.objects.select_for_update(of=("self",)).select_related("user", "lent_from__user", "center")
    deputy: Deputy = rows.get(pk=deputy_id)
    if not may_end(by, deputy):
        raise RoleOutOfReach
    if not lasting_deputies().filter(pk=deputy.pk).exists():
        raise DeputyOver
    if not reason.strip():
        raise ReasonMissing
    end_lending(deputy, reason=reason.strip(), by=by)
    return deputy


def may_name(by: User, lent: Membership) -> bool:
    """Whether `by` has a say in who is the deputy: of the own role at a center, and of roles that `by` may give."""
    is_own = (
        lent.user_id == by.pk and lent.scope == MembershipScope.CENTER and ROLES[RoleName(lent.role)].is_local
    )
    return is_own or (lent.user_id != by.pk and _may_give(by, lent))


def may_end(by: User, deputy: Deputy) -> bool:
    return by.pk in {deputy.user_id, deputy.lender.pk} or _may_give(by, deputy)


def colleagues_for(lent: Membership, *, by: User) -> QuerySet[User]:
    """Who may become the deputy: staff of the center who do not hold the role, by name."""
    there = _working().filter(_at(lent)) if lent.center_id else _working()
    holding = Membership.objects.current().filter(role=lent.role, scope=lent.scope, center=lent.center_id)
    return (
        User.objects.filter(pk__in=there.values("user"), is_active=True)
        .exclude(pk__in=holding.values("user"))
        .exclude(pk__in=(lent.user_id, by.pk))
        .order_by("display_name", "pk")
    )


def conflicts_of(lent: Membership, user: User, since: dt.date, until: dt.date) -> list[RoleName]:
    """The roles that `user` holds on one of these days in the place and that conflict with the lent one."""
    held = Membership.objects.filter(_on_one_of(since, until), user=user, ended_at=None)
    if lent.center_id is not None:
        held = held.filter(Q(center=lent.center_id) | Q(center=None))
    return conflicting(RoleName(lent.role), held.values_list("role", flat=True))


def _may_give(by: User, lent: Membership) -> bool:
    try:
        require_reach(RoleName(lent.role), lent.scope, lent.center, by=by)
    except RoleOutOfReach:
        return False
    return True


def _require_say(lent: Membership, by: User) -> None:
    if not may_name(by, lent):
        raise RoleOutOfReach


def _require_days(lent: Membership, since: dt.date, until: dt.date) -> None:
    if until < since:
        raise DaysReversed
    if since < timezone.localdate():
        raise DaysInThePast
    if (until - since).days + 1 > LONGEST_DAYS:
        raise TooManyDays
    if since < lent.since or (lent.until is not None and until > lent.until) or not lent.user.is_active:
        raise RoleIsOver


def _require_colleague(lent: Membership, user: User, by: User) -> None:
    working = _working().filter(user=user)
    # The ministry may send somebody from elsewhere.
    if not may_everywhere(by, Act.MANAGE_MEMBERS):
        working = working.filter(_at(lent))
    if not user.is_active or not working.exists():
        raise NotAColleague
    if learns_in(user, lent.center):
        raise DeputyLearnsThere
    own = Membership.objects.current().own().filter(user=user, role=lent.role)
    if own.filter(_at(lent)).exists():
        raise RoleAlreadyHeld


def _require_free(lent: Membership, since: dt.date, until: dt.date) -> None:
    """One deputy of a role at a time, so that everybody knows who it is."""
    other = Deputy.objects.filter(_on_one_of(since, until), lent_from=lent, ended_at=None).first()
    if other is not None:
        raise DeputyThen(name=other.user, since=format_date(other.since), until=format_date(other.until))


def _require_there(user: User, since: dt.date, until: dt.date) -> None:
    """Who named a deputy for an own role is away then, and the work would wait for them all the same."""
    own = Deputy.objects.filter(_on_one_of(since, until), lent_from__user=user, ended_at=None)
    away = own.select_related("user").order_by("since", "pk").first()
    if away is not None:
        raise DeputyAway(
            name=user, since=format_date(away.since), until=format_date(away.until), deputy=away.user
        )


def _on_one_of(since: dt.date, until: dt.date) -> Q:
    return (Q(until=None) | Q(until__gte=since)) & Q(since__lte=until)


def _working() -> QuerySet[Membership]:
    return Membership.objects.current().own().exclude(role=RoleName.TRAINEE)


def _at(lent: Membership) -> Q:
    """Where the lent role is held. An officer or auditor of the ministry is no colleague of the center."""
    return Q(scope=lent.scope, center=lent.center_id, governorate=lent.governorate_id)
