"""Roles that give roles: one member of staff asks, another one, who is another person, gives."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import Act, MembershipScope, RecoveryState, RoleName
from accounts.errors import DomainError, ReasonMissing
from accounts.models import Center, Governorate, Membership, RoleRequest, User
from accounts.roles import gives_roles
from accounts.scoping.hands import is_of_one_hand, why_one_hand
from accounts.services.memberships import check_role, give_checked_role, require_compared, require_reach

OPEN_FOR = dt.timedelta(days=14)


class RoleTakesOne(DomainError):
    message = _("This role gives no roles to others: give it under “Roles”.")


class RoleAskedAlready(DomainError):
    message = _("This role was asked for already. A colleague gives it.")


class RoleAskedByYourself(DomainError):
    message = _("You asked for this role yourself. Another person who gives roles here decides.")


class RoleRequestOver(DomainError):
    message = _("This was decided, or asked more than 14 days ago. Ask again.")


@transaction.atomic
def ask_for_role(
    *,
    user_id: int,
    role: RoleName | str,
    scope: MembershipScope | str = MembershipScope.CENTER,
    center: Center | None = None,
    governorate: Governorate | None = None,
    until: dt.date | None = None,
    reason: str,
    by: User,
) -> RoleRequest:
    """Ask that a login gets a role that gives roles. Raises `RoleTakesOne`, `HolderNotCompared`, `ReasonMissing`, `RoleAskedAlready`, and what `check_role` raises."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    check_role(user, RoleName(role), scope, center, governorate, by=by)
    if not gives_roles(RoleName(role)):
        raise RoleTakesOne
    require_compared(user)
    if not reason.strip():
        raise ReasonMissing
    waiting = RoleRequest.objects.filter(user=user, state=RecoveryState.ASKED)
    waiting.filter(asked_at__lte=timezone.now() - OPEN_FOR).update(state=RecoveryState.LAPSED)
    try:
        with transaction.atomic():
            request = RoleRequest.objects.create(
                user=user,
                role=role,
                scope=scope,
                center=center,
                governorate=governorate,
                until=until,
                reason=reason.strip(),
                asked_by=by,
            )
    except IntegrityError as asked:
        raise RoleAskedAlready from asked
    log(request, "accounts.role_request.ask", user=by, data={"role": str(role), "reason": reason.strip()})
    return request


@transaction.atomic
def give_asked_role(*, request_id: int, by: User) -> Membership:
    """Give a role that another person asked for.

    Raises `RoleRequestOver`, `RoleAskedByYourself`, `NotTwoPeople`, `CardNotCompared`, and what `check_role` and `give_checked_role` raise, also
    for who asked, who may have lost the right meanwhile.
    """
    request = _lock_open(request_id, by=by)
    if is_of_one_hand(by, {request.asked_by_id}, Act.MANAGE_MEMBERS):
        raise why_one_hand(by, {request.asked_by_id}, Act.MANAGE_MEMBERS, RoleAskedByYourself)
    user = User.objects.select_for_update(of=("self",)).get(pk=request.user_id)
    for giver in (request.asked_by, by):
        check_role(
            user,
            RoleName(request.role),
            request.scope,
            request.center,
            request.governorate,
            by=giver,
        )
    require_compared(user)
    membership = give_checked_role(
        user,
        RoleName(request.role),
        request.scope,
        request.center,
        governorate=request.governorate,
        until=request.until,
        reason=request.reason,
        by=by,
    )
    _decide(request, RecoveryState.GIVEN, by=by)
    log(request, "accounts.role_request.give", user=by, data={"asked_by": request.asked_by_id})
    return membership


@transaction.atomic
def refuse_role(*, request_id: int, by: User) -> RoleRequest:
    """Refuse, or take back what one asked for oneself. Raises `RoleOutOfReach`, `RoleRequestOver`."""
    request = _lock_open(request_id, by=by)
    if by == request.asked_by:
        request.state = RecoveryState.LAPSED
        request.save(update_fields=["state"])
    else:
        _decide(request, RecoveryState.REFUSED, by=by)
    log(request, "accounts.role_request.refuse", user=by)
    return request


def is_open(request: RoleRequest) -> bool:
    """Whether it may still be decided."""
    return request.state == RecoveryState.ASKED and request.asked_at > timezone.now() - OPEN_FOR


def _lock_open(request_id: int, *, by: User) -> RoleRequest:
    rows = RoleRequest.objects.select_for_update(of=("self",))
    request = rows.select_related("center", "governorate", "asked_by", "user").get(pk=request_id)
    require_reach(RoleName(request.role), request.scope, request.center, by=by)
    if not is_open(request):
        raise RoleRequestOver
    return request


def _decide(request: RoleRequest, state: RecoveryState, *, by: User) -> None:
    request.state, request.decided_by, request.decided_at = state, by, timezone.now()
    request.save(update_fields=["state", "decided_by", "decided_at"])
