"""Who counts as one person: a deputy and the colleague for whom they act, and logins behind which one person is.

Rules that ask for two people (who proposes does not approve, who writes does not publish, no one decides about themselves) would be passed by one
person with a deputy, or with a second login. So they ask here instead of comparing logins:

- who acts: themselves, everyone whose deputy they are today, and the logins of one line with those (`hands_of`);
- whose it is: what a deputy did is also the lender's, where the lent role allows that act (`made_by`), also after the last day.

Two logins are of one line if one of them, or one third, made the other, gave it a role or a password, until somebody outside compared the
identity card (`accounts.models.LoginHand`). And the second hand of an act that needs two has a card that was compared (`counts_as_hand`). The table of
permissions names these acts (`Grant.second_to`).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Q, Value
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Act, MembershipScope
from accounts.errors import DomainError
from accounts.models import Center, Deputy, LoginHand, Membership, MembershipQuerySet, User
from accounts.scoping import held_today, memberships_with


class NotTwoPeople(DomainError):
    message = _(
        "Your login and that of the colleague who has the other part in this count as one person: one of you, or one third person, made both, or gave "
        "both a role or a password. Somebody else compares your identity cards first (“Cards of colleagues”)."
    )


class CardNotCompared(DomainError):
    message = _(
        "This takes a second person, and no colleague has compared your identity card yet. Show it to one who neither made your login nor "
        "gave you a role (“Cards of colleagues”)."
    )


def hands_of(user: User) -> frozenset[int]:
    """The keys of the logins that count as `user` today.

    The own one, those of whom `user` is a deputy, those of one line with these, and one of a record that was merged with that of `user`.
    One query.
    """
    lenders = _lent_to(user).order_by().values_list("lent_from__user", flat=True)
    rows = LoginHand.objects.counting().order_by()
    behind = rows.filter(Q(login=user.pk) | Q(login__in=lenders)).values_list("hand", flat=True)
    ahead = rows.filter(Q(hand=user.pk) | Q(hand__in=lenders) | Q(hand__in=behind))
    sets: list[Any] = [ahead.values_list("login", flat=True), lenders]
    if user.person_id is not None:
        records = User.objects.filter(person__merged_into=user.person_id).order_by()
        sets.append(records.values_list("pk", flat=True))
    return frozenset({user.pk, *behind.union(*sets)})


def line_of(user: User) -> frozenset[int]:
    """The keys of `user` and of everyone who is behind that login, also where it does not count yet. One query."""
    return frozenset({user.pk, *user.hands.open().values_list("hand", flat=True)})


def counts_as_hand(user: User) -> bool:
    """Whether `user` may do the second part of an act that needs two: the card was compared, or is to be yet, of staff from before. One query."""
    return user.hands.vouched().exists()


def independent(held: MembershipQuerySet, *firsts: str) -> MembershipQuerySet:
    """Of memberships, as a subquery, those of logins that count and are of no line with the logins at the paths `firsts` of the outer query."""
    rows = LoginHand.objects.counting().order_by()
    vouched = LoginHand.objects.vouched().filter(login=OuterRef("user"))
    held = held.filter(Exists(vouched), user__is_active=True)
    for first in firsts:
        behind = rows.filter(login=OuterRef(OuterRef(OuterRef(first)))).values("hand")
        candidate, other = OuterRef("user"), OuterRef(OuterRef(first))
        held = held.filter(
            ~Q(user=OuterRef(first)),
            ~Exists(rows.filter(login=candidate, hand=other)),
            ~Exists(rows.filter(login=other, hand=candidate)),
            ~Exists(rows.filter(login=candidate, hand__in=behind)),
        )
    return held


def centers_without_second_person(user: User) -> list[Center]:
    """The centers where `user` helps with what needs two and no colleague counts as another person. One query, none for others."""
    keys = {held.center for held in held_today(user) if Act.HELP_TRAINEES_IN in held.acts and held.center}
    if not keys:
        return []
    able = Membership.objects.current().able_to(Act.HELP_TRAINEES_IN).filter(center=OuterRef("pk"))
    centers = Center.objects.filter(pk__in=keys).alias(reader=Value(user.pk))
    return list(centers.filter(~Exists(independent(able, "reader"))).order_by("pk"))


def counting_among(logins: Collection[int]) -> frozenset[int]:
    """Those of `logins` that `counts_as_hand`. One query."""
    return frozenset(LoginHand.objects.vouched().filter(login__in=logins).values_list("login", flat=True))


def lines_of(logins: Collection[int]) -> dict[int, frozenset[int]]:
    """For each of `logins` itself and who is behind it; two that meet count as one. One query."""
    lines = {login: {login} for login in logins}
    rows = LoginHand.objects.counting().filter(login__in=logins).order_by()
    for login, hand in rows.values_list("login", "hand"):
        lines[login].add(hand)
    return {login: frozenset(line) for login, line in lines.items()}


def why_one_hand(
    by: User, logins: Collection[int], act: Act, own: type[DomainError], *, on: dt.datetime | None = None
) -> DomainError:
    """The refusal of an act that `is_of_one_hand` does not let pass: `own` is that of who did both, or of a deputy."""
    if not acting_as(by).isdisjoint(made_by(logins, act, on=on)):
        return own()
    is_of_one_line = not hands_of(by).isdisjoint(made_by(logins, act, on=on))
    return NotTwoPeople() if is_of_one_line else CardNotCompared()


def acting_as(user: User) -> frozenset[int]:
    """The keys of `user` and of those whose deputy `user` is today: whose own things `user` may change. One query."""
    return frozenset({user.pk, *_lent_to(user).values_list("lent_from__user", flat=True)})


def acting_as_shown(user: User) -> frozenset[int]:
    """As `acting_as`, as of the roles that were read first in this request."""
    return frozenset({user.pk, *(held.lender for held in held_today(user) if held.lender is not None)})


def people_of(user: User) -> frozenset[int]:
    """The keys of the people who count as `user` today. One query."""
    lenders = _lent_to(user).values_list("lent_from__user__person", flat=True)
    return frozenset(key for key in (user.person_id, *lenders) if key is not None)


def hands_shown(user: User) -> frozenset[int]:
    """As `hands_of`, read once for the life of this object, one request: for lists and for what a page offers."""
    if user._hands_shown is None:
        user._hands_shown = hands_of(user)
    return user._hands_shown


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
    """Whether `by` is no second person after what `logins` did by `act`. Three queries at the most.

    They, or one whose deputy `by` is, did it; or the logins are of one line; or no one has compared the card of `by`.
    """
    if by.pk in logins or not counts_as_hand(by):
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
