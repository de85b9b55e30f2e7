"""The verification code: twelve random symbols and one check symbol.

The alphabet has 31 symbols (no 0, O, I, L, U: they are misread or spell words). The check symbol makes the weighted
sum of all thirteen a multiple of 31. As 31 is prime and the weights differ, every single wrong symbol and every
exchange of two symbols is noticed (ISO 7064 explains the family).
"""

import re
import secrets
import unicodedata

ALPHABET = "123456789ABCDEFGHJKMNPQRSTVWXYZ"
BASE = len(ALPHABET)
LENGTH = 13
# The check symbol, last, weighs 1; the others weigh 13 down to 2.
_WEIGHTS = range(LENGTH, 0, -1)
# Characters of an address of ours with the longest fragment of a QR code.
LONGEST_TYPED = 4_200
_ADDRESS = re.compile(r"/(?:v|c|verify)/([^/?#\s]+)")
_NUMBER = re.compile(r"[A-Z0-9-]{1,30}/[0-9]{4}/(?:[A-Z]+-)?[0-9]{1,9}")
_SEPARATORS = frozenset(" -‐‑–—·.\t\r\n\u200e\u200f\u200b\u2066\u2067\u2068\u2069")


def check_symbol(body: str) -> str:
    """Compute the check symbol of the twelve symbols in `body`."""
    total = sum(weight * ALPHABET.index(symbol) for weight, symbol in zip(_WEIGHTS, body, strict=False))
    return ALPHABET[-total % BASE]


def new_code() -> str:
    """Draw a new code: 31**12 possibilities, about 59 bits."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + check_symbol(body)


def symbols_in(typed: str) -> str:
    """The typed code without separators; accepts lower case, spaces, dashes and Arabic-Indic digits."""
    return "".join(
        str(unicodedata.decimal(character, character.upper()))
        for character in typed[:LONGEST_TYPED]
        if character not in _SEPARATORS
    )


def parse_code(typed: str) -> str | None:
    """Read a code as people type it. None when it cannot be one."""
    code = symbols_in(typed)
    if len(code) != LENGTH or any(symbol not in ALPHABET for symbol in code):
        return None
    return code if check_symbol(code[:-1]) == code[-1] else None


def is_like_number(typed: str) -> bool:
    """Whether the text is a certificate number, such as CAI-03/2026/LC-000007, in any digits and with any spaces."""
    digits = (
        str(unicodedata.decimal(character, character)) for character in typed if not character.isspace()
    )
    return _NUMBER.fullmatch("".join(digits).upper()) is not None


def code_of_address(typed: str) -> str:
    """The code in an address of ours, such as https://.../v/7KQ2M9XA3TBD5; anything else as it was typed."""
    found = _ADDRESS.search(typed)
    return found[1] if found else typed


def display_code(code: str) -> str:
    """Group a code for the eye: XXXX-XXXX-XXXX-X."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))
