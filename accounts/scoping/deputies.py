"""Who acts for whom, for those whom it concerns."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Deputy, Membership, User


def with_names(deputies: QuerySet[Deputy]) -> QuerySet[Deputy]:
    """Join the tables that a line about a deputy reads."""
    return deputies.select_related("user", "lent_from__user", "center", "governorate", "named_by")


def deputies_of_interest(user: User) -> list[Deputy]:
    """Those that are not over in which `user` acts for a colleague or a colleague for `user`, the earliest first. One query."""
    lasting = Deputy.objects.filter(ended_at=None, until__gte=timezone.localdate())
    mine = lasting.filter(Q(user=user) | Q(lent_from__user=user))
    return list(with_names(mine).order_by("since", "pk"))


@dataclass(frozen=True)
class OwnRole:
    """A role that the reader holds, and its deputies that are not over."""

    membership: Membership
    deputies: list[Deputy]


def own_roles(user: User, deputies: list[Deputy]) -> list[OwnRole]:
    """The roles of staff that `user` holds, each with those of `deputies` that act by it. One query."""
    held = Membership.objects.current().own().filter(user=user).exclude(role=RoleName.TRAINEE)
    lent = sorted((one for one in deputies if one.user_id != user.pk), key=lambda one: one.lent_from_id or 0)
    by_role = {key: list(rows) for key, rows in groupby(lent, key=lambda one: one.lent_from_id)}
    rows = held.select_related("user", "center", "governorate").order_by("role", "pk")
    return [OwnRole(row, by_role.get(row.pk, [])) for row in rows]
