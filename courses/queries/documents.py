"""Which documents are published: addresses of documents can be guessed."""

from django.contrib.contenttypes.models import ContentType
from wagtail.documents.models import AbstractDocument
from wagtail.models import Page, ReferenceIndex

from courses.models import PinnedFile


def is_published(document: AbstractDocument) -> bool:
    """Whether a page that is online, or a unit that a cohort is pinned to, shows it. Two queries."""
    if PinnedFile.objects.filter(document=document.pk).exists():
        return True
    pages = ContentType.objects.get_for_model(Page)
    shown = ReferenceIndex.get_references_to(document).filter(base_content_type=pages)
    keys = [int(key) for key in shown.values_list("object_id", flat=True)]
    return Page.objects.live().filter(pk__in=keys).exists()
