"""PDF objects that ReportLab has no fitting class for.

A stream here ends with an end-of-line before `endstream`, which PDF/A wants (ISO 19005-3, 6.1.7.1) and ReportLab's own
class leaves out.
"""

import zlib
from datetime import datetime
from typing import Protocol

from reportlab.pdfbase import pdfdoc

# A third of a millisecond a certificate less than level 6, for half a percent more bytes. What is made once takes 9.
_DEFLATE_LEVEL = 4


class Digest(Protocol):
    """ReportLab's running hash."""

    def update(self, data: bytes, /) -> None: ...


class Literal(pdfdoc.PDFObject):
    """Bytes written unchanged inside another object."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        return self.data


class Indirect(Literal):
    """Bytes that are an object of their own, named by a reference."""

    __RefOnly__ = 1


def stream(entries: str, data: bytes, *, deflated: bool = False) -> Indirect:
    """A stream object with these dictionary entries; `deflated` data is compressed already."""
    packed = data if deflated else zlib.compress(data, _DEFLATE_LEVEL)
    return raw_stream(f"{entries} /Filter /FlateDecode", packed)


def raw_stream(entries: str, data: bytes) -> Indirect:
    """A stream object whose entries name their own filter, if any."""
    return Indirect(
        f"<< {entries} /Length {len(data)} >>\nstream\n".encode("latin-1") + data + b"\nendstream"
    )


def reference_to(document: pdfdoc.PDFDocument, obj: Indirect, name: str) -> str:
    """Add the object to the document under an internal name; returns its reference, such as `12 0 R`."""
    written: bytes = document.Reference(obj, name).format(document)
    return written.decode()


def text_string(text: str) -> bytes:
    """A text string in UTF-16 (ISO 32000-1, 7.9.2.2)."""
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"


def date_string(moment: datetime) -> bytes:
    """A date (ISO 32000-1, 7.9.4) with the offset the moment carries. Raises ValueError for a moment without one."""
    if moment.tzinfo is None:
        raise ValueError("a date in a document needs its time zone")
    offset = moment.strftime("%z")
    return f"(D:{moment:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}')".encode()


class Information(Indirect):
    """The document information dictionary; its bytes go into the file identifier."""

    def digest(self, signature: Digest) -> None:
        signature.update(self.data)
