"""How wide and high a picture is, from its first bytes. Independent of Django."""

import binascii
import struct
from base64 import b64decode

from assessment.exchange.item import FaultCode, FaultyQuestion

MOST_BYTES = 5_000_000
_MOST_SIDE = 20_000
_PNG, _GIF, _JPEG = b"\x89PNG\r\n\x1a\n", b"GIF8", b"\xff\xd8"


def picture_of_base64(text: str) -> bytes:
    """The bytes of a picture that a file holds as text. Raises FaultyQuestion."""
    if len(text) > MOST_BYTES * 2:
        raise FaultyQuestion(FaultCode.TOO_LARGE, "picture")
    try:
        data = b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise FaultyQuestion(FaultCode.PICTURE) from error
    if len(data) > MOST_BYTES:
        raise FaultyQuestion(FaultCode.TOO_LARGE, "picture")
    return data


def is_picture(data: bytes) -> bool:
    """Whether it is a PNG, GIF or JPEG, as far as its size says."""
    try:
        size_of(data)
    except FaultyQuestion:
        return False
    return True


def is_taken(data: bytes) -> bool:
    """Whether it is of a kind that questions show, as far as its first bytes say."""
    return data.startswith((_PNG, _JPEG)) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG, GIF or JPEG. Raises FaultyQuestion."""
    try:
        width, height = _size_of(data)
    except (struct.error, IndexError) as error:
        raise FaultyQuestion(FaultCode.PICTURE) from error
    if not (0 < width <= _MOST_SIDE and 0 < height <= _MOST_SIDE):
        raise FaultyQuestion(FaultCode.PICTURE, f"{width} x {height}")
    return width, height


def _size_of(data: bytes) -> tuple[int, int]:
    if data.startswith(_PNG):
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data.startswith(_GIF):
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    if not data.startswith(_JPEG):
        raise FaultyQuestion(FaultCode.PICTURE)
    at = 2
    while True:
        mark, length = struct.unpack(">xBH", data[at : at + 4])
        # The start of a frame, in any of its forms, says how large it is.
        if 0xC0 <= mark <= 0xCF and mark not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + max(length, 2)
