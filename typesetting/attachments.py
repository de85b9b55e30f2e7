"""Embedded files.

Source: ISO 32000-1, 7.11.4 (embedded file streams); ISO 19005-3, 6.8 and annex E (associated files of PDF/A-3).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reportlab.pdfbase import pdfdoc

from .objects import Indirect, date_string, reference_to, stream, text_string

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._+-]")


class Relationship(StrEnum):
    """What an attached file is to the document (ISO 19005-3, table E.1)."""

    SOURCE = "Source"
    DATA = "Data"
    ALTERNATIVE = "Alternative"
    SUPPLEMENT = "Supplement"
    UNSPECIFIED = "Unspecified"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to attach. `media_type` is as in RFC 6838, `modified` an aware datetime, `description` for people."""

    name: str
    data: bytes
    media_type: str
    relationship: Relationship
    description: str
    modified: datetime

    def specification(self, document: pdfdoc.PDFDocument) -> str:
        """Write the file; the reference to its specification."""
        date = date_string(self.modified).decode()
        media_type = _NOT_IN_A_NAME.sub(lambda char: f"#{ord(char[0]):02X}", self.media_type)
        parameters = f"<< /Size {len(self.data)} /ModDate {date} >>"
        entries = f"/Type /EmbeddedFile /Subtype /{media_type} /Params {parameters}"
        file = reference_to(document, stream(entries, self.data), f"file.{self.name}")
        name = text_string(self.name).decode()
        specification = (
            f"<< /Type /Filespec /F {name} /UF {name} /Desc {text_string(self.description).decode()} "
            f"/AFRelationship /{self.relationship} /EF << /F {file} /UF {file} >> >>"
        ).encode()
        document.updateSignature(self.data + specification)
        return reference_to(document, Indirect(specification), f"specification.{self.name}")


def name_tree(specifications: Sequence[tuple[str, str]]) -> bytes:
    """The name tree of `(name, reference)` pairs, in the order of their bytes (ISO 32000-1, 7.9.6)."""
    entries = sorted((text_string(name), reference.encode()) for name, reference in specifications)
    return b"<< /EmbeddedFiles << /Names [" + b" ".join(b"%b %b" % entry for entry in entries) + b"] >> >>"
