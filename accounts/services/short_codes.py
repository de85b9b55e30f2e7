"""Codes that people read from paper and type: eight letters and digits of a public id."""

import functools
from uuid import UUID

from accounts.digits import latin_digits

# Crockford's Base32: no I, L, O and U, which look like digits or one another.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("ILO", "110")
LENGTH = 8


def short_code(public_id: UUID) -> str:
    """The first 40 bits, as 7K3M-9Q2X."""
    bits = int.from_bytes(public_id.bytes[:5], "big")
    letters = "".join(_ALPHABET[bits >> shift & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"


def is_short_code_of(typed: str, public_id: UUID) -> bool:
    """Whether `typed` is the code, in small letters, without the stroke or with look-alikes, too."""
    return _letters(typed) == short_code(public_id).replace("-", "")


def ids_with(typed: str) -> tuple[UUID, UUID] | None:
    """The first and the last public id with the code that was typed; None where it is no code."""
    letters = _letters(typed)
    if len(letters) != LENGTH or not set(letters) <= set(_ALPHABET):
        return None
    first = functools.reduce(lambda bits, letter: bits << 5 | _ALPHABET.index(letter), letters, 0) << 88
    return UUID(int=first), UUID(int=first | (1 << 88) - 1)


def _letters(typed: str) -> str:
    letters = "".join(letter for letter in latin_digits(typed).upper() if letter.isalnum())
    return letters.translate(_READ_AS)
