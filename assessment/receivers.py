"""Receivers: a page of a quiz that is published or taken offline may no longer ask what was corrected."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished

from assessment.models import QuizPage
from assessment.services.keys_on_pages import find_keys_on_pages


@receiver(page_published, sender=QuizPage, dispatch_uid="assessment.keys_published")
@receiver(page_unpublished, sender=QuizPage, dispatch_uid="assessment.keys_unpublished")
def quiz_changed(instance: QuizPage, **_kwargs: Any) -> None:
    find_keys_on_pages(instance.translation_key)
