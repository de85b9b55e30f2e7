"""What the search of the catalog hears: pages that come, go and move, and centers that change."""

from typing import Any

from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from accounts.models import Center
from accounts.signals import center_changed
from courses.services.search_index import mark_above, mark_page, mark_places


@receiver(page_published, dispatch_uid="courses.index_published")
@receiver(page_unpublished, dispatch_uid="courses.index_unpublished")
def page_changed(instance: Page, **_kwargs: Any) -> None:
    mark_page(instance)


@receiver(post_page_move, dispatch_uid="courses.index_moved")
def page_moved(instance: Page, parent_page_before: Page, parent_page_after: Page, **_kwargs: Any) -> None:
    """A program, or part of one that now belongs to another."""
    mark_page(instance)
    if parent_page_before != parent_page_after:
        mark_above(parent_page_before)


@receiver(center_changed, dispatch_uid="courses.index_center")
def places_changed(center: Center, **_kwargs: Any) -> None:
    mark_places(center.pk)
