"""Texts that say how they are encoded by their first letter (Controlled Identifiers 1.0, 2.4)."""

from ..jose import NotAuthentic, base64url, from_base64url

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58btc(data: bytes) -> str:
    """`z` and the bytes in base 58; each leading zero byte is a `1`."""
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = _BASE58[digit] + digits
    return "z" + "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def from_base58btc(text: str) -> bytes:
    """The bytes of a short text (a key, a signature). Raises NotAuthentic."""
    if not text.startswith("z") or len(text) > 200 or not set(text[1:]) <= set(_BASE58):
        raise NotAuthentic("This is not base58btc.")
    number = 0
    for digit in text[1:]:
        number = number * 58 + _BASE58.index(digit)
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def multibase64url(data: bytes) -> str:
    """`u` and the bytes in base64url without padding."""
    return "u" + base64url(data)


def from_multibase64url(text: str) -> bytes:
    """Raises NotAuthentic."""
    if not text.startswith("u"):
        raise NotAuthentic("This is not multibase base64url.")
    return from_base64url(text[1:])
