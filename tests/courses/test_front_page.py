"""A new installation opens with its front page, and an editor's choice stays."""

from django.test import Client
from wagtail.models import Page, Site

from courses.models import CatalogPage
from courses.services.front_page import open_front_page
from tests.factories.courses import CatalogPageFactory
from tests.factories.pages import root_page


def welcomed_by_wagtail() -> Site:
    Site.objects.all().delete()
    welcome = root_page().add_child(instance=Page(title="Welcome to your new Wagtail site!", slug="welcome"))
    return Site.objects.create(hostname="localhost", root_page=welcome, is_default_site=True)


def test_a_new_site_has_its_front_page_and_its_catalog_in_both_languages(client: Client, db: None):
    welcomed_by_wagtail()

    open_front_page()

    assert "تعلَّم مهنة" in client.get("/ar/").content.decode()
    assert "Learn a trade" in client.get("/en/").content.decode()
    assert "البرامج المهنية" in client.get("/ar/programs/").content.decode()
    assert "Vocational programs" in client.get("/en/programs/").content.decode()
    assert not Page.objects.filter(slug="welcome").exists()


def test_opening_it_again_changes_nothing(db: None):
    welcomed_by_wagtail()
    open_front_page()
    before = list(Page.objects.order_by("pk").values_list("pk", "latest_revision"))

    open_front_page()

    assert list(Page.objects.order_by("pk").values_list("pk", "latest_revision")) == before


def test_a_root_that_an_editor_chose_stays(db: None):
    site = welcomed_by_wagtail()
    chosen = CatalogPageFactory(title="اختارها محرر", slug="chosen")
    site.root_page = chosen
    site.save()

    open_front_page()

    site.refresh_from_db()
    assert site.root_page_id == chosen.pk
    assert CatalogPage.objects.filter(locale__language_code="ar").count() == 1
