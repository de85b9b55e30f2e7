"""Who counts as one person: a deputy and the colleague for whom they act.

Rules that ask for two people (who proposes does not approve, who writes does not publish, no one decides about themselves) would be passed by one
person with a deputy. So they ask here instead of comparing logins:

- who acts: themselves, and everyone whose deputy they are today (`hands_of`);
- whose it is: what a deputy did is also the lender's, where the lent role allows that act (`made_by`), also after the last day.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.enums import Act, MembershipScope
from accounts.models import Deputy, MembershipQuerySet, User
from accounts.scoping import held_today, memberships_with


def hands_of(user: User) -> frozenset[int]:
    """The keys of the logins that count as `user` today: the own one, and those of whom `user` is a deputy. One query."""
    return frozenset({user.pk, *_lent_to(user).values_list("lent_from__user", flat=True)})


def people_of(user: User) -> frozenset[int]:
    """The keys of the people who count as `user` today. One query."""
    lenders = _lent_to(user).values_list("lent_from__user__person", flat=True)
    return frozenset(key for key in (user.person_id, *lenders) if key is not None)


def hands_shown(user: User) -> frozenset[int]:
    """As `hands_of`, as of the roles that were read first in this request: for lists and for what a page offers."""
    return frozenset({user.pk, *(held.lender for held in held_today(user) if held.lender is not None)})


def people_shown(user: User) -> frozenset[int]:
    """As `people_of`, as of the roles that were read first in this request."""
    lenders = {held.lender_person for held in held_today(user)}
    return frozenset(key for key in {user.person_id, *lenders} if key is not None)


def made_by(logins: Collection[int], act: Act, *, on: dt.datetime | None = None) -> frozenset[int]:
    """The keys of everyone whose doing it is what `logins` did by `act`: their own, and that of those whose deputies they were.

    With `on`, of those whose deputies they were on that day; without, ever. One query, none for no logins.
    """
    if not logins:
        return frozenset()
    lent = Deputy.objects.filter(user__in=logins).able_to(act)
    if on is not None:
        day = timezone.localdate(on)
        lent = lent.filter(Q(ended_at=None) | Q(ended_at__gte=on), since__lte=day, until__gte=day)
    return frozenset({*logins, *lent.values_list("lent_from__user", flat=True)})


def is_of_one_hand(by: User, logins: Collection[int], act: Act, *, on: dt.datetime | None = None) -> bool:
    """Whether `by`, or one whose deputy `by` is, is among those whose doing it is what `logins` did by `act`. Two queries at the most."""
    if by.pk in logins:
        return True
    hands = hands_of(by)
    return not hands.isdisjoint(logins) or not hands.isdisjoint(made_by(logins, act, on=on))


def is_own(by: User, person: int | None) -> bool:
    """Whether a row about the person with this key is about `by`, or about one whose deputy `by` is. One query at the most."""
    if person is None:
        return False
    return person == by.person_id or person in people_of(by)


def _lent_to(user: User) -> MembershipQuerySet:
    return Deputy.objects.current().filter(user=user)


def lenders_of(logins: Collection[int], act: Act) -> dict[int, frozenset[int]]:
    """For each of `logins` that ever was a deputy with `act`, the keys of the lenders. One query, none for no logins."""
    lenders: dict[int, set[int]] = defaultdict(set)
    if logins:
        lent = Deputy.objects.filter(user__in=logins).able_to(act).order_by()
        for deputy, lender in lent.values_list("user", "lent_from__user"):
            lenders[deputy].add(lender)
    return {deputy: frozenset(keys) for deputy, keys in lenders.items()}


def lent_in(user: User | AnonymousUser, act: Act, *, lender: str, center: str) -> Exists:
    """Whether `user` may do `act` as a deputy of the login at the path `lender` of the outer query, in the center at the path `center`.

    What a person may do only to rows that name them, their deputy may do to these rows.
    """
    lent = memberships_with(user, act).lent().filter(lent_from__user=OuterRef(lender))
    place = Q(center=OuterRef(center)) | Q(scope=MembershipScope.MINISTRY)
    return Exists(lent.filter(place | Q(governorate=OuterRef(f"{center}__governorate"))))


def done_for(logins: Collection[int], act: Act, *, by: str, at: str) -> Exists:
    """Whether who did the row of the outer query, at the path `by`, was a deputy of one of `logins` then, at the path `at`."""
    day = TruncDate(ExpressionWrapper(OuterRef(at), output_field=DateTimeField()))
    lent = Deputy.objects.able_to(act).filter(user=OuterRef(by), lent_from__user__in=logins)
    return Exists(
        lent.filter(Q(ended_at=None) | Q(ended_at__gte=OuterRef(at)), since__lte=day, until__gte=day)
    )
