"""National numbers of made-up people."""

import datetime as dt

from accounts.services.national_number import check_digit


def national_number(born: dt.date, *, serial: int = 1) -> str:
    """Century, birth date, Cairo, an even serial (a woman's), and the check digit that fits."""
    century = {19: "2", 20: "3"}[born.year // 100]
    return with_check_digit(f"{century}{born:%y%m%d}01{2 * serial:04}")


def with_check_digit(thirteen: str) -> str:
    return thirteen + check_digit(thirteen)


def mistyped(number: str) -> str:
    """The same number with another check digit."""
    return f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
