"""Whose login is within reach of a center's staff.

Staff who give a login a new password can log in as its holder. So a center reaches only logins whose every tie is its own:
where they hold roles, where their person is registered, and where that person learns. Apps that know who learns register
themselves; this one imports none of them.
"""

from typing import Protocol

from django.db.models import Q, QuerySet

from accounts.enums import Act, MembershipScope, RoleName
from accounts.models import Center, Membership, Person, User
from accounts.roles import ROLES
from accounts.scoping import centers_where, may_everywhere


class CentersOfStudy(Protocol):
    def __call__(self, person: Person, *, is_active: bool, is_used: bool = False) -> QuerySet[Center]:
        """Where the person learns or learned; with `is_active`, where they learn now; with `is_used`, where they did something by their
        own login.
        """


_STUDY: list[CentersOfStudy] = []


def register_study(centers: CentersOfStudy) -> CentersOfStudy:
    """Ask this query, too, where a person learns. A decorator."""
    _STUDY.append(centers)
    return centers


def is_learner(user: User) -> bool:
    """Whether the holder learns anywhere, or learned: their results and certificates hang on this login."""
    return user.person is not None and any(
        centers(user.person, is_active=False).exists() for centers in _STUDY
    )


def reaches_login(by: User, user: User) -> bool:
    """Whether `by` alone may close or open `user`'s login, or give it a new password.

    Logins that may approve certificates are within reach of superusers only, so that a user who proposes certificates cannot take
    over the login of one who approves them. Otherwise the ministry's officers reach every login, and a center's manager those
    of staff of the own center who are nothing elsewhere and learn nowhere.
    """
    if by.is_superuser:
        return True
    held = Membership.objects.current().filter(user=user)
    if user.is_superuser or held.able_to(Act.APPROVE_CERTIFICATES).exists():
        return False
    if may_everywhere(by, Act.MANAGE_MEMBERS):
        return True
    own = centers_where(by, Act.MANAGE_MEMBERS)
    local = [name for name, role in ROLES.items() if role.is_local]
    inside = Q(scope=MembershipScope.CENTER, role__in=local, center__in=own)
    works_here = held.own().filter(inside).exclude(role=RoleName.TRAINEE).exists()
    registered_at = user.person.registered_at_id if user.person else None
    is_registered_elsewhere = registered_at is not None and not own.filter(pk=registered_at).exists()
    return (
        works_here
        and not held.exclude(inside).exists()
        and not is_registered_elsewhere
        and not is_learner(user)
    )


def reaches_person(by: User, person: Person, *, is_lent_enough: bool = True) -> bool:
    """Whether `by` may give this person, who has none, a first login, and correct or merge the record: registered at an own center.

    A seat that another center gave counts from when the person used it: else a center could take the person from the one where they are
    registered. What joins the person to a login that is there, or to another number, is not lent: without `is_lent_enough` own roles only count.
    """
    if by.is_superuser or may_everywhere(by, Act.MANAGE_PEOPLE, is_lent_enough=is_lent_enough):
        return True
    own = centers_where(by, Act.MANAGE_PEOPLE, is_lent_enough=is_lent_enough)
    is_registered_here = (
        person.registered_at_id is not None and own.filter(pk=person.registered_at_id).exists()
    )
    return is_registered_here and not any(
        centers(person, is_active=False, is_used=True).exclude(pk__in=own).exists() for centers in _STUDY
    )


def is_tied_elsewhere(person: Person) -> bool:
    """Whether the person is registered at no center, or used a seat of another one than that."""
    own = person.registered_at_id
    return own is None or any(
        centers(person, is_active=False, is_used=True).exclude(pk=own).exists() for centers in _STUDY
    )


def works_nowhere(user: User) -> bool:
    """Whether the login holds no role of staff now, and is no superuser."""
    held = Membership.objects.current().filter(user=user).exclude(role=RoleName.TRAINEE)
    return not user.is_superuser and not held.exists()


def learns_in(user: User, center: Center | None) -> bool:
    """Whether the holder, who may be of the staff, learns at this center now; without one, at any."""
    if user.person is None:
        return False
    learning = [centers(user.person, is_active=True) for centers in _STUDY]
    return any((rows if center is None else rows.filter(pk=center.pk)).exists() for rows in learning)


def is_helped_at(user: User, center: Center) -> bool:
    """Whether the holder is a trainee of this center now, and no staff anywhere.

    A seat is given without the holder. So that of another center than the one where they are registered counts from when they used it.
    """
    if user.person is None or not works_nowhere(user):
        return False
    is_used = user.person.registered_at_id != center.pk
    return any(
        centers(user.person, is_active=True, is_used=is_used).filter(pk=center.pk).exists()
        for centers in _STUDY
    )


def is_known_to(by: User, user: User) -> bool:
    """Whether `user` belongs to a center in which `by` gives roles: registered there, or with a role there, now or before.

    A login without a person or a role, as it was just created, is known to every center.
    """
    if may_everywhere(by, Act.MANAGE_MEMBERS):
        return True
    own = centers_where(by, Act.MANAGE_MEMBERS)
    registered_at = user.person.registered_at_id if user.person else None
    if registered_at is not None and own.filter(pk=registered_at).exists():
        return True
    ever = Membership.objects.own().filter(user=user)
    return ever.filter(center__in=own).exists() or (user.person is None and not ever.exists())
