"""The people of a history, as they are: the machine never asks the tables who somebody is."""

import datetime as dt
import random
from dataclasses import dataclass, field
from enum import StrEnum, auto

from accounts.services.national_number import parse_national_number

OWN = ("منى", "هدى", "سعاد", "نجلاء", "أحمد", "كريم", "محمود", "يوسف", "طارق", "سامي", "عادل", "بسمة")
FATHERS = ("إبراهيم", "حسن", "السيد", "عبد الرحمن", "مصطفى", "علي", "فتحي", "رمضان", "شعبان", "جمعة")


class Goal(StrEnum):
    """What a dishonest person wants. It weights what they choose, and never says which acts lead there."""

    LOGIN = auto()
    PAPER = auto()
    KEY = auto()


@dataclass(eq=False)
class Human:
    """Somebody of flesh and blood. `logins`: those whose password they know; `knows`: what they have read."""

    key: int
    name: str
    number: str
    phone: str
    born: dt.date
    goal: Goal | None = None
    person: int | None = None
    # Where they are registered: a key of a center.
    home: int | None = None
    logins: set[int] = field(default_factory=set)
    knows: set[object] = field(default_factory=set)
    # Whom a dishonest person is after.
    target: "Human | None" = None

    def __str__(self) -> str:
        return f"human {self.key}" + (f" (wants a {self.goal})" if self.goal else "")


def some_human(key: int, chance: random.Random, today: dt.date) -> Human:
    born = dt.date(1975, 1, 1) + dt.timedelta(days=chance.randrange(30 * 365))
    name = " ".join([chance.choice(OWN), *chance.sample(FATHERS, 3)])
    return Human(key, name, _number(key, born, today), f"010{10_000_000 + key:08}", born)


def _number(key: int, born: dt.date, today: dt.date) -> str:
    century = "3" if born.year >= 2000 else "2"
    body = f"{century}{born:%y%m%d}01{key:04}"
    return next(
        number
        for number in (f"{body}{check}" for check in range(10))
        if parse_national_number(number, today=today).check_digit_fits
    )
