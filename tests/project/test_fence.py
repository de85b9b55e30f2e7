"""Walks every page of one row and every list of the staff workplace.

An app takes part by registering builders in `tests/factories/<app>.py` (see `tests.factories.rows`); a page
without one fails here.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

from accounts.models import Center
from tests.factories import rows
from tests.factories.accounts import CenterFactory, holder_of_every_role

OURS = ("accounts.", "assessment.", "certificates.", "courses.", "live.", "lms.", "media_pipeline.")

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
STAFF_PAGES = [page for page in OF_ONE_ROW if page.viewset and page.arguments == ("pk",)]
MINISTRY_PAGES = [page for page in STAFF_PAGES if page.viewset.model.center_path is None]
CENTER_PAGES = [page for page in STAFF_PAGES if page not in MINISTRY_PAGES]
OTHER_PAGES = [page for page in OF_ONE_ROW if page not in STAFF_PAGES and page.name not in rows.PUBLIC]
LISTS = [page for page in PAGES if page.viewset and page.name.endswith(":index")]


def by_name(page: Page) -> str:
    return page.name


@pytest.mark.parametrize("page", CENTER_PAGES, ids=by_name)
def test_a_staff_page_opens_for_the_own_row_and_is_missing_for_a_foreign_one(
    client: Client, center: Center, other_center: Center, page: Page
):
    build = rows.ROWS[page.viewset.model]
    client.force_login(holder_of_every_role(center))

    own = client.get(reverse(page.name, args=[build(center).pk]))
    foreign = client.get(reverse(page.name, args=[build(other_center).pk]))

    assert own.status_code == (200 if hasattr(page.callback.view_class, "get") else 405)
    assert foreign.status_code == 404
    assert client.post(foreign.wsgi_request.path).status_code in {404, 405}


@pytest.mark.parametrize("page", MINISTRY_PAGES, ids=by_name)
def test_a_row_of_the_ministry_opens_for_the_ministry_and_is_missing_for_a_center(
    client: Client, center: Center, page: Page
):
    address = reverse(page.name, args=[rows.ROWS[page.viewset.model](center).pk])
    client.force_login(holder_of_every_role(center))
    for_the_center = client.get(address), client.post(address)
    client.force_login(holder_of_every_role(None))

    for_the_ministry = client.get(address)

    assert for_the_ministry.status_code == (200 if hasattr(page.callback.view_class, "get") else 405)
    assert {answer.status_code for answer in for_the_center} <= {404, 405}
    assert for_the_center[0].status_code == 404


@pytest.mark.parametrize("page", OTHER_PAGES, ids=by_name)
def test_a_page_opens_for_the_own_row_and_is_missing_for_a_foreign_one(
    client: Client, center: Center, other_center: Center, page: Page
):
    own, foreign = rows.VISITS[page.name](center), rows.VISITS[page.name](other_center)
    client.force_login(own.user)
    go = getattr(client, own.method)

    opened = go(reverse(page.name, kwargs=own.kwargs), own.data)
    b"".join(opened)  # read to its end, so that a file it streams is closed
    missing = go(reverse(page.name, kwargs=foreign.kwargs), foreign.data)

    assert opened.status_code == own.status
    assert missing.status_code == 404


@pytest.mark.parametrize("page", STAFF_PAGES, ids=by_name)
def test_a_staff_page_sends_a_visitor_to_the_login(client: Client, center: Center, page: Page):
    row = rows.ROWS[page.viewset.model](center)

    answer = client.get(reverse(page.name, args=[row.pk]))

    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("wagtailadmin_login"))


@pytest.mark.parametrize("page", LISTS, ids=by_name)
def test_a_list_asks_the_database_as_often_for_three_rows_as_for_one(client: Client, db: None, page: Page):
    build = rows.ROWS[page.viewset.model]
    client.force_login(holder_of_every_role(None))

    def questions() -> int:
        with (
            CaptureQueriesContext(
                connection,
            ) as asked,
            override("ar"),
        ):
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
