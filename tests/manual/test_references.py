"""From each page of the workplace to the page of the manual about it."""

from fnmatch import fnmatchcase

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.enums import RoleName
from manual.chapters import SLUGS
from manual.queries import LANGUAGES
from manual.references import DAYS, REFERENCES, reference_for, reference_for_home
from tests.factories.accounts import CenterFactory, staff_member
from tests.manual.test_pages import anchors_in
from tests.project.authorization.table import addresses


@pytest.fixture
def registrar(client: Client, db: None) -> Client:
    client.force_login(staff_member(RoleName.REGISTRAR, CenterFactory()))
    return client


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("wagtailadmin_home", "day-of-registrar/"),
        ("desk", "front-desk/"),
        ("cohort:index", "lists/"),
        ("find", "home/#find"),
        ("wagtailadmin_account", ""),
    ],
)
def test_a_page_of_the_workplace_leads_to_the_page_about_it(registrar: Client, name: str, target: str):
    page = registrar.get(reverse(name)).text

    assert f'<a class="manual-link" href="{reverse("manual:index")}{target}">' in page


@pytest.mark.parametrize("name", ["cohort:close", "cohort:reopen"])
def test_closing_a_cohort_leads_to_what_closing_does(name: str):
    assert reference_for(name) == ("day-of-center-manager", "cohorts")


def test_home_leads_to_the_day_of_a_role_and_with_several_to_the_page_about_home():
    assert reference_for_home({RoleName.INSTRUCTOR}) == "day-of-instructor"
    assert reference_for_home({RoleName.INSTRUCTOR, RoleName.CENTER_MANAGER}) == "home"
    assert reference_for_home({RoleName.AUDITOR}) == reference_for_home(set()) == "home"


def test_every_page_of_the_manual_is_reached_from_a_page_that_it_is_about():
    names = set(addresses(get_resolver()))
    reached = {reference_for(name) for name in names}

    assert {slug for slug, _anchor in reached if slug} | set(DAYS.values()) == set(SLUGS)
    for slug, anchor in reached:
        assert not anchor or all(anchor in anchors_in(slug, language) for language in LANGUAGES), anchor


def test_every_reference_is_of_an_address():
    names = list(addresses(get_resolver()))
    targets = {name: next(key for key in REFERENCES if fnmatchcase(name, key)) for name in names}

    assert set(REFERENCES) - set(targets.values()) == set()
