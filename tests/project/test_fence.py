"""Walks every page of one row and every list of the staff workplace.

An app takes part by registering builders in `tests/factories/<app>.py` (see `tests.factories.rows`); a page
without one fails here.
"""

import itertools
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


def by_viewset(staff_pages: list[Page]) -> list[list[Page]]:
    """A row is dear to build and a page of it cheap to open: one test opens all pages of a row."""
    return [list(group) for _viewset, group in itertools.groupby(staff_pages, lambda page: page.viewset)]


def name_of_viewset(group: list[Page]) -> str:
    return group[0].name.split(":")[0]


def opened(page: Page) -> int:
    """What a page answers to GET where the row is one's own: some only take POST."""
    return 200 if hasattr(page.callback.view_class, "get") else 405


@pytest.mark.parametrize("group", by_viewset(CENTER_PAGES), ids=name_of_viewset)
def test_staff_pages_open_for_the_own_row_and_are_missing_for_a_foreign_one(
    client: Client, center: Center, other_center: Center, group: list[Page]
):
    build = rows.ROWS[group[0].viewset.model]
    own, foreign = build(center), build(other_center)
    client.force_login(holder_of_every_role(center))

    answers = {
        page.name: (
            client.get(reverse(page.name, args=[own.pk])).status_code,
            client.get(reverse(page.name, args=[foreign.pk])).status_code,
            client.post(reverse(page.name, args=[foreign.pk])).status_code,
        )
        for page in group
    }

    assert answers == {page.name: (opened(page), 404, 404) for page in group}


@pytest.mark.parametrize("group", by_viewset(MINISTRY_PAGES), ids=name_of_viewset)
def test_pages_of_a_row_of_the_ministry_open_for_the_ministry_and_are_missing_for_a_center(
    client: Client, center: Center, group: list[Page]
):
    row = rows.ROWS[group[0].viewset.model](center)
    of_the_center, of_the_ministry = holder_of_every_role(center), holder_of_every_role(None)

    client.force_login(of_the_center)
    for_the_center = {
        page.name: (
            client.get(reverse(page.name, args=[row.pk])).status_code,
            client.post(reverse(page.name, args=[row.pk])).status_code,
        )
        for page in group
    }
    client.force_login(of_the_ministry)
    for_the_ministry = {
        page.name: client.get(reverse(page.name, args=[row.pk])).status_code for page in group
    }

    assert for_the_center == {page.name: (404, 404) for page in group}
    assert for_the_ministry == {page.name: opened(page) for page in group}


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
def test_a_staff_page_sends_a_visitor_to_the_login(client: Client, db: None, page: Page):
    # Whether there is such a row is not told either.
    answer = client.get(reverse(page.name, args=[0]))

    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("wagtailadmin_login"))


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
