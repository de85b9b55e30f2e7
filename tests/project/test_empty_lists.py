"""Every list of the workplace without rows says why it is empty, and what to do next where its reader may do it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override

from accounts.scoping.empty_lists import REASONS
from accounts.scoping.lists import ListingOfStaff
from tests.factories.accounts import CenterFactory, holder_of_every_role
from tests.project.test_fence import PAGES, Page, by_name

pytestmark = pytest.mark.django_db


def is_list(page: Page) -> bool:
    view_class = getattr(page.callback, "view_class", None)
    return view_class is not None and issubclass(view_class, ListingOfStaff) and not view_class.results_only


LISTS = [
    page for page in PAGES if is_list(page) and not page.arguments and not page.name.endswith("_results")
]


@pytest.mark.walks("every list of a new center")
@pytest.mark.parametrize("page", LISTS, ids=by_name)
def test_an_empty_list_says_why_and_what_to_do(client: Client, page: Page):
    """Lists of a new center are empty, and those of the ministry of which the migrations make no rows."""
    assert page.name in REASONS, f"say why {page.name} may be empty, in accounts/scoping/empty_lists.py"
    readers = [holder_of_every_role(CenterFactory()), holder_of_every_role(None)]
    opened = 0

    for reader in readers:
        client.force_login(reader)
        with override("ar"):
            answer = client.get(reverse(page.name))
            if answer.status_code == 404:
                continue
            opened += 1
            if answer.context["object_list"]:
                continue
            assert escape(str(REASONS[page.name].why)) in answer.text
        empty = answer.context["list_empty"]
        if empty.url:
            assert f'href="{escape(empty.url)}"' in answer.text
            assert client.get(empty.url).status_code < 400
        if adding := answer.context["view"].adding:
            assert empty.url == adding[1]

    assert opened


def test_a_list_that_finds_nothing_offers_to_clear_the_filters(client: Client):
    client.force_login(holder_of_every_role(CenterFactory()))

    answer = client.get(reverse("cohort:index"), {"state": "closed", "q": "nothing"})

    assert answer.context["list_is_asked"]
    assert f'href="{reverse("cohort:index")}?view=0"' in answer.text
