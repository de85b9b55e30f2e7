"""Pages in the tree."""

from functools import partial
from typing import Any

import wagtail_factories
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
    """A page that is there, without what the act of an editor leaves: log entry and check of the content.

    What reads them creates its page as an editor does, by a view or a service. References: `tests/wagtail_indexes.py`.
    """

    @classmethod
    def _create_instance(cls, model_class: type[Page], parent: Page, facts: dict[str, Any]) -> Page:
        page = model_class(**facts)
        page.draft_title = page.draft_title or page.title
        page.locale_id = page.locale_id or parent.locale_id
        page.save = partial(page.save, clean=False, log_action=None)
        parent.add_child(instance=page)
        del page.save
        return page


def with_references[P: Page](page: P) -> P:
    """The page, and what it shows in Wagtail's index of references."""
    ReferenceIndex.create_or_update_for_object(page)
    return page
