"""Reads texts that say how they are encoded by their first letter."""

from certificates.jose import NotAuthentic
from certificates.openbadges.multibase import _BASE58


def from_base58btc(text: str) -> bytes:
    """The bytes of a short text (a key, a signature). Raises NotAuthentic."""
    if not text.startswith("z") or len(text) > 200 or not set(text[1:]) <= set(_BASE58):
        raise NotAuthentic("This is not base58btc.")
    number = 0
    for digit in text[1:]:
        number = number * 58 + _BASE58.index(digit)
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
