"""Numbers as people type them."""

import re
import unicodedata
from fractions import Fraction

from accounts.digits import latin_digits

LONGEST_NUMBER = 64
_MINUS = str.maketrans("\u2212\u2013\uff0d", "---")
# Written or not, the number is the same: controls of direction, and what sets groups of three digits apart.
_APART = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_GROUPS = re.compile("(?<=[0-9])[ \u00a0\u2009\u202f'_\u066c](?=[0-9]{3}(?![0-9]))")
# One point, comma or Arabic decimal separator after another is read in `_readings`.
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<digits>[0-9][0-9.,\u066b]*|[.,\u066b][0-9]+)(?:/(?P<below>[0-9]{1,20}))?(?:[eE](?P<exponent>[+-]?[0-9]{1,2})(?![0-9]))?"
)
_SEPARATOR = re.compile("[.,\u066b]")


def read_number(typed: str) -> tuple[frozenset[Fraction], str]:
    """What a typed number may mean, and what was typed behind it: its unit. No meanings where it starts with no number.

    Decimal digits of Arabic and Persian are read, the point, the comma and `٫` set decimals apart, groups of three digits may be set
    apart, `1/2` and `1.5e-3` are numbers. `1,234` is both 1234 and 1.234: people write both. `²`, `NaN`, `1e309` are none.
    """
    text = _GROUPS.sub("", _APART.sub("", latin_digits(typed)).translate(_MINUS)).strip()
    found = _NUMBER.match(text) if len(text) <= LONGEST_NUMBER else None
    if found is None:
        return frozenset(), text
    sign = -1 if found["sign"] == "-" else 1
    scale = Fraction(10) ** int(found["exponent"] or 0)
    below = int(found["below"] or 1)
    if below == 0:
        return frozenset(), text
    values = {sign * value * scale / below for value in _readings(found["digits"])}
    return frozenset(values), text[found.end() :].strip()


def _readings(digits: str) -> set[Fraction]:
    # A point at the end closes a sentence.
    digits = digits.rstrip(".,\u066b")
    separators = _SEPARATOR.findall(digits)
    groups = _SEPARATOR.split(digits)
    if not separators:
        return {Fraction(int(digits))}
    readings = set()
    are_groups = len(groups[0]) in {1, 2, 3} and all(len(group) == 3 for group in groups[1:])
    if are_groups and set(separators) == {","}:
        readings.add(Fraction(int("".join(groups))))
    if len(separators) == 1:
        readings.add(_decimal(groups[0], groups[1]))
    elif len(set(separators[:-1])) == 1 and separators[-1] != separators[0]:
        whole = groups[:-1]
        if len(whole[0]) in {1, 2, 3} and all(len(group) == 3 for group in whole[1:]):
            readings.add(_decimal("".join(whole), groups[-1]))
    elif are_groups and set(separators) == {"."}:
        readings.add(Fraction(int("".join(groups))))
    return readings


def _decimal(whole: str, decimals: str) -> Fraction:
    return Fraction(int(f"{whole}{decimals}" or 0), 10 ** len(decimals))


def number_text(number: Fraction) -> str:
    """A number as a page writes it: decimals where they end, `1/3` where they do not."""
    below = number.denominator
    for factor in (2, 5):
        while below % factor == 0:
            below //= factor
    if below != 1:
        return str(number)
    digits = 0
    while (number * 10**digits).denominator != 1:
        digits += 1
    whole = str(abs(number.numerator) * 10**digits // number.denominator).zfill(digits + 1)
    sign = "-" if number < 0 else ""
    return f"{sign}{whole[: len(whole) - digits]}.{whole[len(whole) - digits :]}".rstrip(".")


def fold_unit(typed: str) -> str:
    """A unit as it is compared: `m²` is `m2`, `كجم` is `كجم` with or without marks. Capitals count: mW is not MW."""
    return " ".join(_APART.sub("", unicodedata.normalize("NFKC", latin_digits(typed))).split())
