"""Who at a center could be given a role there."""

from django.db.models import Q, QuerySet

from accounts.enums import RoleName
from accounts.models import Center, Membership, User
from accounts.roles import ROLES, conflicting


def staff_without_conflict(role: RoleName, center: Center) -> QuerySet[User]:
    """Active logins that work at the center and have no role there, or without a center, that conflicts with `role`."""
    held = Membership.objects.current()
    staff = held.own().filter(
        center=center, role__in=[name for name, kind in ROLES.items() if kind.works_in_admin]
    )
    torn = held.filter(Q(center=center) | Q(center=None), role__in=conflicting(role, RoleName))
    working = User.objects.filter(pk__in=staff.values("user"), is_active=True)
    return working.exclude(pk__in=torn.values("user"))
