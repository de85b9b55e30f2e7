"""Which format a file is in, by its content: names of files are typed by people. Independent of Django."""

import codecs
import re
from enum import StrEnum

from assessment.exchange.item import FaultCode, UnreadableFile
from assessment.exchange.packages import ZIP
from assessment.exchange.table_columns import has_headings
from assessment.exchange.texts import is_html

_HEAD = 65_536
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ELEMENT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_QTI = frozenset({"assessmentItem", "qti-assessment-item", "questestinterop"})


class Format(StrEnum):
    GIFT = "gift"
    MOODLE_XML = "moodle_xml"
    QTI = "qti"
    TABLE = "table"


def format_of(data: bytes) -> Format | None:
    """The format, or None where the content does not say. Raises UnreadableFile for what is none of them."""
    if data.startswith(ZIP):
        # Names of members are plain in a package, whatever it packs.
        return Format.TABLE if b"xl/workbook" in data else Format.QTI
    if data.startswith(_OLE):
        return Format.TABLE
    head = _head_of(data)
    if not head.strip():
        raise UnreadableFile(FaultCode.NO_QUESTIONS)
    if head.lstrip().startswith("<"):
        found = _ELEMENT.search(_COMMENT.sub("", head))
        name = found[1] if found else ""
        if name == "quiz":
            return Format.MOODLE_XML
        if name in _QTI:
            return Format.QTI
        # GIFT may begin with a word in bold; a page is no list of questions.
        if name.lower() in {"html", "svg"} or not is_html(name.lower()):
            raise UnreadableFile(FaultCode.FORM, line=1, detail=name[:40])
    if has_headings(next(line for line in head.splitlines() if line.strip())):
        return Format.TABLE
    return Format.GIFT if "{" in head else None


def _head_of(data: bytes) -> str:
    """The beginning, as far as it is text. Raises UnreadableFile."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data[:_HEAD].decode("utf-16", errors="ignore")
    if b"\0" in data[:_HEAD]:
        raise UnreadableFile(FaultCode.NOT_TEXT)
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(data[:_HEAD])
    except UnicodeDecodeError:
        return data[:_HEAD].decode("cp1256")
