"""National numbers of made-up people."""

import datetime as dt


def national_number(born: dt.date, *, serial: int = 1) -> str:
    """Century, birth date, Cairo, an even serial (a woman's), and any check digit."""
    century = {19: "2", 20: "3"}[born.year // 100]
    return f"{century}{born:%y%m%d}01{2 * serial:04}5"
