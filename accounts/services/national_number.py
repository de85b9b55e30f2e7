"""Reads the Egyptian national number: fourteen digits `C YYMMDD GG SSSS K`."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.digits import is_decimal, latin_digits
from accounts.enums import Sex
from accounts.errors import DomainError

LENGTH = 14
CENTURIES = {"2": 1900, "3": 2000}
# GG is where the person was born, never where they live. 88: outside the Republic.
BIRTH_PLACES = frozenset(
    [
        "01",
        "02",
        "03",
        "04",
        "11",
        "12",
        "13",
        "14",
        "15",
        "16",
        "17",
        "18",
        "19",
        "21",
        "22",
        "23",
        "24",
        "25",
        "26",
        "27",
        "28",
        "29",
        "31",
        "32",
        "33",
        "34",
        "35",
        "88",
    ]
)
# These weights are not published officially. So a wrong check digit is a warning, not a refusal.
CHECK_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


# What a form asks where the check digit does not fit.
NUMBER_IS_EXACT = _("I compared all 14 digits with the card: the number is exactly this.")
DIGIT_UNFIT = _(
    "The last digit does not fit the others: one may be mistyped. Compare all 14 with the card again."
)


class BadNationalNumber(DomainError):
    message = _("This is not a national number.")


class NotOnlyDigits(BadNationalNumber):
    message = _("A national number has only digits. Take out letters and signs.")


class WrongLength(BadNationalNumber):
    message = _("A national number has 14 digits; this one has %(digits)s.")


class UnknownCentury(BadNationalNumber):
    message = _("A national number begins with 2 or 3. Compare the first digit with the card.")


class ImpossibleBirthDate(BadNationalNumber):
    message = _(
        "Digits 2 to 7 are the date of birth, and this date does not exist. Compare them with the card."
    )


class BirthDateInTheFuture(BadNationalNumber):
    message = _("Digits 1 to 7 give a date of birth in the future. Compare them with the card.")


class UnknownBirthPlace(BadNationalNumber):
    message = _(
        "Digits 8 and 9 are the governorate of birth, and %(code)s is none. Compare them with the card."
    )


@dataclass(frozen=True)
class NationalNumber:
    """What a national number says. `check_digit_fits=False` asks the clerk to look again, no more."""

    number: str
    birth_date: dt.date
    birth_governorate: str
    sex: Sex
    check_digit_fits: bool


def parse_national_number(text: str, *, today: dt.date) -> NationalNumber:
    """Read a typed national number; Arabic-Indic digits, spaces and hyphens are welcome.

    Raises a `BadNationalNumber` that says which digits to compare with the card.
    """
    number = latin_digits(text).translate(str.maketrans("", "", " \u00a0-\u200e\u200f"))
    if not is_decimal(number):
        raise NotOnlyDigits
    if len(number) != LENGTH:
        raise WrongLength(digits=len(number))
    if number[0] not in CENTURIES:
        raise UnknownCentury
    birth_date = _birth_date(number)
    if birth_date > today:
        raise BirthDateInTheFuture
    if number[7:9] not in BIRTH_PLACES:
        raise UnknownBirthPlace(code=number[7:9])
    return NationalNumber(
        number=number,
        birth_date=birth_date,
        birth_governorate=number[7:9],
        sex=Sex.MALE if int(number[12]) % 2 else Sex.FEMALE,
        check_digit_fits=check_digit(number) == number[13],
    )


def _birth_date(number: str) -> dt.date:
    year = CENTURIES[number[0]] + int(number[1:3])
    try:
        return dt.date(year, int(number[3:5]), int(number[5:7]))
    except ValueError as impossible:
        raise ImpossibleBirthDate from impossible


def check_digit(number: str) -> str:
    """The last digit that fits the first thirteen."""
    weighted = sum(int(digit) * weight for digit, weight in zip(number, CHECK_WEIGHTS, strict=False))
    return str((11 - weighted % 11) % 10)
