"""Writes Matroska files byte by byte (RFC 9559): attacks that no muxer would write."""

import io
import struct

from PIL import Image


def picture(width: int, height: int) -> bytes:
    """A gray JPEG."""
    target = io.BytesIO()
    Image.new("L", (width, height)).save(target, "JPEG")
    return target.getvalue()


def matroska(tracks: list[bytes], clusters: list[bytes]) -> bytes:
    head = _number("4286", 1) + _number("42F7", 1) + _number("42F2", 4) + _number("42F3", 8)
    head += _element("4282", b"matroska") + _number("4287", 4) + _number("4285", 2)
    info = _number("2AD7B1", 1_000_000) + _element("4D80", b"x") + _element("5741", b"x")
    segment = _element("1549A966", info) + _element("1654AE6B", b"".join(tracks)) + b"".join(clusters)
    return _element("1A45DFA3", head) + _element("18538067", segment)


def jpeg_track(number: int = 1, *, width: int = 64, height: int = 48) -> bytes:
    size = _number("B0", width) + _number("BA", height)
    entry = _number("D7", number) + _number("73C5", number) + _number("83", 1)
    return _element("AE", entry + _element("86", b"V_MJPEG") + _element("E0", size))


def cluster(start_seconds: int, pictures: list[bytes]) -> bytes:
    """Pictures of track 1, one every 40 ms."""
    blocks = [
        _element("A3", b"\x81" + struct.pack(">h", number * 40) + b"\x80" + data)
        for number, data in enumerate(pictures)
    ]
    return _element("1F43B675", _number("E7", start_seconds * 1000) + b"".join(blocks))


def _element(name: str, body: bytes) -> bytes:
    return bytes.fromhex(name) + (len(body) | 1 << 56).to_bytes(8) + body


def _number(name: str, value: int) -> bytes:
    return _element(name, value.to_bytes(4))
