"""Keeps the pictures of questions."""

from collections.abc import Iterable
from hashlib import sha1
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple

from wagtail.documents.models import AbstractDocument

from assessment.models import QuestionPicture
from assessment.pictures import png_of, small_picture


class KeptPicture(NamedTuple):
    """What contents of questions say of a picture."""

    source: str
    width: int
    height: int


def keep_pictures(documents: Iterable[AbstractDocument]) -> dict[int, dict[str, Any]]:
    """What contents of questions say of the pictures, by the key of the document. One is written for each file, when it is asked first."""
    sources = {document.pk: (document.get_file_hash(), document) for document in documents}
    if not sources:
        return {}
    wanted = dict(sources.values())
    rows = QuestionPicture.objects.filter(source__in=wanted).defer("data")
    known = {row.source: row for row in rows}
    if missing := wanted.keys() - known.keys():
        # Another start may have written the same at this moment: one of each is kept.
        QuestionPicture.objects.bulk_create(
            [_picture(source, wanted[source]) for source in sorted(missing)], ignore_conflicts=True
        )
        known = {row.source: row for row in rows.all()}
    return {
        pk: {"source": source, "width": known[source].width, "height": known[source].height}
        for pk, (source, _document) in sources.items()
    }


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
