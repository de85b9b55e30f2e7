"""The pages of our apps and the lists of the staff workplace, for the walks over all of them. `tests/project/authorization` tests who may
open which page.

An app takes part by registering builders in `tests/factories/<app>.py` (see `tests.factories.rows`).
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

from tests.factories import rows

OURS = (
    "accounts.",
    "assessment.",
    "certificates.",
    "courses.",
    "insights.",
    "manual.",
    "live.",
    "lms.",
    "media_pipeline.",
)

rows.load()


class Page(NamedTuple):
    name: str
    arguments: tuple[str, ...]
    callback: Any

    @property
    def viewset(self) -> Any:
        return getattr(getattr(self.callback, "view_class", None), "viewset", None)

    @property
    def is_ours(self) -> bool:
        owner = getattr(self.callback, "view_class", self.callback)
        return self.viewset is not None or owner.__module__.startswith(OURS)


def pages(resolver: URLResolver, prefix: str = "", arguments: tuple[str, ...] = ()) -> Iterator[Page]:
    """Every named URL of the site with the names of its arguments."""
    for pattern in resolver.url_patterns:
        taken = (*arguments, *pattern.pattern.converters, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLPattern):
            yield Page(f"{prefix}{pattern.name}", tuple(dict.fromkeys(taken)), pattern.callback)
        else:
            yield from pages(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix, taken)


PAGES = [page for page in pages(get_resolver()) if page.is_ours]
OF_ONE_ROW = [page for page in PAGES if page.arguments]
LISTS = [page for page in PAGES if page.viewset and page.name.endswith(":index")]


def by_name(page: Page) -> str:
    return page.name


def test_the_walk_meets_the_pages_it_is_made_for():
    met = {page.name for page in OF_ONE_ROW}

    assert {"person:edit", "person:history", "membership:edit", "center:inspect", "user:edit"} <= met
