"""Pages in the tree."""

from functools import partial
from typing import Any

import wagtail_factories
from wagtail.models import Page, ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update


def root_page() -> Page:
    """The root of the page tree."""
    return Page.get_first_root_node()


class PageFactory(wagtail_factories.PageFactory):
    """A page that is there, without what the act of an editor leaves: log entry, check of the content, references.

    Half of all statements of a test were these. What reads them creates its page as an editor does, by a view or a
    service, or asks for the references.
    """

    @classmethod
    def _create_instance(cls, model_class: type[Page], parent: Page, facts: dict[str, Any]) -> Page:
        page = model_class(**facts)
        page.draft_title = page.draft_title or page.title
        page.locale_id = page.locale_id or parent.locale_id
        page.save = partial(page.save, clean=False, log_action=None)
        with disable_reference_index_auto_update():
            parent.add_child(instance=page)
        del page.save
        return page


def with_references[P: Page](page: P) -> P:
    """The page, and what it shows in Wagtail's index of references."""
    ReferenceIndex.create_or_update_for_object(page)
    return page
