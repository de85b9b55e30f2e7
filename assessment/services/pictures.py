"""Keeps the pictures of questions."""

from collections.abc import Iterable
from hashlib import sha1
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple

from wagtail.documents.models import AbstractDocument

from assessment.models import QuestionPicture
from assessment.pictures import png_of, small_picture
from assessment.recent import Recent

# Of which a process remembers the size.
MOST_KEPT = 5000


class KeptPicture(NamedTuple):
    """What contents of questions say of a picture."""

    source: str
    width: int
    height: int


# Rows that were there before: what this transaction writes may be rolled back.
_kept: Recent[str, KeptPicture] = Recent(MOST_KEPT)


def keep_pictures(documents: Iterable[AbstractDocument]) -> dict[int, dict[str, Any]]:
    """What contents of questions say of the pictures, by the key of the document. One is written for each file, when it is asked first."""
    sources = {document.pk: (document.get_file_hash(), document) for document in documents}
    wanted = dict(sources.values())
    known = _kept.among(wanted)
    if new := wanted.keys() - known.keys():
        rows = QuestionPicture.objects.filter(source__in=new).defer("data")
        found = {row.source: KeptPicture(row.source, row.width, row.height) for row in rows}
        _kept.keep(found)
        if missing := new - found.keys():
            # Another start may have written the same at this moment: one of each is kept.
            QuestionPicture.objects.bulk_create(
                [_picture(source, wanted[source]) for source in sorted(missing)], ignore_conflicts=True
            )
            found = {row.source: KeptPicture(row.source, row.width, row.height) for row in rows.all()}
        known |= found
    return {pk: known[source]._asdict() for pk, (source, _document) in sources.items()}


def keep_picture(file: BinaryIO, *, writes: bool = True) -> KeptPicture:
    """Keep a picture of a file of questions; without `writes`, what would be kept. Raises `NotAPhoto`, `PhotoTooLarge`."""
    data = file.read()
    source = sha1(data, usedforsecurity=False).hexdigest()
    kept = QuestionPicture.objects.filter(source=source).defer("data").first()
    if kept is not None:
        return KeptPicture(source, kept.width, kept.height)
    small = small_picture(BytesIO(data))
    if writes:
        QuestionPicture.objects.bulk_create(
            [QuestionPicture(source=source, data=small.data, width=small.width, height=small.height)],
            ignore_conflicts=True,
        )
    return KeptPicture(source, small.width, small.height)


def known_picture(name: str, data: bytes) -> KeptPicture | None:
    """The picture that was taken out under this name, which is its source, if this is it: knowing its name alone shows it to no one."""
    source = name.removesuffix(".png")
    kept = QuestionPicture.objects.filter(source=source).first()
    if kept is None or png_of(bytes(kept.data)) != data:
        return None
    return KeptPicture(source, kept.width, kept.height)


def _picture(source: str, document: AbstractDocument) -> QuestionPicture:
    with document.file.open() as file:
        small = small_picture(file)
    return QuestionPicture(source=source, data=small.data, width=small.width, height=small.height)
