"""Keeps the pictures of questions."""

from collections.abc import Iterable
from typing import Any

from wagtail.documents.models import AbstractDocument

from assessment.models import QuestionPicture
from assessment.pictures import small_picture


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


def _picture(source: str, document: AbstractDocument) -> QuestionPicture:
    with document.file.open() as file:
        small = small_picture(file)
    return QuestionPicture(source=source, data=small.data, width=small.width, height=small.height)
