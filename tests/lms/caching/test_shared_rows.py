"""The site, its identity and its front pages are cached while they are current, and pages are found as Wagtail finds them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings
from wagtail.models import Locale, PageViewRestriction, Site

from accounts.models import VisualIdentity
from courses.models import CatalogPage, ProgramPage
from tests.factories.courses import CatalogPageFactory, ProgramPageFactory
from tests.lms.conftest import Commit

pytestmark = pytest.mark.usefixtures("remembering")


def about(*tables: str, asked: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in asked if any(f'FROM "{table}"' in query["sql"] for table in tables)]


def test_the_second_reader_costs_no_question_about_the_site(client: Client, program: ProgramPage):
    client.get(program.url)

    with CaptureQueriesContext(connection) as asked:
        client.get(program.url)

    assert about("wagtailcore_site", "accounts_visualidentity", "courses_catalogpage", asked=asked) == []


@pytest.mark.parametrize(
    "path", ["", "wiring/", "wiring", "/wiring//", "nothing/", "wiring/nothing/", "Wiring/"]
)
def test_a_page_is_found_where_wagtail_finds_it(
    client: Client, program: ProgramPage, settings: Settings, path: str
):
    remembered = client.get(f"/ar/{path}")
    settings.SHARED_ROWS_SECONDS = 0
    found = client.get(f"/ar/{path}")

    assert (remembered.status_code, remembered.content) == (found.status_code, found.content)


def test_a_draft_is_not_found(client: Client, program: ProgramPage, commit: Commit):
    client.get(program.url)

    with commit():
        program.unpublish()

    assert client.get(program.url).status_code == 404


def test_a_page_of_the_other_language_is_found_below_its_own_front_page(client: Client, program: ProgramPage):
    english = Locale.objects.get_or_create(language_code="en")[0]
    front = program.get_parent().specific.copy_for_translation(english, copy_parents=True)
    translated = program.copy_for_translation(english)
    for page in (front, translated):
        page.title = "Wiring"
        page.save_revision().publish()

    answer = client.get(translated.get_url())

    assert (answer.status_code, answer.context["page"].pk) == (200, translated.pk)
    assert client.get(program.url).context["page"].pk == program.pk


def test_no_reader_asks_for_restrictions_while_no_page_is_restricted(client: Client, program: ProgramPage):
    client.get(program.url)

    with CaptureQueriesContext(connection) as asked:
        client.get(program.url)

    assert about("wagtailcore_pageviewrestriction", asked=asked) == []


@pytest.mark.parametrize("place", ["the page", "the page above"])
def test_a_restricted_page_is_closed_to_the_next_reader(
    client: Client, program: ProgramPage, commit: Commit, place: str
):
    assert client.get(program.url).status_code == 200

    with commit():
        page = program if place == "the page" else program.get_parent()
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    assert client.get(program.url).status_code == 302


def test_a_new_name_of_the_site_is_read_by_the_next_reader(
    client: Client, program: ProgramPage, commit: Commit
):
    client.get(program.url)

    with commit():
        identity = VisualIdentity.for_site(Site.objects.get())
        identity.name_ar = "حِرفة"
        identity.save()

    assert "حِرفة" in client.get(program.url).content.decode()


def test_a_front_page_that_was_chosen_is_the_front_page_from_then_on(
    client: Client, catalog: CatalogPage, commit: Commit
):
    other = CatalogPageFactory(title="أخرى", slug="other")
    moved = ProgramPageFactory(parent=other, slug="elsewhere")
    client.get("/ar/elsewhere/")

    with commit():
        site = Site.objects.get()
        site.root_page = other
        site.save()

    assert client.get("/ar/elsewhere/").context["page"].pk == moved.pk
