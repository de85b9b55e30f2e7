"""Open work in the name of one person, and its hand-over to a colleague.

An app names its kinds next to its work, registered by the hook `register_named_work`. What is anybody's who has the role
(sheets to lock, proposals, reviews, complaints) is no such work: it waits on the home pages of all who may do it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from wagtail import hooks

from accounts.enums import Act, RoleName
from accounts.models import Center, Membership, User
from accounts.scoping import may

# Of one kind on a page; the others come up once these are handed over.
MOST_LINES = 100


class NamedWork:
    """A kind of work that names a person. Stateless."""

    # Unique; part of the keys of lines.
    name: ClassVar[str]
    title: ClassVar[str | Promise]
    # Of which role of the person it is, and of which role somebody has to be to get it.
    role: ClassVar[RoleName]
    # Who may hand it over, at the center.
    act: ClassVar[Act]

    def rows(self, holder: User, center: Center) -> QuerySet[Any]:
        """What is in the name of `holder` at a center and not over, the earliest first. One query."""
        raise NotImplementedError

    def text(self, row: Any) -> str:
        raise NotImplementedError

    def belongs_to(self, row: Any) -> str:
        """What both who give and who get it are told, in every language: the code of the cohort."""
        raise NotImplementedError

    def give(self, row: Any, *, holder: User, to: User, by: User) -> None:
        """Put `to` in the place of `holder`, by the service of the row. Raises `DomainError`."""
        raise NotImplementedError


@dataclass(frozen=True)
class NamedLine:
    """One thing that is in somebody's name."""

    kind: NamedWork
    row: Any

    @property
    def key(self) -> str:
        return f"{self.kind.name}:{self.row.pk}"

    @property
    def text(self) -> str:
        return self.kind.text(self.row)


def kinds_of_named_work(role: str) -> list[NamedWork]:
    """The kinds that a role has, in the order of registration."""
    found = (kind() for register in hooks.get_hooks("register_named_work") for kind in register())
    return [kind for kind in found if kind.role == role]


def named_lines(held: Membership) -> list[NamedLine]:
    """What is in the name of the holder of a role at its center. One query for each kind."""
    if held.center is None:
        return []
    return [
        NamedLine(kind, row)
        for kind in kinds_of_named_work(held.role)
        for row in kind.rows(held.user, held.center)[:MOST_LINES]
    ]


def count_named(held: Membership) -> int:
    if held.center is None:
        return 0
    return sum(kind.rows(held.user, held.center).count() for kind in kinds_of_named_work(held.role))


def may_hand_over(by: User, held: Membership, kinds: Sequence[NamedWork]) -> bool:
    """Whether `by` may do what a hand-over does, by hand."""
    return held.center is not None and all(may(by, kind.act, on=held.center) for kind in kinds)


def takers(held: Membership) -> QuerySet[User]:
    """Colleagues with the same role at the center as an own one, by name."""
    colleagues = Membership.objects.current().own().filter(role=held.role, center=held.center)
    return (
        User.objects.filter(Q(pk__in=colleagues.values("user")), is_active=True)
        .exclude(pk=held.user_id)
        .order_by("display_name", "pk")
    )
