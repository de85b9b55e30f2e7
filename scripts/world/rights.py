"""What people do by their roles: where they have one, for whom they act, and what they are shown before its time."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.enums import MembershipScope, RoleName
from accounts.models import AuditEntry, Membership, User
from scripts.world.history import World
from scripts.world.people import Human
from scripts.world.registry import invariant


@invariant(
    "No one acts on a row of a center where they have no role, unless it is about themselves.", AuditEntry
)
def acts_at_home(world: World) -> Iterator[str]:
    for entry in world.rows_since(AuditEntry):
        login, center = entry.by_id, entry.center_id
        if login is None or center is None or login not in world.owner:
            continue
        if _is_about(world, entry, world.owner[login]):
            continue
        if not _roles_today(user=login).filter(Q(scope=MembershipScope.MINISTRY) | Q(center=center)).exists():
            yield f"{entry.action} in center {center} by login {login}"


@invariant(
    "Who acts for a colleague works themselves, and the colleague has the role that they lend.",
    Membership,
    User,
)
def deputies_are_colleagues(_world: World) -> Iterator[str]:
    own = _roles_today(lent_from=None).exclude(role=RoleName.TRAINEE).filter(user__is_active=True)
    for deputy in _roles_today(lent_from__isnull=False):
        if not own.filter(user=deputy.user_id).exists():
            yield f"login {deputy.user_id} acts for a colleague ({deputy.pk}) and works nowhere"
        if not own.filter(pk=deputy.lent_from_id or 0).exists():
            yield f"login {deputy.user_id} has a role ({deputy.pk}) that its lender has no longer"


def _is_about(world: World, entry: AuditEntry, human: Human) -> bool:
    """Their own record, or a row of a login of theirs, such as the offer of a role."""
    model = entry.kind.model_class() if entry.kind else None
    row = model._base_manager.filter(pk=entry.object_id).first() if model else None
    is_own = bool(entry.by and entry.by.person_id and entry.by.person_id == entry.person_id)
    return (
        is_own
        or world.subject.get(entry.person_id or 0) is human
        or (row.pk if isinstance(row, User) else getattr(row, "user_id", None)) in human.logins
    )


def _roles_today(**facts: object) -> QuerySet[Membership]:
    """By their days, own and lent."""
    today = timezone.localdate()
    lasts = Q(until=None) | Q(until__gte=today)
    return Membership.objects.filter(lasts, since__lte=today, ended_at=None, **facts)


@invariant(
    "No one is shown the right answers of a test while somebody of their cohort is in the middle of it."
)
def keys_stay_hidden(world: World) -> Iterator[str]:
    yield from world.leaks
    world.leaks.clear()
