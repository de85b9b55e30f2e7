"""Digits as Egyptians type them: ١٢٣ from an Arabic keyboard, ۱۲۳ from a Persian one, 123."""

from typesetting import ARABIC_INDIC

_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
# Only the two Arabic decimal ranges. Neither str.isdigit() nor NFKC may decide: both take "²" for a digit.
LATIN_DIGITS = str.maketrans(ARABIC_INDIC + _PERSIAN, "0123456789" * 2)

# Digits of the largest key of PostgreSQL's `bigint`, 2 ** 63 - 1: with fewer, any number is one.
LONGEST_KEY = 19


def latin_digits(text: str) -> str:
    """Write Arabic-Indic and Persian digits as 0-9 and leave everything else as it is."""
    return text.translate(LATIN_DIGITS)


def is_decimal(text: str) -> bool:
    """Say whether `text` is one or more of 0-9 and nothing else."""
    return text.isascii() and text.isdecimal()


def read_key(text: str) -> int | None:
    """The key of a row that an address or a form names; None where no row can have it, as with more digits than keys have."""
    return int(text) if is_decimal(text) and len(text) < LONGEST_KEY else None
