"""Wagtail's generic views stay inside the center fence."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Center, Person
from tests.factories.accounts import PersonFactory

ROW_PAGES = ["edit", "inspect", "history", "history_results"]


@pytest.fixture
def here(center: Center) -> Person:
    return PersonFactory(full_name_ar="هنا", registered_at=center)


@pytest.fixture
def elsewhere(other_center: Center) -> Person:
    return PersonFactory(full_name_ar="هناك", registered_at=other_center)


@pytest.mark.parametrize("page", ROW_PAGES)
def test_a_page_of_one_row_opens_inside_the_fence_only(
    manager_client: Client, here: Person, elsewhere: Person, page: str
):
    own = manager_client.get(reverse(f"person:{page}", args=[here.pk]))
    foreign = manager_client.get(reverse(f"person:{page}", args=[elsewhere.pk]))
    missing = manager_client.get(reverse(f"person:{page}", args=[10**9]))

    assert own.status_code == 200
    assert (foreign.status_code, foreign.content) == (404, missing.content)


def test_a_posted_change_to_a_foreign_row_changes_nothing(manager_client: Client, elsewhere: Person):
    answer = manager_client.post(reverse("person:edit", args=[elsewhere.pk]), {"full_name_ar": "آخر"})

    elsewhere.refresh_from_db()
    assert answer.status_code == 404
    assert elsewhere.full_name_ar == "هناك"


@pytest.mark.parametrize("page", ["index", "index_results"])
def test_a_list_holds_rows_inside_the_fence_only(
    manager_client: Client, here: Person, elsewhere: Person, page: str
):
    answer = manager_client.get(reverse(f"person:{page}"))

    assert list(answer.context["object_list"]) == [here]


def test_a_list_exports_rows_inside_the_fence_only(manager_client: Client, here: Person, elsewhere: Person):
    answer = manager_client.get(reverse("person:index"), {"export": "csv"})

    assert b"".join(answer.streaming_content).count(b"\r\n") == 2


def test_a_list_filter_offers_centers_inside_the_fence_only(
    manager_client: Client, center: Center, other_center: Center, elsewhere: Person
):
    answer = manager_client.get(reverse("person:index"), {"registered_at": other_center.pk})

    choices = answer.context["filters"].form.fields["registered_at"].queryset
    assert list(choices) == [center]
    assert elsewhere not in answer.context["object_list"]


def test_a_form_offers_centers_inside_the_fence_and_preselects_the_only_one(
    manager_client: Client, center: Center, other_center: Center
):
    answer = manager_client.get(reverse("person:add"))

    field = answer.context["form"].fields["registered_at"]
    assert list(field.queryset) == [center]
