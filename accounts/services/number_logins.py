"""Which logins a mobile number means on the login page: families share a phone, and `User.phone` is of one login only."""

from typing import NamedTuple

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from accounts.enums import ContactKind
from accounts.models import Contact, User
from accounts.services.phones import readable_phone

# A number of more people is one that a center wrote down for those who have none. Each login costs a hash.
MOST_PEOPLE = 5


def logins_of(number: str) -> list[User]:
    """The login that has this number (E.164) as its own, then the open ones of people who are reached by it now.

    Only the first where the number is one of more than five people.
    """
    own = list(User.objects.filter(phone=number))
    reached = Contact.objects.current().filter(kind=ContactKind.PHONE, value=number)
    proved = reached.filter(person__is_unproved=False).order_by()
    people = list(proved.values_list("person", flat=True)[: MOST_PEOPLE + 1])
    others = User.objects.filter(is_active=True).exclude(phone=number)
    others = others.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).order_by("pk")
    logins = own if len(people) > MOST_PEOPLE else [*own, *others.filter(person__in=people)]
    if len(logins) > MOST_PEOPLE:
        return own
    # Anybody can sign up with the number: that takes the place of no one whose number it is.
    signed_up = others.filter(person__is_unproved=True, person__in=reached.order_by().values("person"))
    return [*logins, *signed_up[: MOST_PEOPLE - len(logins)]]


def numbers_that_log_in(user: User) -> list[str]:
    """The numbers (E.164) by which this login logs in: its own, and the one by which its person is reached."""
    reached = Contact.objects.current().filter(person=user.person_id, kind=ContactKind.PHONE)
    values = [value for value in (user.phone, *reached.values_list("value", flat=True)) if value]
    return [value for value in dict.fromkeys(values) if user in logins_of(value)]


class WayToLogIn(NamedTuple):
    """What the holder types on the login page, as it is written."""

    text: str
    is_number: bool


def ways_to_log_in(user: User) -> list[WayToLogIn]:
    """Numbers first, which people know by heart."""
    numbers = [WayToLogIn(readable_phone(number), is_number=True) for number in numbers_that_log_in(user)]
    names = [WayToLogIn(name, is_number=False) for name in (user.username, user.email) if name]
    return [*numbers, *names]
