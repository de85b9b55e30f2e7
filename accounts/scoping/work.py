"""The home page of the workplace: what waits for its reader, the oldest first, each line with a link to the act.

An app shows its own work there: a class for each kind, in the app's `work.py`, which its `wagtail_hooks.py` registers by the hook
`register_work`. This module imports none of them. `docs/how-to/add-a-kind-of-work.md` shows how.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from wagtail import hooks

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping import acts_held, centers_without, fenced, held_today, kept_in, roles_held

# Of one kind on the home page; the page of the kind has the others.
MOST_LINES = 12


@dataclass(frozen=True)
class WorkItem:
    """One thing to do. `text` leads to `url`, the page of the act; `also`: further acts, each a label and an address."""

    text: str
    url: str
    # What tells it apart, such as the center.
    note: str = ""
    # Since when it waits, or when it is.
    when: str = ""
    also: Sequence[tuple[str | Promise, str]] = ()
    # Whether `text` is a code or a number, which is read from left to right in Arabic, too.
    is_code: bool = False


class Work:
    """A kind of work. Stateless; `rows` is one statement, and `lines` a constant number of them.

    Shown to users with one of `roles` whose role may do `act`; rows are those within reach of such a role, so that the fence and the
    home page agree. A line is gone when its act is done, since the act changes what `rows` finds.
    """

    # Unique, part of the address of its page.
    name: ClassVar[str]
    title: ClassVar[str | Promise]
    # What the reader does about it, in a sentence. May be empty.
    help: ClassVar[str | Promise] = ""
    roles: ClassVar[frozenset[RoleName]]
    act: ClassVar[Act]
    # Its place on the page.
    order: ClassVar[int]

    def is_for(self, user: User) -> bool:
        """As of the roles that were read first in this request."""
        if user.is_active and user.is_superuser:
            return True
        return bool(self.roles & roles_held(user)) and self.act in acts_held(user)

    def lenders(self, user: User) -> frozenset[int]:
        """The keys of those for whom `user` does it as a deputy; none where `user` does it by an own role, too."""
        able = [held for held in held_today(user) if held.role in self.roles and self.act in held.acts]
        lenders = {held.lender for held in able if held.lender is not None}
        return frozenset(lenders) if all(held.lender for held in able) else frozenset()

    def rows(self, user: User) -> QuerySet[Any, Any] | Sequence[Any]:
        """What waits for `user`, the oldest first."""
        raise NotImplementedError

    def lines(self, rows: Sequence[Any], user: User) -> list[WorkItem]:
        return [self.line(row) for row in rows]

    def line(self, row: Any) -> WorkItem:
        raise NotImplementedError

    def reach[M: Any](self, rows: QuerySet[M], user: User) -> QuerySet[M]:
        """Those of `rows` where `user` may do `act` as one of `roles`."""
        return fenced(rows, user=user, act=self.act, roles=self.roles)

    def reach_or_own[M: Any](
        self, rows: QuerySet[M], user: User, *, own: Q, own_for: RoleName = RoleName.INSTRUCTOR
    ) -> QuerySet[M]:
        """As `reach`; but as `own_for`, `user` has only those rows that are `own`."""
        reached = fenced(rows, user=user, act=self.act, roles=self.roles - {own_for})
        if own_for not in roles_held(user):
            return reached
        mine = fenced(rows.filter(own), user=user, act=self.act, roles={own_for})
        if not (self.roles - {own_for}) & roles_held(user):
            return mine
        return rows.filter(Q(pk__in=reached.order_by().values("pk")) | Q(pk__in=mine.order_by().values("pk")))


class DeskWork(Work):
    """Work of the registrar, and of the manager of a center in which no one is registrar."""

    roles = frozenset({RoleName.REGISTRAR, RoleName.CENTER_MANAGER})

    def reach[M: Any](self, rows: QuerySet[M], user: User) -> QuerySet[M]:
        if user.is_active and user.is_superuser:
            return rows
        reached = fenced(rows, user=user, act=self.act, roles={RoleName.REGISTRAR})
        if RoleName.CENTER_MANAGER not in roles_held(user):
            return reached
        alone = kept_in(rows, centers_without(RoleName.REGISTRAR))
        managed = fenced(alone, user=user, act=self.act, roles={RoleName.CENTER_MANAGER})
        if RoleName.REGISTRAR not in roles_held(user):
            return managed
        return rows.filter(
            Q(pk__in=reached.order_by().values("pk")) | Q(pk__in=managed.order_by().values("pk"))
        )


@dataclass(frozen=True)
class Shortcut:
    """Where work of a role begins: shown above the lines, and to a reader for whom nothing waits."""

    label: str | Promise
    url_name: str
    icon: str
    roles: frozenset[RoleName]
    act: Act

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    def is_for(self, user: User) -> bool:
        if user.is_active and user.is_superuser:
            return True
        return bool(self.roles & roles_held(user)) and self.act in acts_held(user)


@dataclass(frozen=True)
class Waiting:
    """What waits of one kind: its first lines, and how many there are."""

    work: Work
    lines: list[WorkItem]
    total: int
    # The colleagues for whom the reader does it as their deputy; empty for work of an own role.
    lenders: Sequence[User] = ()

    @property
    def more(self) -> int:
        return self.total - len(self.lines)

    @property
    def url(self) -> str:
        return reverse("work", args=[self.work.name])


def kinds_of_work(user: User) -> list[Work]:
    """The kinds of work of the roles of `user`, each once, in their order."""
    found = {kind.name: kind() for register in hooks.get_hooks("register_work") for kind in register()}
    return sorted((work for work in found.values() if work.is_for(user)), key=lambda work: work.order)


def kind_of_work(name: str, user: User) -> Work | None:
    """The kind called `name`, None where it is not for `user`."""
    return next((work for work in kinds_of_work(user) if work.name == name), None)


def work_waiting_for(user: User) -> list[Waiting]:
    """What waits for `user`; a kind of which nothing waits is left out. One statement a kind, one more where there are many rows."""
    found = (_waiting(work, user) for work in kinds_of_work(user))
    return _with_lenders([waiting for waiting in found if waiting.lines], user)


def _with_lenders(found: list[Waiting], user: User) -> list[Waiting]:
    """One query for a deputy, none for others."""
    keys = {key for held in held_today(user) if (key := held.lender) is not None}
    names = User.objects.in_bulk(keys) if keys else {}
    return [
        replace(waiting, lenders=[names[key] for key in sorted(waiting.work.lenders(user))])
        for waiting in found
    ]


def _waiting(work: Work, user: User) -> Waiting:
    rows = work.rows(user)
    first = list(rows[: MOST_LINES + 1])
    total = len(first)
    if total > MOST_LINES:
        total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    return Waiting(work, work.lines(first[:MOST_LINES], user), total)


def shortcuts_of(user: User) -> list[Shortcut]:
    """Where the roles of `user` begin, in the order of registration."""
    found = (shortcut for register in hooks.get_hooks("register_shortcuts") for shortcut in register())
    return [shortcut for shortcut in found if shortcut.is_for(user)]
