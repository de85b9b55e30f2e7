"""The allowed layout of revisions after the seal, byte by byte: objects, their cross-reference table, a trailer.

Readers of PDFs tolerate other bytes in different ways, and so may show something else than what was compared. A file that
one reader shows as the sealed page and another as a later one hides that page in bytes which not all readers parse: an
object that no table lists, a comment, an end of the file that only some look for (ISO 32000-1, section 7.5).
"""

import re

# The last bytes of the sealed part, and of each revision.
_END = re.compile(rb"startxref[\r\n]+(\d{1,10})[\r\n]+%%EOF[\r\n]*")
_OBJECT = re.compile(rb"(\d{1,10}) (\d{1,5}) obj[\r\n ]")
_ENTRY = rb"\d{10} \d{5} [nf](?: \r| \n|\r\n)"
_SUBSECTION = re.compile(rb"(\d{1,10}) (\d{1,5})[\r\n ]+((?:" + _ENTRY + rb")*)")
_TRAILER = re.compile(rb"trailer[\r\n ]*<<([^%#]*?)>>[\r\n ]*(?=startxref)")
_SPACE = re.compile(rb"[\r\n ]*")
_ENTRY_BYTES = 20

type _Objects = list[tuple[int, int, int]]


class StrangeLayout(Exception):
    """The bytes after the seal are not those of plain revisions."""


def require_plain_revisions(pdf: bytes, *, at: int) -> None:
    """Raise StrangeLayout unless all of `pdf` from `at` on consists of revisions as archiving writes them, each over the one before."""
    *_, sealed_end = [None, *_END.finditer(pdf, max(0, at - 64), at)]
    if sealed_end is None:
        raise StrangeLayout("The sealed part does not end as a file does.")
    previous = int(sealed_end[1])
    while at < len(pdf):
        objects, at = _objects(pdf, at)
        section = at
        listed, at = _listed(pdf, at)
        trailer = _TRAILER.match(pdf, at)
        end = _END.match(pdf, trailer.end()) if trailer else None
        if trailer is None or end is None or int(end[1]) != section:
            raise StrangeLayout(f"The revision of {section} does not end as a revision does.")
        if sorted(listed) != sorted(objects):
            raise StrangeLayout(f"The table at {section} lists other objects than there are.")
        if re.findall(rb"/Prev (\d+)", trailer[1]) != [b"%d" % previous] or b"/XRefStm" in trailer[1]:
            raise StrangeLayout(f"The revision of {section} does not follow the one before.")
        previous, at = section, end.end()


def _objects(pdf: bytes, at: int) -> tuple[_Objects, int]:
    """The objects from `at` on, each with number, generation and place, and where the last one ends."""
    objects = []
    while head := _OBJECT.match(pdf, at):
        end = pdf.find(b"endobj", head.end())
        if end < 0:
            raise StrangeLayout(f"The object at {at} has no end.")
        objects.append((int(head[1]), int(head[2]), at))
        at = _after_space(pdf, end + len(b"endobj"))
    return objects, at


def _listed(pdf: bytes, at: int) -> tuple[_Objects, int]:
    """The objects that the table at `at` lists, and where it ends."""
    if not pdf.startswith(b"xref", at):
        raise StrangeLayout(f"At {at} there is neither an object nor a table.")
    at = _after_space(pdf, at + len(b"xref"))
    listed = []
    while found := _SUBSECTION.match(pdf, at):
        first, count, entries = int(found[1]), int(found[2]), found[3]
        if len(entries) != count * _ENTRY_BYTES:
            raise StrangeLayout(f"The table at {at} has another length than it says.")
        for number in range(count):
            entry = entries[number * _ENTRY_BYTES : (number + 1) * _ENTRY_BYTES]
            if entry[17:18] == b"n":
                listed.append((first + number, int(entry[11:16]), int(entry[:10])))
            elif first + number:
                raise StrangeLayout("An archive takes no object away.")
        at = found.end()
    return listed, at


def _after_space(pdf: bytes, at: int) -> int:
    space = _SPACE.match(pdf, at)
    return space.end() if space else at
