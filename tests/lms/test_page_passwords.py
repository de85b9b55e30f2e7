"""Guessing the password of a private page is limited; a class that knows it is not."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction

from courses.models import CatalogPage
from tests.factories.courses import (
    CoursePageFactory,
    LessonPageFactory,
    ProgramPageFactory,
    root_page,
)

PASSWORD = "lathe-and-anvil-7"


@pytest.fixture
def private(db: None) -> PageViewRestriction:
    page = root_page().add_child(instance=Page(title="ملحق", slug="annex"))
    return PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.PASSWORD, password=PASSWORD
    )


def enter(private: PageViewRestriction, password: str, address: str = "198.51.100.7") -> int:
    url = reverse("wagtailcore_authenticate_with_password", args=[private.pk, private.page_id])
    return Client().post(url, {"password": password, "return_url": "/ar/"}, REMOTE_ADDR=address).status_code


def test_five_wrong_passwords_from_an_address_are_the_last_ones(private: PageViewRestriction):
    answers = [enter(private, f"guess {number}") for number in range(7)]

    assert answers == [200] * 5 + [429] * 2
    assert enter(private, PASSWORD) == 429


def test_they_lock_no_other_address_and_no_other_page(private: PageViewRestriction):
    other = PageViewRestriction.objects.create(
        page=private.page, restriction_type=PageViewRestriction.PASSWORD, password=PASSWORD
    )
    for number in range(6):
        enter(private, f"guess {number}")

    assert enter(private, PASSWORD, "203.0.113.9") == 302
    assert enter(other, PASSWORD) == 302


def test_a_class_behind_one_address_comes_in_together(private: PageViewRestriction):
    assert {enter(private, PASSWORD) for _ in range(40)} == {302}


@pytest.mark.parametrize("below", ["", "course/", "course/lesson/"])
def test_a_page_of_ours_that_is_private_asks_for_its_password(
    client: Client, catalog: CatalogPage, below: str
):
    program = ProgramPageFactory(parent=catalog, slug="wiring", title="تمديدات سرية")
    course = CoursePageFactory(parent=program, slug="course", title="تمديدات سرية")
    LessonPageFactory(parent=course, slug="lesson", title="تمديدات سرية")
    PageViewRestriction.objects.create(
        page=program, restriction_type=PageViewRestriction.PASSWORD, password=PASSWORD
    )

    page = client.get(f"/ar/wiring/{below}").content.decode()

    assert "تمديدات سرية" not in page
    assert 'type="password"' in page
