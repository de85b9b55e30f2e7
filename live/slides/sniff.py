"""The kind of a file, by its first bytes and not by its name. A parser of that kind has to open it afterwards."""

from enum import StrEnum

HEAD_BYTES = 1_024


class Kind(StrEnum):
    """File types slides can be made of; the value is the extension of the stored file."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpg"
    WEBP = "webp"


PDF = Kind.PDF
PICTURES = frozenset({Kind.PNG, Kind.JPEG, Kind.WEBP})


def kind_of(head: bytes) -> Kind | None:
    """The kind of a file that begins with `head` (`HEAD_BYTES` of it), None for other kinds."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Kind.WEBP
    # Some writers put a few bytes before the header; readers look for it in the first kilobyte (ISO 32000-2, annex).
    if b"%PDF-" in head[:HEAD_BYTES]:
        return Kind.PDF
    return None
