"""Pages in the tree."""

from typing import Any

import wagtail_factories
from django.db.models import F, Max
from wagtail.models import Page, ReferenceIndex, Site


def root_page() -> Page:
    """The root of the page tree."""
    return Page.get_first_root_node()


def site_of(root: Page, *, hostname: str = "testserver") -> Site:
    """The one site, with these pages. Its row stays, and with it what belongs to a site, such as its visual identity."""
    site, _ = Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": hostname, "root_page": root, "site_name": "Mihna"}
    )
    return site


class PageFactory(wagtail_factories.PageFactory):
    """A page that is there, without what the act of an editor leaves: log entry and check of the content. Nor is its parent locked:
    no one else writes into the tree of a test.

    What reads them creates its page as an editor does, by a view or a service. References: `tests/wagtail_indexes.py`.
    """

    @classmethod
    def _create_instance(cls, model_class: type[Page], parent: Page, facts: dict[str, Any]) -> Page:
        page = model_class(**facts)
        page.draft_title = page.draft_title or page.title
        page.locale_id = page.locale_id or parent.locale_id
        place_last(page, parent)
        page.save(clean=False, log_action=None)
        return page


def place_last(page: Page, parent: Page) -> None:
    """Give a new page its place in the tree: after the other pages below its parent."""
    page.depth = parent.depth + 1
    others = Page.objects.filter(depth=page.depth, path__startswith=parent.path)
    last = others.aggregate(path=Max("path"))["path"]
    number = Page._str2int(last[-Page.steplen :]) + 1 if last else 1
    page.path = Page._get_path(parent.path, page.depth, number)
    Page.objects.filter(pk=parent.pk).update(numchild=F("numchild") + 1)
    parent.numchild += 1
    page._cached_parent_obj = parent


def with_references[P: Page](page: P) -> P:
    """The page, and what it shows in Wagtail's index of references."""
    ReferenceIndex.create_or_update_for_object(page)
    return page
