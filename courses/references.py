"""The reference number of a complaint: eight random digits and a check digit, so that it can be told over the phone.

The check digit is that of ISO/IEC 7064, MOD 11,10: it notices every single wrong digit and nearly every exchange of two neighbors.
"""

import secrets
import unicodedata

LENGTH = 9
# Of what was typed, at most this much is read.
LONGEST_TYPED = 60
_SEPARATORS = frozenset(" -‐‑–—·.\t\r\n\u200e\u200f\u200b\u2066\u2067\u2068\u2069")


def check_digit(body: str) -> str:
    """The check digit of the digits in `body`."""
    product = 10
    for digit in body:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def new_reference() -> str:
    """Draw one of 10**8 references."""
    body = "".join(secrets.choice("0123456789") for _ in range(LENGTH - 1))
    return body + check_digit(body)


def parse_reference(typed: str) -> str | None:
    """Read a reference as people type it, in any digits and groups. None when it cannot be one."""
    digits = "".join(
        str(unicodedata.decimal(character, character))
        for character in typed[:LONGEST_TYPED]
        if character not in _SEPARATORS
    )
    if len(digits) != LENGTH or not (digits.isascii() and digits.isdecimal()):
        return None
    return digits if check_digit(digits[:-1]) == digits[-1] else None


def display_reference(reference: str) -> str:
    """Grouped for eye and ear: 123-456-789."""
    return "-".join(reference[start : start + 3] for start in range(0, LENGTH, 3))
