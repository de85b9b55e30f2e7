"""Codes that people read from paper and type: eight letters and digits of a public id."""

from uuid import UUID

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
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return letters.translate(_READ_AS) == short_code(public_id).replace("-", "")
