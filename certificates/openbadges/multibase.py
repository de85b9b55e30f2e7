"""Texts that say how they are encoded by their first letter (Controlled Identifiers 1.0, 2.4)."""

from ..jose import base64url

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58btc(data: bytes) -> str:
    """`z` and the bytes in base 58; each leading zero byte is a `1`."""
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = _BASE58[digit] + digits
    return "z" + "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def multibase64url(data: bytes) -> str:
    """`u` and the bytes in base64url without padding."""
    return "u" + base64url(data)
