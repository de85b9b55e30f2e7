"""Requests every list of the staff workplace. `tests/project/authorization` tests who may open which page.

An app takes part by registering builders in `tests/factories/<app>.py` (see `tests.factories.rows`).
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

from tests.factories import rows
from tests.factories.accounts import CenterFactory, holder_of_every_role

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


@pytest.mark.parametrize("page", LISTS, ids=by_name)
def test_a_list_asks_the_database_as_often_for_three_rows_as_for_one(client: Client, db: None, page: Page):
    build = rows.ROWS[page.viewset.model]
    client.force_login(holder_of_every_role(None))

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked, override("ar"):
            assert client.get(reverse(page.name)).status_code == 200
        return len(asked)

    build(CenterFactory())
    questions()  # fills the caches of content types and sites
    with_one = questions()
    build(CenterFactory())
    build(CenterFactory())

    assert questions() == with_one


def test_the_walk_meets_the_pages_it_is_made_for():
    met = {page.name for page in OF_ONE_ROW}

    assert {"person:edit", "person:history", "membership:edit", "center:inspect", "user:edit"} <= met
