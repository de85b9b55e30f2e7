"""The verification code: twelve random symbols and one check symbol.

The alphabet has 31 symbols (no 0, O, I, L, U: they are misread or spell words). The check symbol makes the weighted
sum of all thirteen a multiple of 31. As 31 is prime and the weights differ, every single wrong symbol and every
exchange of two symbols is noticed (ISO 7064 explains the family).
"""

import secrets
import unicodedata

ALPHABET = "123456789ABCDEFGHJKMNPQRSTVWXYZ"
BASE = len(ALPHABET)
LENGTH = 13
# The check symbol, last, weighs 1; the others weigh 13 down to 2.
_WEIGHTS = range(LENGTH, 0, -1)
_SEPARATORS = frozenset(" -‐‑–—·.\t\r\n\u200e\u200f\u200b\u2066\u2067\u2068\u2069")


def check_symbol(body: str) -> str:
    """Compute the check symbol of the twelve symbols in `body`."""
    total = sum(weight * ALPHABET.index(symbol) for weight, symbol in zip(_WEIGHTS, body, strict=False))
    return ALPHABET[-total % BASE]


def new_code() -> str:
    """Draw a new code: 31**12 possibilities, about 59 bits."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + check_symbol(body)


def parse_code(typed: str) -> str | None:
    """Read a code as people type it: lower case, spaces, dashes, Arabic-Indic digits. None when it cannot be one."""
    symbols = []
    for character in typed:
        if character in _SEPARATORS:
            continue
        digit = unicodedata.decimal(character, None)
        symbols.append(str(digit) if digit is not None else character.upper())
        if len(symbols) > LENGTH:
            return None
    code = "".join(symbols)
    if len(code) != LENGTH or any(symbol not in ALPHABET for symbol in code):
        return None
    return code if check_symbol(code[:-1]) == code[-1] else None


def display_code(code: str) -> str:
    """Group a code for the eye: XXXX-XXXX-XXXX-X."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))
