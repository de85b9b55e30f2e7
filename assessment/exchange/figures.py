"""Shares and numbers as files write them. Independent of Django."""

import re
from fractions import Fraction

from assessment.exchange.item import FaultCode, FaultyQuestion
from assessment.marking.formula import Formula, FormulaError
from assessment.marking.numbers import read_number

# Decimals of a number that is written; those of a percentage.
_MOST_DECIMALS = 30
_MOST_PERCENT_DECIMALS = 12
# A share that was rounded to so many decimals of a percent is a fraction with such a denominator at most, and so near to it.
_ROUNDED = ((10, 10_000, Fraction(1, 10**11)), (3, 60, Fraction(1, 100_000)))
_PERCENT = re.compile(r"-?[0-9]{1,3}(?:\.([0-9]*))?")


def share_of_percent(text: str) -> str:
    """`33.33333` is a third, as in every other software; `50` is a half. Raises FaultyQuestion."""
    found = _PERCENT.fullmatch(text.strip())
    if not found:
        raise FaultyQuestion(FaultCode.NUMBER, text[:40])
    share = Fraction(text.strip()) / 100
    for decimals, denominator, near in _ROUNDED:
        simple = share.limit_denominator(denominator)
        if len(found[1] or "") >= decimals and simple and abs(simple - share) < near:
            return str(simple)
    return str(share)


def percent_of_share(share: str) -> str | None:
    """The share in percent, with as many decimals as it takes to be read again; None where none suffice."""
    percent = Fraction(share) * 100
    for decimals in (0, 1, 2, *range(5, _MOST_PERCENT_DECIMALS + 1)):
        text = _rounded(percent, decimals)
        if Fraction(share_of_percent(text)) == Fraction(share):
            return text
    return None


def number_in(text: str) -> Fraction:
    """A number that means one thing. Raises FaultyQuestion."""
    meanings, behind = read_number(text)
    if len(meanings) != 1 or behind:
        raise FaultyQuestion(FaultCode.NUMBER, text[:40])
    return next(iter(meanings))


def decimal_in(text: str) -> str:
    """A number of a file as keys hold it. Raises FaultyQuestion."""
    number = number_in(text)
    return decimal_of(number) or str(number)


def decimal_of(number: Fraction) -> str | None:
    """The number with all its decimals; None where they do not end, or not soon."""
    for decimals in range(_MOST_DECIMALS + 1):
        scaled = number * 10**decimals
        if scaled.denominator == 1:
            return _rounded(number, decimals)
    return None


def decimal_of_formula(text: str) -> str | None:
    """The result of a formula without variables; None where it has variables, no result, or decimals that do not end."""
    try:
        formula = Formula(text)
        return None if formula.names else decimal_of(formula.result({}))
    except FormulaError:
        return None


def _rounded(number: Fraction, decimals: int) -> str:
    scaled = round(number * 10**decimals)
    sign, digits = "-" if scaled < 0 else "", str(abs(scaled)).rjust(decimals + 1, "0")
    return (
        f"{sign}{digits[: len(digits) - decimals]}{'.' if decimals else ''}{digits[len(digits) - decimals :]}"
    )
