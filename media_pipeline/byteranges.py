"""The one kind of Range request players send: a single range of bytes (RFC 9110, 14.1.2)."""

import re


class RangeNotSatisfiable(Exception):
    """The range begins after the end of the file."""


def requested_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of the range in `header`, or None when the whole file is the right answer.

    Several ranges, other units and malformed headers are ignored, as the RFC allows. Raises RangeNotSatisfiable.
    """
    found = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", header.replace(" ", ""), re.ASCII)
    if found is None or found[0] == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        if int(last) == 0:
            raise RangeNotSatisfiable
        return max(0, size - int(last)), size - 1
    if int(first) >= size:
        raise RangeNotSatisfiable
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last or size), size - 1)
