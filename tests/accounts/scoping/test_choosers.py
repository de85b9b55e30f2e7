"""A chooser offers and gives back only what is inside the fence."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import Center
from tests.factories.accounts import PersonFactory, UserFactory

pytestmark = pytest.mark.urls("tests.accounts.scoping.chooser_urls")


@pytest.mark.parametrize("page", ["choose", "choose_results"])
def test_it_lists_people_inside_the_fence_only(
    manager_client: Client, center: Center, other_center: Center, page: str
):
    PersonFactory(full_name_ar="داخل", registered_at=center)
    PersonFactory(full_name_ar="خارج", registered_at=other_center)

    answer = manager_client.get(reverse(f"people_chooser:{page}"))

    listed = answer.json()["html"] if page == "choose" else answer.content.decode()
    assert "داخل" in listed
    assert "خارج" not in listed


def test_it_returns_no_person_outside_the_fence(manager_client: Client, center: Center, other_center: Center):
    inside, outside = PersonFactory(registered_at=center), PersonFactory(registered_at=other_center)

    assert manager_client.get(reverse("people_chooser:chosen", args=[inside.pk])).status_code == 200
    assert manager_client.get(reverse("people_chooser:chosen", args=[outside.pk])).status_code == 404
    several = manager_client.get(reverse("people_chooser:chosen_multiple"), {"id": [inside.pk, outside.pk]})
    assert [row["id"] for row in several.json()["result"]] == [str(inside.pk)]


def test_it_is_404_for_users_who_may_see_no_person(client: Client, db: None):
    client.force_login(UserFactory())

    assert client.get(reverse("people_chooser:choose")).status_code == 404


def test_it_creates_nothing(db: None):
    with pytest.raises(NoReverseMatch):
        reverse("people_chooser:create")
