"""Metadata of pages for search engines and link previews."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image
from wagtail.models import Locale, PageViewRestriction

from courses.models import CatalogPage, ProgramPage
from lms.metadata import course_data
from lms.sitemaps import PagesOfTheTree
from tests.factories.accounts import TraineeFactory
from tests.factories.courses import CoursePageFactory, LessonPageFactory, ProgramPageFactory
from tests.factories.pages import root_page, site_of

SITEMAP = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9", "xhtml": "http://www.w3.org/1999/xhtml"}


@pytest.fixture
def catalog(db: None) -> CatalogPage:
    catalog = CatalogPage(title="البرامج", slug="catalog", locale=Locale.get_default())
    root_page().add_child(instance=catalog)
    site_of(catalog)
    return catalog


@pytest.fixture
def program(catalog: CatalogPage) -> ProgramPage:
    page: ProgramPage = ProgramPageFactory(
        parent=catalog, slug="wiring", title="تمديدات", summary="يمد <أسلاكا> & «يصل»"
    )
    return page


@pytest.fixture
def english(catalog: CatalogPage, program: ProgramPage) -> ProgramPage:
    locale, _is_new = Locale.objects.get_or_create(language_code="en")
    above = CatalogPage(
        title="Programs", slug="programs", locale=locale, translation_key=catalog.translation_key
    )
    root_page().add_child(instance=above)
    page: ProgramPage = program.copy_for_translation(locale)
    page.title, page.slug, page.summary = "Wiring", "wiring-en", "Lay and join wires."
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def head(client: Client, address: str) -> BeautifulSoup:
    found = BeautifulSoup(client.get(address).content, "html.parser").head
    assert found is not None
    return found


def said(page: BeautifulSoup, name: str) -> str:
    tag = page.find("meta", {"name": name}) or page.find("meta", {"property": name})
    return str(tag["content"]) if tag else ""  # type: ignore[index]


def languages(page: BeautifulSoup) -> dict[str, str]:
    return {str(link["hreflang"]): str(link["href"]) for link in page.select("link[rel=alternate][hreflang]")}


def test_a_program_names_its_address_in_both_languages(
    client: Client, program: ProgramPage, english: ProgramPage
):
    arabic_address, english_address = (
        settings.SITE_URL + program.get_url(),
        settings.SITE_URL + english.get_url(),
    )

    here, there = head(client, f"{program.get_url()}?from=a-friend"), head(client, english.get_url())

    assert here.find("link", rel="canonical")["href"] == arabic_address
    assert there.find("link", rel="canonical")["href"] == english_address
    assert languages(here) == languages(there)
    assert languages(here) == {"ar": arabic_address, "x-default": arabic_address, "en": english_address}


def test_a_program_is_shared_with_its_title_and_a_picture(client: Client, program: ProgramPage):
    page = head(client, program.get_url())

    assert said(page, "og:title") == program.title
    assert said(page, "description") == said(page, "og:description") == program.summary
    assert said(page, "og:url") == settings.SITE_URL + program.get_url()
    assert said(page, "og:image").startswith(f"{settings.SITE_URL}/static/img/share")
    assert said(page, "twitter:card") == "summary_large_image"


def test_a_program_is_a_course_of_schema_org(client: Client, program: ProgramPage):
    script = head(client, program.get_url()).find("script", type="application/ld+json")

    course = json.loads(script.text)
    assert (course["@type"], course["name"], course["courseCode"]) == ("Course", program.title, program.code)
    assert course["hasCourseInstance"]["courseWorkload"] == f"PT{program.hours}H"


def test_no_text_of_a_program_ends_its_data(program: ProgramPage):
    program.title = "</script><script>alert(1)</script><!--"

    data = course_data(program, "", "")

    assert "<" not in data
    assert json.loads(data)["name"] == program.title


@pytest.mark.parametrize(
    "address", ["/ar/", "/ar/programs/", "/ar/centers/", "/ar/verify/", "/ar/verify/list/"]
)
def test_pages_for_all_describe_themselves(client: Client, catalog: CatalogPage, address: str):
    page = head(client, address)

    assert said(page, "description")
    assert said(page, "robots") == ""
    assert page.find("link", rel="canonical")["href"] == settings.SITE_URL + address


def test_checking_a_certificate_is_offered_in_both_languages(client: Client, catalog: CatalogPage):
    found = languages(head(client, "/en/verify/"))

    assert found == {
        "ar": f"{settings.SITE_URL}/ar/verify/",
        "x-default": f"{settings.SITE_URL}/ar/verify/",
        "en": f"{settings.SITE_URL}/en/verify/",
    }


@pytest.mark.parametrize(
    "address",
    ["/ar/verify/ABCD-EFGH-JKLM/", "/ar/verify/?code=ABCD", "/ar/accounts/login/", "/ar/accounts/signup/"],
)
def test_search_engines_leave_out_answers_and_logins(client: Client, catalog: CatalogPage, address: str):
    page = head(client, address)

    assert said(page, "robots") == "noindex"
    assert page.find("link", rel="canonical") is None
    assert said(page, "og:title") == ""


def test_search_engines_leave_out_ones_own_pages(client: Client, catalog: CatalogPage):
    client.force_login(TraineeFactory())

    assert said(head(client, "/ar/learning/"), "robots") == "noindex"


def test_the_link_preview_of_the_front_page_has_its_first_text(client: Client, catalog: CatalogPage):
    catalog.front_title, catalog.front_text = "تعلّم مهنة", "دروس على هاتفك."
    catalog.save_revision().publish()

    page = head(client, "/ar/?from=a-friend")

    assert (said(page, "og:title"), said(page, "og:description")) == ("تعلّم مهنة", "دروس على هاتفك.")
    assert page.find("link", rel="canonical")["href"] == f"{settings.SITE_URL}/ar/"


@pytest.mark.parametrize("part", ["?q=wiring", "?page=2", "?sector=electricity"])
def test_search_engines_leave_out_parts_of_a_list(client: Client, catalog: CatalogPage, part: str):
    assert said(head(client, f"/ar/programs/{part}"), "robots") == "noindex"


def locations(client: Client, part: str = "pages", page: int = 1) -> dict[str, dict[str, str]]:
    """The addresses of a part of the sitemap, and of each its addresses by language."""
    urls = ElementTree.fromstring(client.get(f"/sitemap-{part}.xml?p={page}").content)
    return {
        url.findtext("map:loc", namespaces=SITEMAP): {
            link.attrib["hreflang"]: link.attrib["href"] for link in url.findall("xhtml:link", SITEMAP)
        }
        for url in urls.findall("map:url", SITEMAP)
    }


def test_the_sitemap_lists_what_is_for_all_in_both_languages(
    client: Client, catalog: CatalogPage, program: ProgramPage, english: ProgramPage
):
    course = CoursePageFactory(parent=program)
    lesson = LessonPageFactory(parent=course)
    draft = ProgramPageFactory(parent=catalog, slug="draft", live=False)
    members = ProgramPageFactory(parent=catalog, slug="members")
    PageViewRestriction.objects.create(page=members, restriction_type=PageViewRestriction.LOGIN)

    found = locations(client)

    left_out = {settings.SITE_URL + page.get_url() for page in (course, lesson, draft, members)}
    assert left_out.isdisjoint(found)
    by_language = {
        "ar": settings.SITE_URL + program.get_url(),
        "en": settings.SITE_URL + english.get_url(),
        "x-default": settings.SITE_URL + program.get_url(),
    }
    assert found[by_language["ar"]] == found[by_language["en"]] == by_language
    assert f"{settings.SITE_URL}/en/verify/" in locations(client, "plain")


def test_a_long_sitemap_comes_in_parts(client: Client, program: ProgramPage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(PagesOfTheTree, "limit", 1)

    index = client.get("/sitemap.xml").text

    assert re.findall(r"<loc>http://testserver/(.*?)</loc>", index) == [
        "sitemap-pages.xml",
        "sitemap-pages.xml?p=2",
        "sitemap-plain.xml",
    ]
    assert len(locations(client)) == len(locations(client, page=2)) == 1
    assert client.get("/sitemap-pages.xml?p=3").status_code == 404


def allowed(rules: str, path: str) -> bool:
    """As RFC 9309 decides: the longest pattern that fits, Allow before Disallow."""
    found = re.findall(r"^(Allow|Disallow): (\S+)$", rules, re.MULTILINE)
    fitting = [
        (len(pattern), kind == "Allow")
        for kind, pattern in found
        if re.match(re.escape(pattern).replace(r"\*", ".*").replace(r"\$", "$"), path)
    ]
    return max(fitting, default=(0, True))[1]


def test_robots_txt_names_what_to_leave_out(client: Client, db: None):
    answer = client.get("/robots.txt")

    assert answer["Content-Type"].startswith("text/plain")
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in answer.text
    closed = (
        "/admin/",
        "/api/v1/x",
        "/ar/accounts/login/",
        "/en/verify/ABCD-EFGH/",
        "/v/ABCD",
        "/ar/learning/",
    )
    assert [path for path in closed if allowed(answer.text, path)] == []
    opened = (
        "/",
        "/ar/",
        "/en/wiring/",
        "/ar/verify/",
        "/en/verify/list/",
        "/static/css/site.css",
        "/sitemap.xml",
    )
    assert [path for path in opened if not allowed(answer.text, path)] == []


def test_the_picture_of_the_site_is_where_browsers_look_for_it(client: Client, db: None):
    answer = client.get("/favicon.ico")

    assert answer.status_code == 302
    assert re.fullmatch(r"/static/img/favicon[.\w]*\.ico", answer["Location"])


@pytest.mark.parametrize(
    "name, size", [("favicon.ico", (48, 48)), ("touch.png", (180, 180)), ("share.png", (1200, 630))]
)
def test_the_pictures_of_the_site_have_the_sizes_asked_for(name: str, size: tuple[int, int]):
    file = Path(finders.find(f"img/{name}"))

    with Image.open(file) as picture:
        assert picture.size == size
    assert file.stat().st_size < 100_000
